using System.Diagnostics;
using System.Globalization;
using Refrag.Cli.Context;

namespace Refrag.Cli.LocalRuns;

/// <summary>
/// Processes that an earlier refrag has left: after <c>kill -9</c> its jobs have a grace in which to end, and what they do must not be done
/// twice at once. They are found by a variable that all processes of a job inherit, as the system shows it. (proc_pid_environ(5)) Where the
/// system shows none, none are found.
/// </summary>
internal sealed class OrphanedProcesses(CliContext context, string name, string value)
{
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(100);

    // Who ends them gives them the grace, and needs a moment for it.
    private static readonly TimeSpan s_patience = LocalEngine.Grace + TimeSpan.FromSeconds(5);
    private readonly string _entry = $"{name}={value}";

    /// <summary>
    /// Returns when none is left: waits for their own end, then ends them. A problem where they do not end, or where a signal comes first.
    /// </summary>
    public async Task<Problem?> EndAsync(CancellationToken cancellationToken)
    {
        if (Find().Count == 0) return null;
        context.Terminal.Note(
            string.Create(CultureInfo.InvariantCulture,
                $"Processes of the earlier run are still ending; waiting for them, {s_patience.TotalSeconds:0} s at most."));
        if (await WaitAsync(cancellationToken)) return null;
        if (!cancellationToken.IsCancellationRequested)
        {
            foreach (int process in Find()) Kill(process);
            if (await WaitAsync(cancellationToken)) return null;
        }
        return new Problem
        {
            Code = "RF5034",
            What = string.Create(
                CultureInfo.InvariantCulture, $"Processes of the earlier run are still there: {string.Join(", ", Find())}"),
            Cure = "End them, then run the command again.",
        };
    }

    private async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        long since = context.Time.GetTimestamp();
        while (Find().Count > 0)
        {
            if (cancellationToken.IsCancellationRequested || context.Time.GetElapsedTime(since) > s_patience) return false;
            await Task.Delay(s_pace, context.Time, CancellationToken.None);
        }
        return true;
    }

    private List<int> Find() => [.. ProcessTable.Ids().Where(process => ProcessTable.Variables(process).Any(IsOurs))];

    // Children of an array have the job's id and a colon, nodes a number sign before theirs.
    private bool IsOurs(string entry) =>
        entry.StartsWith(_entry, StringComparison.Ordinal) && (entry.Length == _entry.Length || entry[_entry.Length] is ':' or '#');

    private static void Kill(int process)
    {
        try
        {
            using var left = Process.GetProcessById(process);
            left.Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has ended meanwhile.
        }
    }
}

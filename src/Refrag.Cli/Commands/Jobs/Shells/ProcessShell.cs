using System.Diagnostics;
using Refrag.Cli.Context;

namespace Refrag.Cli.Commands.Jobs.Shells;

/// <summary>
/// A shell beside a job that is a process: with the job's variables, in its working directory, at this terminal. It is not in the job's
/// process group, which belongs to another session. (setpgid(2))
/// </summary>
/// <param name="context">The process.</param>
/// <param name="process">The job's process.</param>
internal sealed class ProcessShell(CliContext context, JobProcess process)
{
    /// <summary>What is run if no command is named: bash if there is one.</summary>
    public const string Usual = "if command -v bash >/dev/null 2>&1; then exec bash; fi; exec sh";

    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(300);

    // What the terminal is, and not what the job was started at.
    private static readonly string[] s_ofTheTerminal = ["TERM", "COLORTERM", "COLUMNS", "LINES"];

    /// <summary>Runs a command, or a shell; ends it with SIGHUP when the job has ended.</summary>
    /// <param name="command">The command; empty for a shell.</param>
    public async Task<int> RunAsync(IReadOnlyList<string> command)
    {
        using CancellationTokenSource done = new();
        int exit = await AttachedProcess.RunOneAsync(Start(command), EndOfJobAsync(done.Token));
        await done.CancelAsync();
        return exit;
    }

    private ProcessStartInfo Start(IReadOnlyList<string> command)
    {
        IReadOnlyList<string> arguments = command.Count == 0 ? ["-c", Usual] : ["-c", "exec \"$@\"", "sh", .. command];
        var start = new ProcessStartInfo("/bin/sh", arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = Directory.Exists(process.Folder) ? process.Folder : "/",
        };
        start.Environment.Clear();
        foreach ((string name, string value) in process.Variables) start.Environment[name] = value;
        foreach (string name in s_ofTheTerminal)
        {
            if (context.Variable(name) is { } value) start.Environment[name] = value;
            else start.Environment.Remove(name);
        }
        return start;
    }

    // Completes when the job has ended; never after the shell has.
    private async Task EndOfJobAsync(CancellationToken done)
    {
        while (process.IsAlive) await Task.Delay(s_pace, context.Time, done);
    }
}

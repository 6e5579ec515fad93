using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Refrag.Cli.Context;

/// <summary>
/// A child that has this process's input, output and terminal, for as long as it runs. Signals are passed on to it, and this process lives
/// until it has ended.
/// </summary>
internal static partial class AttachedProcess
{
    private const int HangUp = 1;
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(3);

    private static readonly (PosixSignal Signal, int Number)[] s_passedOn = [(PosixSignal.SIGTERM, 15), (PosixSignal.SIGHUP, HangUp),
        (PosixSignal.SIGQUIT, 3), (PosixSignal.SIGINT, 2)];

    /// <summary>Runs it to its end; the exit code is its own, or 128 and the number of the signal that ended it.</summary>
    /// <param name="start">The child; its streams are not redirected.</param>
    /// <param name="over">
    /// When it completes, the child is ended with SIGHUP, as by a terminal that goes away, and soon after with SIGKILL; null for never.
    /// </param>
    public static async Task<int> RunAsync(ProcessStartInfo start, Task? over = null)
    {
        using Process child = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        List<PosixSignalRegistration> registrations = [.. s_passedOn.Select(
            passed => PosixSignalRegistration.Create(passed.Signal, context =>
        {
            context.Cancel = true;
            // A terminal has sent it to the child already, and two of them mean "at once".
            if (passed.Signal != PosixSignal.SIGINT || Console.IsInputRedirected) _ = Kill(child.Id, passed.Number);
        }))];
        try
        {
            Task ended = child.WaitForExitAsync(CancellationToken.None);
            if (over is not null && await Task.WhenAny(ended, over) != ended)
            {
                _ = Kill(child.Id, HangUp);
                Task patience = Task.Delay(s_grace, TimeProvider.System, CancellationToken.None);
                if (await Task.WhenAny(ended, patience) != ended) child.Kill(entireProcessTree: true);
            }
            await ended;
            return child.ExitCode;
        }
        finally
        {
            foreach (PosixSignalRegistration registration in registrations) registration.Dispose();
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}

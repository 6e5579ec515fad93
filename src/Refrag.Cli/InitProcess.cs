using System.Diagnostics;
using System.Runtime.InteropServices;
using Refrag.Cli.Context;

namespace Refrag.Cli;

/// <summary>
/// refrag as the first process of a container. There the .NET runtime collects every child that ends, before anyone can read its exit code;
/// so the work is done in a child of its own, and this process passes signals on and returns the child's exit code.
/// </summary>
internal static partial class InitProcess
{
    private static readonly (PosixSignal Signal, int Number)[] s_passedOn = [(PosixSignal.SIGTERM, 15), (PosixSignal.SIGHUP, 1),
        (PosixSignal.SIGQUIT, 3), (PosixSignal.SIGINT, 2)];

    /// <summary>Whether this process is the first of a container.</summary>
    public static bool IsThis => Environment.ProcessId == 1;

    /// <summary>Runs the same command line in a child, to its end.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        IReadOnlyList<string> own = CurrentExecutable.Command;
        using Process child = Process.Start(new ProcessStartInfo(own[0], [.. own.Skip(1), .. args]) { UseShellExecute = false })
            ?? throw new InvalidOperationException("refrag could not start itself.");
        List<PosixSignalRegistration> registrations = [.. s_passedOn.Select(
            passed => PosixSignalRegistration.Create(passed.Signal, context =>
        {
            context.Cancel = true;
            // A terminal has sent it to the child already, and two of them mean "at once".
            if (passed.Signal != PosixSignal.SIGINT || Console.IsInputRedirected) _ = Kill(child.Id, passed.Number);
        }))];
        try
        {
            await child.WaitForExitAsync(CancellationToken.None);
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

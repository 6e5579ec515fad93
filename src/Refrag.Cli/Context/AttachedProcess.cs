using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Refrag.Cli.Context;

/// <summary>
/// A child that has this process's input, output and terminal, for as long as it runs. Signals are passed on to it, this process lives
/// until it has ended, and its exit code is the result.
/// </summary>
internal sealed partial class AttachedProcess : IDisposable
{
    private const int HangUp = 1;
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(3);

    // SIGUSR1 and SIGUSR2 have other numbers on other systems; .NET takes numbers too.
    private static readonly int[] s_own = OperatingSystem.IsLinux() ? [10, 12] : OperatingSystem.IsMacOS() ? [30, 31] : [];

    private static readonly (PosixSignal Signal, int Number)[] s_passedOn =
    [
        (PosixSignal.SIGTERM, 15), (PosixSignal.SIGHUP, HangUp), (PosixSignal.SIGQUIT, 3), (PosixSignal.SIGINT, 2),
        .. s_own.Select(number => ((PosixSignal)number, number)),
    ];

    private readonly List<PosixSignalRegistration> _registrations;
    private readonly Lock _lock = new();
    private readonly bool _passesOn;
    private readonly Action<int>? _received;
    private Process? _child;
    private int _early;

    /// <summary>Begins to listen to signals, which no longer end this process.</summary>
    /// <param name="passesOn">Whether signals are passed on: false if whoever sends them sends them to the child too.</param>
    /// <param name="received">Gets the number of each signal; null for nothing.</param>
    public AttachedProcess(bool passesOn = true, Action<int>? received = null)
    {
        (_passesOn, _received) = (passesOn, received);
        _registrations = [.. s_passedOn.Select(passed => PosixSignalRegistration.Create(passed.Signal, context =>
        {
            context.Cancel = true;
            Receive(passed.Number);
        }))];
    }

    /// <summary>Runs a child to its end, as <see cref="RunAsync"/> does.</summary>
    public static async Task<int> RunOneAsync(ProcessStartInfo start, Task? over = null)
    {
        using AttachedProcess child = new();
        return await child.RunAsync(start, over);
    }

    /// <summary>Runs it to its end, once; the exit code is its own, or 128 and the number of the signal that ended it.</summary>
    /// <param name="start">The child; its streams are not redirected.</param>
    /// <param name="over">
    /// When it completes, the child is ended with SIGHUP, as by a terminal that goes away, and soon after with SIGKILL; null for never.
    /// </param>
    public async Task<int> RunAsync(ProcessStartInfo start, Task? over = null)
    {
        using Process child = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        lock (_lock)
        {
            _child = child;
            // It came before there was a child that could get it.
            if (_early != 0) Send(_early);
        }
        try
        {
            Task ended = child.WaitForExitAsync(CancellationToken.None);
            if (over is not null && await Task.WhenAny(ended, over) != ended)
            {
                lock (_lock) Send(HangUp);
                Task patience = Task.Delay(s_grace, TimeProvider.System, CancellationToken.None);
                if (await Task.WhenAny(ended, patience) != ended) child.Kill(entireProcessTree: true);
            }
            await ended;
            return child.ExitCode;
        }
        finally
        {
            lock (_lock) _child = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
    }

    private void Receive(int number)
    {
        lock (_lock)
        {
            if (_child is null) _early = number;
            // A terminal has sent it to the child already, and two of them mean "at once". (SIGINT and SIGQUIT)
            else if (_passesOn && (number is not (2 or 3) || Console.IsInputRedirected)) Send(number);
        }
        _received?.Invoke(number);
    }

    // A process that has ended has given its number away.
    private void Send(int number)
    {
        if (_child is { HasExited: false } child) _ = Kill(child.Id, number);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}

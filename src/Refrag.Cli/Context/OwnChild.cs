using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Refrag.Cli.Context;

/// <summary>
/// This very program as a child, with this process's input and output. Signals are passed on to it, and its exit code is the result.
/// </summary>
internal sealed partial class OwnChild : IDisposable
{
    // SIGUSR1 and SIGUSR2 have other numbers on other systems; .NET takes numbers too.
    private static readonly int[] s_own = OperatingSystem.IsLinux() ? [10, 12] : OperatingSystem.IsMacOS() ? [30, 31] : [];

    private static readonly (PosixSignal Signal, int Number)[] s_passedOn =
    [
        (PosixSignal.SIGTERM, 15), (PosixSignal.SIGHUP, 1), (PosixSignal.SIGQUIT, 3), (PosixSignal.SIGINT, 2),
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
    public OwnChild(bool passesOn = true, Action<int>? received = null)
    {
        (_passesOn, _received) = (passesOn, received);
        _registrations = [.. s_passedOn.Select(passed => PosixSignalRegistration.Create(passed.Signal, context =>
        {
            context.Cancel = true;
            Receive(passed.Number);
        }))];
    }

    /// <summary>Runs a command line of this program to its end; once.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="changes">Variables that the child has beside this process's; null removes one.</param>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?>? changes = null)
    {
        IReadOnlyList<string> own = CurrentExecutable.Command;
        ProcessStartInfo start = new(own[0], [.. own.Skip(1), .. arguments]) { UseShellExecute = false };
        foreach ((string name, string? value) in changes ?? new Dictionary<string, string?>(StringComparer.Ordinal))
        {
            if (value is null) start.Environment.Remove(name);
            else start.Environment[name] = value;
        }
        using Process child = Process.Start(start) ?? throw new InvalidOperationException("refrag could not start itself.");
        lock (_lock)
        {
            _child = child;
            // It came before there was a child that could get it.
            if (_early != 0) Send(_early);
        }
        try
        {
            await child.WaitForExitAsync(CancellationToken.None);
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
            // A terminal has sent it to the child already, and two of them mean "at once".
            else if (_passesOn && (number != 2 || Console.IsInputRedirected)) Send(number);
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

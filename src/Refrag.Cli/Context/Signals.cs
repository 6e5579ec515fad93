using System.Runtime.InteropServices;

namespace Refrag.Cli.Context;

/// <summary>
/// The first SIGINT, SIGTERM or SIGHUP asks what is under way to end in order; the second ends refrag at once, as the system would have.
/// </summary>
internal sealed class Signals : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _seen;

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>128 and the signal's number; 130 before any came.</summary>
    public int ExitCode { get; private set; } = ExitCodes.Interrupted;

    /// <summary>
    /// Begins to listen. Until then the system's own handling stands, so that a command without work to end dies at once.
    /// </summary>
    public Signals Listen()
    {
        if (_registrations.Count > 0) return this;
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, context => On(context, ExitCodes.Interrupted)));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => On(context, ExitCodes.Terminated)));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => On(context, ExitCodes.HungUp)));
        return this;
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        _source.Dispose();
    }

    private void On(PosixSignalContext context, int exitCode)
    {
        if (Interlocked.Increment(ref _seen) > 1) return;
        context.Cancel = true;
        ExitCode = exitCode;
        _source.Cancel();
    }
}

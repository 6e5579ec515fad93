using System.Runtime.InteropServices;

namespace Refrag.Apps;

/// <summary>
/// Turns the first SIGTERM or SIGINT into a cancelled token. A second one takes its usual course, so that an app which does not listen can
/// still be ended.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly PosixSignalRegistration[] _registrations;
    private int _exitCode;

    public StopSignals(CancellationToken cancellationToken)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, AppExitCodes.Terminated)),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, AppExitCodes.Interrupted)),
        ];
    }

    public CancellationToken Token => _stop.Token;

    /// <summary>The exit code that reports the signal; that of SIGTERM where the caller cancelled without one.</summary>
    public int ExitCode => Volatile.Read(ref _exitCode) is var code and not 0 ? code : AppExitCodes.Terminated;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        _stop.Dispose();
    }

    private void Stop(PosixSignalContext context, int exitCode)
    {
        if (Interlocked.CompareExchange(ref _exitCode, exitCode, 0) != 0) return;
        context.Cancel = true;
        _stop.Cancel();
    }
}

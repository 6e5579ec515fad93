namespace Refrag.Engine.Runners;

/// <summary>Runs attempts somewhere: as a process, in a container, or only on paper.</summary>
internal interface IRunner : IAsyncDisposable
{
    /// <summary>
    /// Starts one attempt. What keeps it from starting (no such program, no such directory) is not an exception: it is an attempt
    /// that has ended already, with the exit code and the reason that say so.
    /// </summary>
    Task<IRunningAttempt> StartAsync(AttemptStart start, IOutputSink output, CancellationToken cancellationToken);
}

/// <summary>An attempt that was started.</summary>
internal interface IRunningAttempt
{
    /// <summary>Ends when the attempt has ended and its output is complete. Never faults.</summary>
    Task<AttemptExit> Exit { get; }

    /// <summary>Sends a signal to everything that the attempt started. Does nothing once the attempt has ended.</summary>
    void Signal(StopSignal signal);
}

/// <summary>How an attempt is asked to stop.</summary>
internal enum StopSignal
{
    /// <summary>SIGTERM: finish what must be finished, and end.</summary>
    Terminate,

    /// <summary>SIGKILL: end now.</summary>
    Kill,
}

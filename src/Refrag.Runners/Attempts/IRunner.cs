using Refrag.Aws.Batch;

namespace Refrag.Runners.Attempts;

/// <summary>Runs attempts somewhere: as a process, in a container, or only in simulation.</summary>
internal interface IRunner : IAsyncDisposable
{
    /// <summary>What it is and what it can do.</summary>
    RunnerReport Report { get; }

    /// <summary>
    /// Starts one attempt. What keeps it from starting (no such program, no such directory, no such image) is not an exception: it is an
    /// attempt that has ended already, with the exit code and the reason that say so.
    /// </summary>
    Task<IRunningAttempt> StartAsync(AttemptStart start, IOutputSink output, CancellationToken cancellationToken);

    /// <summary>
    /// Takes over an attempt that an earlier engine started or was about to start. After an answer other than
    /// <see cref="AdoptionState.Found"/> the attempt does not run and never will, unless it is started again; so nothing runs twice.
    /// </summary>
    /// <param name="identity">What <see cref="AttemptStart.Identity"/> was.</param>
    /// <param name="output">Takes the output from where it was last taken (<see cref="IOutputSink.ResumeAt"/>).</param>
    /// <param name="cancellationToken">Gives up looking.</param>
    Task<Adoption> AdoptAsync(AttemptIdentity identity, IOutputSink output, CancellationToken cancellationToken);

    /// <summary>
    /// Forgets an attempt that has ended: call it after its end is safely written down, for afterwards it cannot be adopted. Does nothing
    /// if there is none.
    /// </summary>
    Task ForgetAsync(AttemptIdentity identity, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Removes what the containers of one task shared (<see cref="AttemptStart.Task"/>), once all of them are forgotten. Does nothing where
    /// there is nothing.
    /// </summary>
    Task ForgetTaskAsync(AttemptIdentity task, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What of a container's description it does not apply, in words; empty if it applies all or refuses what it cannot.</summary>
    IEnumerable<string> NotApplied(ContainerProperties container) => [];

    /// <summary>
    /// Ends and forgets every attempt of an earlier engine that is not among <paramref name="known"/>: call it once, after the adoptions,
    /// before the first start.
    /// </summary>
    Task SweepAsync(IReadOnlySet<AttemptIdentity> known, CancellationToken cancellationToken) => Task.CompletedTask;
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

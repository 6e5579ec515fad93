namespace Refrag.Engine.Loop;

/// <summary>The states of an engine.</summary>
public enum EngineStatus
{
    /// <summary>The stored state is being restored; requests wait.</summary>
    Starting,

    /// <summary>Requests are answered.</summary>
    Ready,

    /// <summary>The disk of the state is full: requests are rejected until there is room, running jobs continue.</summary>
    DiskFull,

    /// <summary>The engine is being stopped.</summary>
    Stopping,

    /// <summary>The state could not be written, and the engine has ended.</summary>
    CommitFailed,

    /// <summary>An internal error has ended the engine.</summary>
    Failed,
}

/// <summary>How an engine is.</summary>
/// <param name="Status">Its state.</param>
/// <param name="Reason">Why it does not answer; null if it does, or is starting or stopping.</param>
public sealed record EngineHealth(EngineStatus Status, string? Reason = null);

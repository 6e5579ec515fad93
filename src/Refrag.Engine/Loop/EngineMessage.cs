using Refrag.Aws.Batch;
using Refrag.Engine.Runners;

namespace Refrag.Engine.Loop;

/// <summary>What reaches the writer loop: everything that changes the state, one after the other.</summary>
internal abstract record EngineMessage;

/// <summary>An operation of the API, and where its answer goes.</summary>
internal sealed record Call(object Request, TaskCompletionSource<object> Answer) : EngineMessage;

/// <summary>Somebody wants to know of a job's changes; the answer is whether there is such a job.</summary>
internal sealed record Watch(string JobId, Action<JobDetail> Changed, TaskCompletionSource<bool> Answer) : EngineMessage;

/// <summary>Nobody wants to know any more.</summary>
internal sealed record Unwatch(string JobId, Action<JobDetail> Changed) : EngineMessage;

/// <summary>The machine's GPUs are known now.</summary>
internal sealed record GpusFound(IReadOnlyList<string> Ids) : EngineMessage;

/// <summary>A node's program runs.</summary>
internal sealed record NodeStarted(string JobId, int Attempt, int Node, IRunningAttempt Running) : EngineMessage;

/// <summary>A node's program has ended, or could not be started.</summary>
internal sealed record NodeEnded(string JobId, int Attempt, int Node, AttemptExit Exit) : EngineMessage;

/// <summary>An attempt has taken all the time that it may take.</summary>
internal sealed record TimedOut(string JobId, int Attempt) : EngineMessage;

/// <summary>An attempt that was asked to stop has not; it is killed now.</summary>
internal sealed record KillDue(string JobId, int Attempt) : EngineMessage;

/// <summary>Everything ends; the answer comes when nothing runs any more.</summary>
internal sealed record StopAll(TimeSpan Grace, TaskCompletionSource Stopped) : EngineMessage;

using System.Threading.Channels;
using Refrag.Aws.Batch;
using Refrag.Engine.Placement.Fleets;
using Refrag.Engine.Store;
using Refrag.Runners.Attempts;
using Refrag.Scheduling.Explaining;
using Refrag.Scheduling.Simulation;

namespace Refrag.Engine.Attempts;

/// <summary>What reaches the writer loop: everything that changes the state, one after the other.</summary>
internal abstract record EngineMessage;

/// <summary>A message about one job, which alone fails where the message cannot be handled.</summary>
internal abstract record JobMessage(string JobId) : EngineMessage;

/// <summary>A caller watches a job's changes; the answer is whether there is such a job, true or false.</summary>
internal sealed record Watch(string JobId, ChannelWriter<JobDetail> Changes, Reply<bool> Reply) : EngineMessage;

/// <summary>The caller no longer watches.</summary>
internal sealed record Unwatch(string JobId, ChannelWriter<JobDetail> Changes) : EngineMessage;

/// <summary>The machine's GPUs are known now.</summary>
internal sealed record GpusFound(IReadOnlyList<string> Ids) : EngineMessage;

/// <summary>How far a node's start is: its image is being fetched, say.</summary>
internal sealed record NodeStarting(string JobId, int Attempt, string Words) : JobMessage(JobId);

/// <summary>A node's program runs; of a task of several containers, the one of that number.</summary>
internal sealed record NodeStarted(string JobId, int Attempt, int Node, IRunningAttempt Running, int Container = 0) : JobMessage(JobId);

/// <summary>A node's program has ended, could not be started, or is lost: it ended while no engine watched, and how is not known.</summary>
internal sealed record NodeEnded(
    string JobId, int Attempt, int Node, AttemptExit Exit, bool IsLost = false, int Container = 0) : JobMessage(JobId);

/// <summary>A task of several containers is to be checked: the wait of one of its containers is over.</summary>
internal sealed record TaskDue(string JobId, int Attempt, int Node) : JobMessage(JobId);

/// <summary>An attempt has taken all the time that it may take.</summary>
internal sealed record TimedOut(string JobId, int Attempt) : JobMessage(JobId);

/// <summary>An attempt that was asked to stop has not; it is killed now.</summary>
internal sealed record KillDue(string JobId, int Attempt) : JobMessage(JobId);

/// <summary>Everything ends; the answer comes when nothing runs any more.</summary>
internal sealed record StopAll(TimeSpan Grace, TaskCompletionSource Stopped) : EngineMessage;

/// <summary>The engine goes and leaves the jobs to the next one; the answer comes when nothing runs that would not outlive it.</summary>
internal sealed record Detach(TimeSpan Grace, bool RunsOn, TaskCompletionSource Left) : EngineMessage;

/// <summary>These submissions have ended and are on disk; memory can forget them.</summary>
internal sealed record Evict(IReadOnlyList<string> JobIds) : EngineMessage;

/// <summary>A resource continues from CREATING, UPDATING or DELETING.</summary>
internal sealed record Continue(Action Step) : EngineMessage;

/// <summary>Ended jobs that are older than the retention are forgotten now.</summary>
internal sealed record RetentionDue : EngineMessage;

/// <summary>The files of log streams are to be removed.</summary>
internal sealed record LogsForgotten : EngineMessage;

/// <summary>There is no room to write the state, or there is again.</summary>
internal sealed record DiskSpaceChanged(Exception? Fault) : EngineMessage;

/// <summary>The state could not be written; the engine ends.</summary>
internal sealed record CommitFailed(Exception Fault) : EngineMessage;

/// <summary>Something goes wrong with the fleets.</summary>
internal sealed record Inject(Injection Injection, Reply<bool> Reply) : EngineMessage;

/// <summary>A caller asks for the metadata of a task that runs; null if none of that key does.</summary>
internal sealed record DescribeTask(string Key, bool IsWhole, Reply<string?> Reply) : EngineMessage;

/// <summary>A caller asks what the fleets' instances have taken.</summary>
internal sealed record DescribeFleetUsage(Reply<IReadOnlyList<FleetUsage>> Reply) : EngineMessage;

/// <summary>A caller asks when a job will start; null if it does not wait for a fleet.</summary>
internal sealed record AskForStart(string JobId, Reply<StartQuestion?> Reply) : EngineMessage;

/// <summary>A caller asks for the fleets' instances.</summary>
internal sealed record DescribeFleets(Reply<IReadOnlyList<SimulatedInstance>> Reply) : EngineMessage;

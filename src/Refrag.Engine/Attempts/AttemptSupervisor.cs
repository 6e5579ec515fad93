using Refrag.Engine.Details;
using Refrag.Engine.Jobs;
using Refrag.Engine.Jobs.Plans;
using Refrag.Engine.Logs;
using Refrag.Engine.Placement;
using Refrag.Engine.State;
using Refrag.Runners.Attempts;

namespace Refrag.Engine.Attempts;

/// <summary>Starts, adopts and stops the attempts of jobs, and keeps those that live. Owned by the writer loop.</summary>
internal sealed class AttemptSupervisor
{
    /// <summary>How long a program has between SIGTERM and SIGKILL. (UG job_timeouts)</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private readonly EngineState _state;
    private readonly Placements _placements;
    private readonly ProgramStarter _starter;
    private readonly Action<EngineMessage> _post;
    private readonly TimeProvider _time;
    private readonly AttemptStarts _starts;
    private readonly Dictionary<string, LiveAttempt> _live = [];

    public AttemptSupervisor(
        EngineState state, Placements placements, ProgramStarter starter, LogStore logs, Action<EngineMessage> post, TimeProvider time)
    {
        (_state, _placements, _starter, _post, _time) = (state, placements, starter, post, time);
        _starts = new AttemptStarts(state, starter, logs, post, jobId => _live.GetValueOrDefault(jobId)?.Stopping ?? default, time);
        Tasks = new TaskSupervisor(state, starter, _starts);
    }

    /// <summary>Runs the tasks of several containers.</summary>
    public TaskSupervisor Tasks { get; }

    /// <summary>Whether nothing runs.</summary>
    public bool IsIdle => _live.Count == 0;

    /// <summary>The live attempt that a message is about; null if it is about one that has ended.</summary>
    public LiveAttempt? Find(string jobId, int number) => _live.GetValueOrDefault(jobId) is { } live && live.Number == number ? live : null;

    /// <summary>The metadata of a container's task, or of the container alone; null if none of that key starts or runs.</summary>
    public string? DescribeTask(string key, bool isWhole) =>
        _live.Keys.Select(id => TaskMetadata.Find(_state.Jobs[id]!, key, isWhole)).FirstOrDefault(document => document is not null);

    /// <summary>
    /// Starts a job's next attempt, all nodes together, once the record is on disk: a program that runs and is not written down could run
    /// twice.
    /// </summary>
    public Job Start(Placed placed)
    {
        Job job = placed.Job.Plan.Packed is null ? placed.Job : placed.Job with { Plan = placed.Job.Plan.Unpack() };
        LiveAttempt live = Live(job);
        Job starting = job with
        {
            State = JobState.Starting,
            StartedAt = null,
            ScheduledAt = job.ScheduledAt ?? _state.Now,
            PlacedAgainAt = job.ScheduledAt is null ? null : _state.Now,
            ComputeEnvironment = placed.ComputeEnvironment,
            StatusReason = live.Note = Joined(placed.Note, NoteOf(job.Plan)),
            Nodes = [.. NodeRuns.Of(job, placed, runsTasks: placed.Fault is null && RunsTasks(job))],
        };
        for (int node = 0; node < starting.Nodes.Count; node++)
        {
            if (starting.Nodes[node].Containers is null) StartNode(starting, node, placed.Fault);
            else starting = Advance(starting, node, live);
        }
        return starting;
    }

    /// <summary>Looks for the attempt of a job that was starting or running when an earlier engine ended.</summary>
    public Job Adopt(Job job)
    {
        // Without a node there is no program whose end would end the attempt.
        if (job.Nodes.Count == 0) throw new InvalidDataException("The stored record of the attempt names no node.");
        LiveAttempt live = Live(job);
        live.Note = StartReason.Is(job.StatusReason) ? NoteOf(job.Plan) : job.StatusReason;
        _placements.Restore(job);
        job = WithTasks(job);
        for (int node = 0; node < job.Nodes.Count; node++)
        {
            if (job.Nodes[node].HasEnded) continue;
            if (job.Nodes[node].Containers is not null) Tasks.Adopt(job, node);
            else _starter.Adopt(
                _starts.Launched(job, node), _starts.Of(job, node), job.Plan.Simulated is not null, job.Nodes[node].StartedAt is not null);
        }
        if (job.StartedAt is { } started && job.Plan.Timeout is { } limit)
            live.LimitTime(limit.Minus(SaturatingTime.Between(started, _state.Now)));
        if (job.Stop is not null) live.Stop(Grace);
        else if (job.Nodes.Any(node => node is { IsLost: true, HasEnded: false })) live.Stop(TimeSpan.Zero);
        for (int node = 0; node < job.Nodes.Count; node++) job = Advance(job, node, live);
        return job;
    }

    /// <summary>Ends what an earlier engine left and no job knows of any more. After the adoptions, before the first start.</summary>
    public void Sweep(IEnumerable<Job> known) =>
        _starter.Sweep(
            known.SelectMany(job => job.Nodes)
                .SelectMany(run => run.Keys.Append(run.TaskId)).Select(key => new AttemptIdentity(key)).ToHashSet());

    /// <summary>Asks a job's attempt to stop, and kills it after the grace.</summary>
    public void Stop(Job job, TimeSpan grace) => _live.GetValueOrDefault(job.Id)?.Stop(grace);

    /// <summary>Asks everything that runs to stop.</summary>
    public void StopAll(TimeSpan grace)
    {
        foreach (LiveAttempt live in _live.Values) live.Stop(grace);
    }

    /// <summary>Lets go of everything that runs, without ending it.</summary>
    public void LetGo()
    {
        foreach (LiveAttempt live in _live.Values) live.Dispose();
        _live.Clear();
    }

    /// <summary>Forgets an attempt whose nodes have all ended, once its end is on disk.</summary>
    public void Close(Job job)
    {
        if (_live.Remove(job.Id, out LiveAttempt? live)) live.Dispose();
        _placements.Release(job);
        bool simulated = job.Plan.Simulated is not null;
        _state.Outgoing.Then(() =>
        {
            foreach (NodeRun run in job.Nodes) _starter.Forget(run, simulated);
        });
    }

    /// <summary>Gives back what a node had that has ended before its job.</summary>
    public void ReleaseNode(Job job, int node) => _placements.ReleaseNode(job, node);

    /// <summary>Kills at once what runs of a job.</summary>
    public void Kill(Job job) => _live.GetValueOrDefault(job.Id)?.KillAll();

    private LiveAttempt Live(Job job) => _live[job.Id] = new LiveAttempt(job.Id, job.AttemptNumber, _post, _time);

    // What there is to say of an attempt wherever it is placed.
    private string? NoteOf(JobPlan plan) =>
        plan.Simulated is { } why ? $"Simulated, because {why}." : Joined(NotMounted(plan), NotApplied(plan));

    private static string? Joined(params string?[] notes)
    {
        string joined = string.Join(' ', notes.OfType<string>());
        return joined.Length > 0 ? joined : null;
    }

    private string? NotApplied(JobPlan plan)
    {
        string[] what = [.. plan.Nodes.SelectMany(node => node.Containers is { Count: > 0 } all ? all.Select(one => one.Plan) : [node])
            .SelectMany(node => _starter.NotApplied(node.Container)).Distinct()];
        return what.Length > 0 ? $"Not applied here: {string.Join(", ", what)}." : null;
    }

    private static string? NotMounted(JobPlan plan) => plan.Nodes.SelectMany(node => node.Container.Volumes ?? [])
        .FirstOrDefault(volume => volume.S3filesVolumeConfiguration is not null) is { } volume
        ? $"Volume {volume.Name} is on S3 Files and is not mounted here."
        : null;

    private bool RunsTasks(Job job) => job.Plan.Simulated is null && _starter.RunsTasks;

    // One that was to be simulated as a whole, by another runner or an earlier version, and had not begun, is run.
    private Job WithTasks(Job job)
    {
        if (!RunsTasks(job)) return job;
        for (int node = 0; node < job.Nodes.Count; node++)
        {
            if (job.Plan.Nodes.ElementAtOrDefault(node) is not { Containers.Count: > 0 }
                || job.Nodes[node] is not { Containers: null, StartedAt: null, HasEnded: false }) continue;
            int index = node;
            job = job with { Nodes = job.Nodes.With(index, run => NodeRuns.WithContainers(job, index, run)) };
        }
        return job;
    }

    // A task that ends before anything of it has started is taken up in the next step, as an end that is reported.
    private Job Advance(Job job, int node, LiveAttempt live)
    {
        if (job.Nodes[node].HasEnded) return job;
        Job next = Tasks.Advance(job, node, live);
        if (next.Nodes[node].HasEnded) _state.Outgoing.Then(() => _post(new TaskDue(job.Id, job.AttemptNumber, node)));
        return next;
    }

    private void StartNode(Job job, int node, string? fault)
    {
        if (fault is not null)
        {
            _state.Outgoing.Then(() => _post(new NodeEnded(job.Id, job.AttemptNumber, node, new AttemptExit(null, fault, Started: false))));
            return;
        }
        LaunchedNode launched = _starts.Launched(job, node);
        AttemptStart start = _starts.Of(job, node);
        _state.Outgoing.Then(() => _starter.Start(launched, start, job.Plan.Simulated is not null));
    }
}

using System.Globalization;
using Refrag.Engine.Jobs;
using Refrag.Engine.Logs;
using Refrag.Engine.Placement;
using Refrag.Engine.Plans;
using Refrag.Engine.Runners;

namespace Refrag.Engine.Loop;

/// <summary>Starts, adopts and stops the attempts of jobs, and keeps those that live. Owned by the writer loop.</summary>
internal sealed class AttemptDesk(EngineState state, Launcher launcher, LogStore logs, Action<EngineMessage> post, TimeProvider time)
{
    /// <summary>How long a program has between SIGTERM and SIGKILL. (UG job_timeouts)</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan BetweenWords = TimeSpan.FromSeconds(1);

    // CloudWatch stream names hold 512 characters; Batch cuts the definition's name.
    private const int LongestNameInStream = 200;
    private readonly Dictionary<string, LiveAttempt> _live = [];

    /// <summary>Whether nothing runs.</summary>
    public bool IsIdle => _live.Count == 0;

    /// <summary>The live attempt that a message is about; null where it is about one that has ended.</summary>
    public LiveAttempt? Find(string jobId, int number) => _live.GetValueOrDefault(jobId) is { } live && live.Number == number ? live : null;

    /// <summary>
    /// Starts a job's next attempt, all nodes together, once the record is on disk: a program that runs and is not written down could run twice.
    /// </summary>
    public Job Start(Placed placed)
    {
        Job job = placed.Job.Plan.Packed is null ? placed.Job : placed.Job with { Plan = placed.Job.Plan.Unpack() };
        _live[job.Id] = new LiveAttempt(job.Id, job.AttemptNumber, post, time);
        Job starting = job with
        {
            State = JobState.Starting,
            StartedAt = null,
            ScheduledAt = job.ScheduledAt ?? state.Now,
            ComputeEnvironment = placed.ComputeEnvironment,
            StatusReason = placed.Note ?? (job.Plan.Simulated is { } why ? $"Simulated, because {why}." : null),
            Nodes = [.. Nodes(job, placed)],
        };
        for (int node = 0; node < starting.Nodes.Count; node++) StartNode(starting, node, placed.Fault);
        return starting;
    }

    /// <summary>Looks for the attempt of a job that was starting or running when an earlier engine ended.</summary>
    public void Adopt(Job job)
    {
        var live = new LiveAttempt(job.Id, job.AttemptNumber, post, time);
        _live[job.Id] = live;
        state.Placement.Restore(job);
        for (int node = 0; node < job.Nodes.Count; node++)
        {
            if (job.Nodes[node].HasEnded) continue;
            int index = node;
            launcher.Adopt(
                new LaunchedNode(job.Id, job.AttemptNumber, node, () => LogOf(job, index)), StartOf(job, node), job.Plan.Simulated is not null, job.Nodes[node].StartedAt is not null);
        }
        if (job.StartedAt is { } started && job.Plan.Timeout is { } limit) live.LimitTime(limit - TimeSpan.FromMilliseconds(state.Now - started));
        if (job.Stop is not null) live.Stop(Grace);
        else if (job.Nodes.Any(node => node is { IsLost: true, HasEnded: false })) live.Stop(TimeSpan.Zero);
    }

    /// <summary>Ends what an earlier engine left and no job knows of any more. After the adoptions, before the first start.</summary>
    public void Sweep(IEnumerable<Job> known) =>
        launcher.Sweep(known.SelectMany(job => job.Nodes).Select(run => new AttemptIdentity(run.TaskId)).ToHashSet());

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

    /// <summary>Forgets an attempt of which every node has ended, once its end is on disk.</summary>
    public void Close(Job job)
    {
        if (_live.Remove(job.Id, out LiveAttempt? live)) live.Dispose();
        state.Placement.Release(job);
        bool simulated = job.Plan.Simulated is not null;
        state.Outgoing.Then(() =>
        {
            foreach (NodeRun run in job.Nodes) launcher.Forget(new AttemptIdentity(run.TaskId), simulated);
        });
    }

    private void StartNode(Job job, int node, string? fault)
    {
        if (fault is not null)
        {
            state.Outgoing.Then(() => post(new NodeEnded(job.Id, job.AttemptNumber, node, new AttemptExit(null, fault, Started: false))));
            return;
        }
        AttemptStart start = StartOf(job, node);
        state.Outgoing.Then(() => launcher.Start(new LaunchedNode(job.Id, job.AttemptNumber, node, () => LogOf(job, node)), start, job.Plan.Simulated is not null));
    }

    private LogStream LogOf(Job job, int node) =>
        logs.Create(job.Nodes[node].LogStream, job.Plan.IsMultiNode ? JobIds.Node(job.Id, node) : job.Id, job.AttemptNumber);

    private AttemptStart StartOf(Job job, int node)
    {
        NodePlan plan = job.Plan.Nodes[node];
        IReadOnlyList<string> gpus = job.Nodes[node].Gpus ?? [];
        bool isProcess = job.Plan.Simulated is null && launcher.RunsProcesses;
        return new AttemptStart
        {
            Command = isProcess ? [.. state.Options.EntryPoint, .. Resolve(plan.Command)] : plan.Command,
            Environment = JobEnvironment.Of(isProcess ? state.Options.Variables : s_none, job, node, gpus),
            WorkingDirectory = state.Options.WorkingDirectory,
            Identity = new AttemptIdentity(job.Nodes[node].TaskId),
            Limits = new AttemptLimits(plan.Demand.VCpus, plan.Demand.Memory),
            Gpus = gpus,
            Container = plan.Container,
            Parameters = job.Plan.Parameters,
            Progress = Progress(job),
        };
    }

    // Container engines tell of every layer many times a second; a status reason is for people.
    private Action<string> Progress(Job job)
    {
        long last = 0;
        return words =>
        {
            long now = time.GetTimestamp();
            if (last != 0 && time.GetElapsedTime(last, now) < BetweenWords) return;
            last = now;
            post(new NodeStarting(job.Id, job.AttemptNumber, words));
        };
    }

    private static readonly IReadOnlyDictionary<string, string> s_none = new Dictionary<string, string>();

    private static IEnumerable<NodeRun> Nodes(Job job, Placed placed)
    {
        IReadOnlyList<string> gpus = placed.Gpus;
        int used = 0;
        for (int node = 0; node < job.Plan.Nodes.Count; node++)
        {
            NodePlan plan = job.Plan.Nodes[node];
            int wanted = Math.Min(plan.Demand.Gpus.Value, gpus.Count - used);
            yield return NewNode(job) with { Gpus = wanted > 0 ? [.. gpus.Skip(used).Take(wanted)] : null, Instance = placed.Instances.ElementAtOrDefault(node) };
            used += wanted;
        }
    }

    private IReadOnlyList<string> Resolve(IReadOnlyList<string> command) =>
        command.Count > 0 && state.Options.Programs.TryGetValue(command[0], out IReadOnlyList<string>? program) ? [.. program, .. command.Skip(1)] : command;

    private static NodeRun NewNode(Job job)
    {
        string task = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
        string name = job.Plan.Service is null ? job.Plan.Definition.JobDefinitionName : job.Plan.Name;
        return new NodeRun { TaskId = task, LogStream = $"{name[..Math.Min(name.Length, LongestNameInStream)]}/default/{task}" };
    }
}

using Refrag.Engine.Jobs;
using Refrag.Engine.Jobs.Plans;
using Refrag.Engine.Jobs.Tasks;
using Refrag.Engine.Logs;
using Refrag.Engine.Names;
using Refrag.Engine.State;
using Refrag.Runners.Attempts;

namespace Refrag.Engine.Attempts;

/// <summary>Says how each program of an attempt is started: its command, environment, limits and log. Owned by the writer loop.</summary>
/// <param name="state">The state.</param>
/// <param name="starter">What starts them.</param>
/// <param name="logs">Where their output goes.</param>
/// <param name="post">Posts the messages about a start.</param>
/// <param name="stopping">From a job's id to what is cancelled when its attempt is stopped.</param>
/// <param name="time">The clock.</param>
internal sealed class AttemptStarts(
    EngineState state, ProgramStarter starter, LogStore logs, Action<EngineMessage> post, Func<string, CancellationToken> stopping,
    TimeProvider time)
{
    private static readonly TimeSpan BetweenWords = TimeSpan.FromSeconds(1);
    private readonly InheritedVariables _inherited = new(state.Options);

    /// <summary>A node of an attempt, as the program starter wants it.</summary>
    public LaunchedNode Launched(Job job, int node) => new(
        job.Id, job.AttemptNumber, node,
        () => Open(Work(job, node), job, node, job.Nodes[node].LogStream, job.Plan.Nodes.ElementAtOrDefault(node)));

    /// <summary>A container of a node's task, as the program starter wants it.</summary>
    public LaunchedNode Launched(Job job, int node, int container) =>
        new(job.Id, job.AttemptNumber, node,
            () => Open(Work(job, node, container), job, node, job.Nodes[node].Containers![container].LogStream,
                TaskContainer.Of(job, node)[container].Plan),
            container);

    /// <summary>How a node is started.</summary>
    public AttemptStart Of(Job job, int node) => Start(
        job, node, job.Plan.Nodes[node], job.Nodes[node].TaskId, Work(job, node), job.Nodes[node].Gpus ?? []);

    /// <summary>How a container of a node's task is started.</summary>
    public AttemptStart Of(Job job, int node, int container)
    {
        NodeRun run = job.Nodes[node];
        IReadOnlyList<TaskContainer> containers = TaskContainer.Of(job, node);
        NodePlan plan = containers[container].Plan;
        // The node's GPUs, in the order of the containers.
        IEnumerable<string> gpus = (run.Gpus ?? [])
            .Skip(containers.Take(container).Sum(one => one.Plan.Demand.Gpus.Value)).Take(plan.Demand.Gpus.Value);
        return Start(job, node, plan, ContainerRun.Key(run.TaskId, container), Work(job, node, container), [.. gpus]) with
        {
            Task = new AttemptIdentity(run.TaskId),
        };
    }

    private AttemptStart Start(Job job, int node, NodePlan plan, string key, string? work, IReadOnlyList<string> gpus)
    {
        bool isProcess = IsProcess(job);
        IReadOnlyList<KeyValuePair> secrets = SecretValues.Of(
            plan.Container.Secrets, state.Options.Secrets, isProcess, out string? missing);
        IReadOnlyDictionary<string, string> environment =
            JobEnvironment.Of(Beneath(job, isProcess, key), job, node, [.. plan.Environment, .. secrets], gpus);
        return new AttemptStart
        {
            Command = isProcess ? [.. state.Options.EntryPoint, .. Resolve(plan.Command)] : plan.Command,
            Environment = isProcess ? GroupSignals.AddTo(environment) : environment,
            WorkingDirectory = work ?? state.Options.WorkingDirectory,
            Identity = new AttemptIdentity(key),
            Limits = new AttemptLimits(plan.Demand.VCpus, plan.Demand.Memory),
            Gpus = gpus,
            Container = plan.Container,
            Obstacle = missing,
            Parameters = job.Plan.Parameters,
            Progress = Progress(job, StartReason.Fetching),
            Delayed = Progress(job, StartReason.Delayed),
            Stopping = stopping(job.Id),
        };
    }

    // A job of this machine's user has that user's region, which may be in a profile.
    private IReadOnlyDictionary<string, string> Beneath(Job job, bool isProcess, string key)
    {
        if (state.Options.PassedVariables is null) return isProcess ? _inherited.OfProcesses : _inherited.OfContainers;
        var variables = new Dictionary<string, string>(TaskVariables.Of(job.Plan, state.Options.MetadataAddress(), key));
        foreach (var (name, value) in isProcess ? _inherited.OfProcesses : _inherited.OfContainers) variables[name] = value;
        return variables;
    }

    private bool IsProcess(Job job) => job.Plan.Simulated is null && starter.RunsProcesses;

    // The folder of its own that a process starts in; null if it has none.
    private string? Work(Job job, int node, int? container = null) =>
        IsProcess(job) ? logs.Work.Of(job.Nodes[node].TaskId, container) : null;

    private LogStream Open(string? work, Job job, int node, string stream, NodePlan? plan)
    {
        if (work is not null) PrivateFiles.CreateFolder(work);
        return Log(job, node, stream, plan);
    }

    private LogStream Log(Job job, int node, string stream, NodePlan? plan) => logs.Create(
        stream, job.Plan.IsMultiNode ? JobIds.Node(job.Id, node) : job.Id, job.AttemptNumber,
        AwslogsOptions.Group(plan?.Container.LogConfiguration));

    // Container engines report every layer many times a second; a status reason is for people.
    private Action<string> Progress(Job job, string what)
    {
        long last = 0;
        return words =>
        {
            long now = time.GetTimestamp();
            if (last != 0 && time.GetElapsedTime(last, now) < BetweenWords) return;
            last = now;
            post(new NodeStarting(job.Id, job.AttemptNumber, what + words));
        };
    }

    private IReadOnlyList<string> Resolve(IReadOnlyList<string> command) =>
        command.Count > 0 && state.Options.Programs.TryGetValue(command[0], out IReadOnlyList<string>? program)
            ? [.. program, .. command.Skip(1)]
            : command;
}

using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Environments;
using Refrag.Scheduling.Fitting;
using Refrag.Scheduling.Queues;

namespace Refrag.Scheduling.Deciding;

/// <summary>
/// All that the scheduler knows: environments, queues, jobs, instances. Report what happens, then ask it to decide. It does no I/O, has no
/// clock and no randomness: the same calls give the same plans. The cost of a decision follows what changed since the last one, not the
/// number of jobs. Not for several threads at a time. A plan counts as carried out once it is returned; report what came differently.
/// </summary>
/// <param name="catalogue">The instance types that environments name.</param>
/// <param name="prices">The prices that allocation strategies go by.</param>
public sealed partial class Cluster(InstanceCatalogue catalogue, PriceTable prices)
{
    private readonly Dictionary<string, EnvironmentState> _environments = new(StringComparer.Ordinal);
    private readonly Dictionary<string, QueueState> _queues = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Job> _jobs = new(StringComparer.Ordinal);
    private readonly Dictionary<Requirement, Shape> _shapes = [];
    private readonly List<LostJob> _lost = [];
    private QueueState[] _order = [];
    private EnvironmentState[] _environmentOrder = [];
    private long _nextSequence;

    /// <summary>The instance types.</summary>
    public InstanceCatalogue Catalogue => catalogue;

    /// <summary>The prices.</summary>
    public PriceTable Prices => prices;

    /// <summary>How many jobs wait, in all queues.</summary>
    public int Waiting => _queues.Values.Sum(queue => queue.Waiting);

    /// <summary>How many jobs are known: waiting, placed, or lost with their host and not yet retried or ended.</summary>
    public int Jobs => _jobs.Count;

    internal QueueState[] QueueOrder => _order;

    internal EnvironmentState[] EnvironmentOrder => _environmentOrder;

    internal List<LostJob> Lost => _lost;

    internal IReadOnlyDictionary<string, Job> JobsById => _jobs;

    internal Observations Observations { get; private set; } = new();

    /// <summary>
    /// Adds a compute environment or updates the one of its name; instances that run stay. Problems, and then no change, where a type is
    /// not known.
    /// </summary>
    public IReadOnlyList<Problem> SetEnvironment(ComputeEnvironment environment)
    {
        FleetType[] types = [];
        IReadOnlyList<InstanceType> aboveBid = [];
        if (environment.IsFleet)
        {
            if (!catalogue.Resolve(environment.InstanceTypes)
                .TryGet(out IReadOnlyList<InstanceType>? found, out IReadOnlyList<Problem> problems))
                return problems;
            types = FleetTypes.Of(environment, found, catalogue, prices);
            aboveBid = FleetTypes.AboveBid(environment, found, prices);
        }
        if (_environments.TryGetValue(environment.Name, out EnvironmentState? state))
        {
            state.Reconfigure(environment, types, aboveBid);
            return [];
        }
        _environments.Add(environment.Name, new EnvironmentState(environment, types, aboveBid));
        _environmentOrder = [.. _environments.Values.OrderBy(env => env.Model.Name, StringComparer.Ordinal)];
        return [];
    }

    /// <summary>
    /// Adds a queue or updates the one of its name; its jobs stay. A problem RF4602, and then no change, where an environment is not known.
    /// Throws
    /// <see cref="InvalidOperationException"/> for a change between first in, first out and fair share, which AWS does not allow.
    /// </summary>
    public IReadOnlyList<Problem> SetQueue(JobQueue queue)
    {
        Problem[] problems = [.. queue.Environments
            .Where(name => !_environments.ContainsKey(name)).Select(name => UnknownEnvironment(queue, name))];
        if (problems.Length > 0) return problems;
        if (!_queues.TryGetValue(queue.Name, out QueueState? state)) _queues.Add(queue.Name, state = new QueueState(queue));
        if (state.IsFair != queue.FairShare is not null)
            throw new InvalidOperationException($"{queue.Name} cannot change its kind of order.");
        foreach (EnvironmentState old in state.Environments) old.Queues.Remove(state);
        state.Model = queue;
        state.Environments = [.. queue.Environments.Select(name => _environments[name])];
        foreach (EnvironmentState environment in state.Environments) environment.Queues.Add(state);
        (state.IsDirty, state.ScaleAll) = (true, true);
        Block.Limit(state);
        _order = [.. _queues.Values.OrderByDescending(q => q.Model.Priority).ThenBy(q => q.Model.Name, StringComparer.Ordinal)];
        return [];
    }

    /// <summary>Whether there is such an environment.</summary>
    public bool HasEnvironment(string name) => _environments.ContainsKey(name);

    /// <summary>Whether there is such a queue.</summary>
    public bool HasQueue(string name) => _queues.ContainsKey(name);

    /// <summary>
    /// A job became RUNNABLE. Throws <see cref="ArgumentException"/> where its id is already in the cluster or its queue is not known.
    /// </summary>
    public void AddJob(JobRequest request, DateTimeOffset now)
    {
        Enter(request, now);
        Observations.Arrivals.Add((request, now));
    }

    private void Enter(JobRequest request, DateTimeOffset now)
    {
        if (!_queues.TryGetValue(request.Queue, out QueueState? queue))
            throw new ArgumentException($"There is no queue {request.Queue}.", nameof(request));
        Share share = queue.ShareOf(request.ShareIdentifier, now.ToUnixTimeMilliseconds());
        var job = new Job(request, queue, ShapeOf(request.Requirement), share, _nextSequence++);
        _jobs.Add(request.Id, job);
        queue.Enter(job);
    }

    /// <summary>
    /// An attempt ended, or was lost with its host, and the job is to be tried again: it waits at its old place in the order. Nothing
    /// happens if there is no such job or it waits already.
    /// </summary>
    public void Requeue(string jobId, DateTimeOffset now)
    {
        if (!_jobs.TryGetValue(jobId, out Job? job) || job.Status is SchedulingState.Waiting) return;
        if (job.Status is SchedulingState.Placed) Release(job, now.ToUnixTimeMilliseconds());
        job.Status = SchedulingState.Waiting;
        job.Queue.Enter(job);
    }

    /// <summary>
    /// A job is over: it ended, was canceled or terminated, whatever its state here. Nothing happens if there is no such job.
    /// </summary>
    public void RemoveJob(string jobId, DateTimeOffset now)
    {
        if (!_jobs.Remove(jobId, out Job? job)) return;
        long at = now.ToUnixTimeMilliseconds();
        if (job.Status is SchedulingState.Waiting) job.Queue.Leave(job);
        else if (job.Status is SchedulingState.Placed)
        {
            Release(job, at);
            Observations.Durations.Add(job.Request, at - job.PlacedAt);
        }
        // It ended in the very moment in which its instance went: the loss need not be reported.
        else if (job.Status is SchedulingState.Lost) _lost.RemoveAll(lost => lost.JobId == jobId);
        job.Status = SchedulingState.Gone;
    }

    /// <summary>
    /// Decides what is to be done now. <paramref name="now"/> must never be before that of an earlier call; an empty plan most often costs
    /// next to nothing.
    /// </summary>
    public Plan Decide(DateTimeOffset now, DecideLimits? limits = null) => new Round(this, now, limits ?? s_limits).Run();

    /// <summary>The first jobs of a queue in the order of dispatch. (API GetJobQueueSnapshot shows 100.)</summary>
    public IReadOnlyList<string> Front(string queue, DateTimeOffset now, int count = 100) =>
        [.. DispatchOrder.Of(_queues[queue], now.ToUnixTimeMilliseconds()).Take(count).Select(job => job.Request.Id)];

    /// <summary>
    /// The compute environments in which an instance starts that a waiting job is counted on; none if it waits for anything else.
    /// </summary>
    public IReadOnlyList<string> StartingFor(string jobId)
    {
        if (!_jobs.TryGetValue(jobId, out Job? job) || job.Status is not SchedulingState.Waiting) return [];
        QueueState queue = job.Queue;
        if (job == queue.BlockedHead && (queue.Cause is not null || queue.IsHeldByReservation)) return [];
        return [.. queue.Environments.Where(environment => IsStarting(environment, job)).Select(environment => environment.Model.Name)];
    }

    // Instances for the nodes of a job are promised to none of them.
    private static bool IsStarting(EnvironmentState environment, Job job) => environment.Instances.Values.Any(one =>
        one.State is InstanceState.Starting && (job.Shape.Nodes > 1
            ? one.Type is { } type && EnvironmentState.Fits(type.Type, type.Usable, job.Shape)
            : one.Promises.Exists(promise => promise.Demand == job.Queue.DemandOf(job.Shape))));

    internal QueueState? FindQueue(string name) => _queues.GetValueOrDefault(name);

    internal EnvironmentState? FindEnvironment(string name) => _environments.GetValueOrDefault(name);

    internal void Forget(Job job)
    {
        _jobs.Remove(job.Request.Id);
        job.Queue.Leave(job);
        job.Status = SchedulingState.Gone;
    }

    private static readonly DecideLimits s_limits = new();

    private static Problem UnknownEnvironment(JobQueue queue, string name) => new()
    {
        Code = "RF4602",
        What = $"queue {queue.Name} names the compute environment {name}, which does not exist",
        Cure = "Create the compute environment first, or name another one.",
    };

    private Shape ShapeOf(Requirement requirement)
    {
        if (_shapes.TryGetValue(requirement, out Shape? shape)) return shape;
        shape = new Shape(requirement);
        _shapes.Add(requirement, shape);
        return shape;
    }
}

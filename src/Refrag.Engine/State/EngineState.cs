using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Names;
using Refrag.Engine.Options;
using Refrag.Engine.Resources;
using Refrag.Engine.Store;
using Refrag.Scheduling.Catalogue;

namespace Refrag.Engine.State;

/// <summary>Everything that the engine knows. Only the writer loop touches it.</summary>
internal sealed class EngineState
{
    private long _nextSequence;
    private Job? _lastParent;

    public EngineState(LocalBatchOptions options, IStateStore store, TimeProvider time, Action<Action> later)
    {
        (Options, Store, Time, Later) = (options, store, time, later);
        Outgoing = NewOutgoing();
        Arns = new LocalArns(options.Account, options.Region);
        Definitions = new DefinitionTable(Arns, Changed);
        ComputeEnvironments = new(ResourceKinds.ComputeEnvironment, Arns, one => one.ComputeEnvironmentName, Changed);
        JobQueues = new(ResourceKinds.JobQueue, Arns, one => one.JobQueueName, Changed);
        SchedulingPolicies = new(ResourceKinds.SchedulingPolicy, Arns, one => one.Name, Changed);
        ConsumableResources = new(ResourceKinds.ConsumableResource, Arns, one => one.ConsumableResourceName, Changed);
        ServiceEnvironments = new(ResourceKinds.ServiceEnvironment, Arns, one => one.ServiceEnvironmentName, Changed);
        QuotaShares = new(ResourceKinds.QuotaShare, Arns, one => LocalArn.Parse(one.QuotaShareArn!)!.Value.Name, Changed);
        ClientTokens = new(ResourceKinds.ClientToken, Arns, one => one.Name!, Changed);
    }

    /// <summary>How the engine was set up.</summary>
    public LocalBatchOptions Options { get; }

    /// <summary>The ARNs of the engine.</summary>
    public LocalArns Arns { get; }

    /// <summary>The instance types that are known. Read when it is first needed: an engine without fleets starts without it.</summary>
    public InstanceCatalogue Catalogue => field ??= Options.Fleets?.Catalogue ?? InstanceCatalogue.Load();

    /// <summary>Where the state is kept, and what has ended can be read.</summary>
    public IStateStore Store { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Now, in milliseconds since 1970.</summary>
    public long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>What the current step produces; the loop hands it over after each step.</summary>
    public Outgoing Outgoing { get; private set; }

    /// <summary>The jobs that have not ended.</summary>
    public JobTable Jobs { get; } = new();

    public DefinitionTable Definitions { get; }

    public ResourceTable<ComputeEnvironmentDetail> ComputeEnvironments { get; }

    public ResourceTable<JobQueueDetail> JobQueues { get; }

    public ResourceTable<SchedulingPolicyDetail> SchedulingPolicies { get; }

    public ResourceTable<DescribeConsumableResourceResponse> ConsumableResources { get; }

    public ResourceTable<ServiceEnvironmentDetail> ServiceEnvironments { get; }

    public ResourceTable<DescribeQuotaShareResponse> QuotaShares { get; }

    public ResourceTable<KeyValuePair> ClientTokens { get; }

    /// <summary>Does something in a later step of the writer loop; from any thread.</summary>
    public Action<Action> Later { get; }

    /// <summary>Hears of what changes; null for none.</summary>
    public IStateObserver? Observer { get; set; }

    /// <summary>The ids of the jobs that have a place: that are starting or running.</summary>
    public HashSet<string> Placed { get; } = [];

    /// <summary>Whether no job may be submitted or started any more.</summary>
    public bool IsStopping { get; set; }

    /// <summary>
    /// Whether the engine goes and what still runs is ended for its sake: those attempts are lost, and the jobs' own rules decide.
    /// </summary>
    public bool IsLeaving { get; set; }

    /// <summary>Whether the machine's GPUs are known.</summary>
    public bool KnowsGpus { get; set; }

    /// <summary>Whether something has changed since the last look at who may start.</summary>
    public bool MayPlace { get; set; } = true;

    /// <summary>Takes what the step has produced.</summary>
    public Outgoing TakeOutgoing()
    {
        Outgoing taken = Outgoing;
        Outgoing = NewOutgoing();
        return taken;
    }

    /// <summary>Takes <paramref name="places"/> places in the order of arrival; returns the first of them.</summary>
    public long TakeSequence(int places)
    {
        long first = _nextSequence;
        _nextSequence += places;
        return first;
    }

    /// <summary>Puts a job's record into memory and into the next commit.</summary>
    public void Put(Job job)
    {
        bool isNew = !Jobs.TryGet(job.Id, out Job? before);
        Record(job);
        Outgoing.Changes.Put(job, isNew);
        if (job.State is JobState.Runnable || before?.State is JobState.Runnable) MayPlace = true;
        Observer?.OnJobChanged(job);
    }

    /// <summary>The scheduling policy of a queue; null for a queue in order of arrival.</summary>
    public SchedulingPolicyDetail? PolicyOf(JobQueueDetail queue) => SchedulingPolicies.Find(queue.SchedulingPolicyArn);

    /// <summary>Reports a fault of the engine's own, with its trace.</summary>
    public void Report(string what, Exception fault) => Options.Log($"{what}: {fault}");

    /// <summary>A job, a parent or a child, wherever it is; null if there is none.</summary>
    public Job? Find(string id)
    {
        if (Jobs.TryGet(id, out Job? job)) return job;
        // Of an array that is here all children are, unless it could not be restored: they fail with it, and are no jobs to act on.
        string submission = JobIds.Submission(id);
        return submission != id && Jobs.TryGet(submission, out _) ? null : Store.Find(id);
    }

    /// <summary>The state of a job that others wait for; null if it is not known any more.</summary>
    public JobState? StateOf(string id)
    {
        if (Jobs.TryGet(id, out Job? job)) return job.State;
        string submission = JobIds.Submission(id);
        if (submission == id) return Store.Find(id)?.State;
        // An array that could not be taken up has one record, and fails as a whole.
        if (Jobs.TryGet(submission, out Job? whole)) return whole.State;
        // Ten thousand children may ask for those of one array that has ended.
        if (_lastParent?.Id != submission) _lastParent = Store.Find(submission);
        // The children of an array whose record was damaged are not kept: they failed with it.
        if (_lastParent?.State is JobState.Succeeded) return JobState.Succeeded;
        return Store.Find(id)?.State is { } child && child.IsFinal() ? child : _lastParent?.State;
    }

    /// <summary>
    /// Takes in what was stored, and says what of it was taken in: jobs for which that fails are damaged ones. Nothing of it is written
    /// again.
    /// </summary>
    public StoredState Restore(StoredState stored)
    {
        _nextSequence = stored.NextSequence;
        foreach (var (kind, name, body) in stored.Resources)
        {
            try
            {
                Restore(kind, body);
            }
#pragma warning disable CA1031 // A record that cannot be read must not keep the others from being restored.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Report($"The stored record of {kind} {name} cannot be read and is left out", e);
            }
        }
        List<Job> jobs = [];
        List<(Job Job, Exception Fault)> damaged = [.. stored.Damaged];
        foreach (IGrouping<string, Job> submission in stored.Jobs.GroupBy(job => job.ArrayId ?? job.Id))
        {
            List<Job> whole = [.. submission];
            try
            {
                whole.ForEach(Record);
                jobs.AddRange(whole);
            }
#pragma warning disable CA1031 // As above.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Discard(whole);
                damaged.Add((JobRow.ToDamagedJob(whole[0], e), e));
            }
        }
        // Their records are there, so that their end changes them and adds none.
        foreach (var (job, _) in damaged) Record(job with { State = JobState.Submitted });
        return stored with { Jobs = jobs, Damaged = damaged };
    }

    private Outgoing NewOutgoing() => new(e => Report("What follows from a commit has failed", e));

    private void Record(Job job)
    {
        Jobs.Put(job);
        if (job.State is JobState.Starting or JobState.Running) Placed.Add(job.Id);
        else Placed.Remove(job.Id);
    }

    private void Discard(List<Job> submission)
    {
        Jobs.Discard(submission);
        foreach (Job job in submission) Placed.Remove(job.Id);
    }

    private void Changed(ResourceChange change)
    {
        Outgoing.Changes.Put(change);
        MayPlace = true;
        if (change.Kind is ResourceKinds.ComputeEnvironment or ResourceKinds.JobQueue or ResourceKinds.SchedulingPolicy)
            Observer?.OnQueuesChanged();
    }

    // Earlier versions took a policy by its name, whichever region its ARN was of.
    private JobQueueDetail WithLocalPolicy(JobQueueDetail queue) => queue.SchedulingPolicyArn is { } arn && !Arns.MayName(arn)
        ? queue with { SchedulingPolicyArn = Arns.SchedulingPolicy(LocalArn.NameOf(arn)) }
        : queue;

    private void Restore(string kind, string body)
    {
        switch (kind)
        {
            case ResourceKinds.JobDefinition: Definitions.Restore(body); break;
            case ResourceKinds.ComputeEnvironment: ComputeEnvironments.Restore(body); break;
            case ResourceKinds.JobQueue: JobQueues.Restore(body, WithLocalPolicy); break;
            case ResourceKinds.SchedulingPolicy: SchedulingPolicies.Restore(body); break;
            case ResourceKinds.ConsumableResource: ConsumableResources.Restore(body); break;
            case ResourceKinds.ServiceEnvironment: ServiceEnvironments.Restore(body); break;
            case ResourceKinds.QuotaShare: QuotaShares.Restore(body); break;
            case ResourceKinds.ClientToken: ClientTokens.Restore(body); break;
        }
    }
}

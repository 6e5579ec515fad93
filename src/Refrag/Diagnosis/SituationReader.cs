using System.Globalization;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Logs;
using Refrag.JobLogs;
using Refrag.Launching;
using Refrag.Monitoring;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Fitting;
using Refrag.Targeting;
using Refrag.Usage;

namespace Refrag.Diagnosis;

/// <summary>Reads what decides about a job. Where it may not ask, it continues and says which check that costs.</summary>
/// <param name="batch">Where to ask.</param>
/// <param name="logs">The logs; null to do without.</param>
/// <param name="time">The clock.</param>
/// <param name="catalogue">The instance types.</param>
/// <param name="prices">The prices.</param>
public sealed class SituationReader(
    IAwsTransport batch, IAwsTransport? logs, TimeProvider time, InstanceCatalogue catalogue, PriceTable prices)
{
    private const int LogLines = 50;
    private const int MostNodes = 100;

    private readonly Checks _checks = new();

    /// <summary>Other services, for quotas, roles, images and log groups; null to do without.</summary>
    public IAwsTransport? Aws { get; init; }

    /// <summary>Reads what jobs with GPUs have used; null to do without.</summary>
    public UsageReader? Usage { get; init; }

    /// <summary>Fetches what ECR hands out as URLs, for the architecture of images; null to do without.</summary>
    public IDownloads? Downloads { get; init; }

    /// <summary>The situation of a job.</summary>
    public async Task<Situation> OfAsync(JobDetail job, CancellationToken cancellationToken)
    {
        job = await AskedNodes.ReadAsync(batch, job, cancellationToken);
        Situation situation = await AroundQueueAsync(job.JobQueue, job.JobDefinition, cancellationToken) with
        {
            Job = job,
            Needs = JobNeeds.Of(job),
            Share = job.ShareIdentifier,
        };
        bool waits = job.Status is JobStatus.Runnable or JobStatus.Submitted;
        QueueAround? around = waits ? await AroundAsync(situation, job, cancellationToken) : null;
        situation = situation with { Around = around, Now = Later(situation.Now, around?.At) };
        situation = situation with
        {
            Account = waits ? await AccountAsync(situation, cancellationToken) : AccountFacts.None,
            Dependencies = job.Status is JobStatus.Pending or JobStatus.Failed
                ? await JobsAsync(DependencyCauses.WaitsFor(job), cancellationToken)
                : [],
            Policy = waits ? await PolicyAsync(situation.Queue, cancellationToken) : null,
            Consumables = waits ? await ConsumablesAsync(job.ConsumableResourceProperties, cancellationToken) : [],
            Nodes = job.Status == JobStatus.Failed ? await NodesAsync(job, cancellationToken) : [],
            LogTail = job.Status == JobStatus.Failed && logs is not null ? await LogTailAsync(job, cancellationToken) : [],
            Usage = await UsageAsync(situation, job, cancellationToken),
        };
        if (Aws is not null && NetworkCauses.MayBeOfNodes(situation))
        {
            IReadOnlyList<SubnetFacts> subnets = await new SubnetReader(Aws, _checks).OfNodesAsync(situation, cancellationToken);
            situation = situation with { Account = situation.Account with { Subnets = subnets } };
        }
        return situation with { NotChecked = _checks.NotMade };
    }

    /// <summary>The situation of a job that is only planned.</summary>
    public async Task<Situation> OfAsync(LaunchPlan plan, CancellationToken cancellationToken)
    {
        Situation situation = await AroundQueueAsync(plan.Target.Queue, plan.Target.Definition, cancellationToken);
        SubmitJobRequest submit = plan.Submit;
        // What the launch changes of the definition is what will run.
        if (plan.Derivation is { } derivation && situation.Definition is { ContainerProperties: not null } chosen)
            situation = situation with
            {
                Definition = chosen with
                {
                    ContainerProperties = derivation.ChangedContainer(chosen),
                    PlatformCapabilities = derivation.Capabilities(chosen),
                },
            };
        situation = situation with
        {
            Needs = NeedsOf(plan, situation.Definition),
            Share = submit.ShareIdentifier,
            Dependencies = await JobsAsync([.. (submit.DependsOn ?? []).Select(d => d.JobId).OfType<string>()], cancellationToken),
            Policy = await PolicyAsync(situation.Queue, cancellationToken),
        };
        return await WithAccountAsync(situation, cancellationToken);
    }

    /// <summary>What a job that is only planned needs.</summary>
    /// <param name="plan">Its requests.</param>
    /// <param name="definition">The chosen definition; null to take what the requests say alone.</param>
    public static Requirement NeedsOf(LaunchPlan plan, JobDefinition? definition)
    {
        Requirement needs = JobNeeds.Of(definition, plan.Submit);
        if (plan.Derivation is not { } made) return needs;
        return needs with
        {
            // Nodes that the launch makes of a container's definition; else those of the definition itself.
            Nodes = made.Nodes > 1 ? made.Nodes : needs.Nodes,
            Architecture = JobNeeds.Architecture(made.Changes.Container?.Architecture) ?? needs.Architecture,
        };
    }

    /// <summary>The situation of a job that a definition describes on a queue, as it would be submitted without overrides.</summary>
    public async Task<Situation> OfAsync(string queue, string definition, CancellationToken cancellationToken)
    {
        Situation situation = await AroundQueueAsync(queue, definition, cancellationToken);
        var submit = new SubmitJobRequest { JobName = "any", JobQueue = queue, JobDefinition = definition };
        situation = situation with
        {
            Needs = JobNeeds.Of(situation.Definition, submit),
            Share = string.IsNullOrEmpty(situation.Queue?.SchedulingPolicyArn) ? null : "any",
            Around = situation.Queue is null ? null : await BlockedHeadAsync(situation.QueueName, cancellationToken),
        };
        return await WithAccountAsync(situation, cancellationToken);
    }

    // A queue whose head is blocked is not in order, whatever its environments are.
    private async Task<QueueAround?> BlockedHeadAsync(string queue, CancellationToken cancellationToken)
    {
        var lister = new JobLister(batch);
        var waiting = new WaitingJobs(time.GetUtcNow());
        bool isRead = await AskAsync("the waiting jobs", async () =>
        {
            await foreach (JobSummary job in lister.InStateAsync(queue, JobStatus.Runnable, cancellationToken)) waiting.Add(job);
            return true;
        }, false);
        return isRead && waiting.BlockedHead is { } head && await JobsAsync([head.JobId], cancellationToken) is [{ } job, ..]
            ? new QueueAround { Head = job }
            : null;
    }

    private async Task<Situation> WithAccountAsync(Situation situation, CancellationToken cancellationToken)
    {
        AccountFacts account = await AccountAsync(situation, cancellationToken);
        return situation with { Account = account, NotChecked = _checks.NotMade };
    }

    private async Task<AccountFacts> AccountAsync(Situation situation, CancellationToken cancellationToken)
    {
        foreach (string type in situation.Environments.SelectMany(e => e.Detail?.ComputeResources?.InstanceTypes ?? []).Distinct())
            if (!situation.Catalogue.Resolve([type]).TryGet(out _, out _))
                _checks.NotAsked($"whether the job fits {type}: the catalogue of instance types does not know it");
        return Aws is null
            ? AccountFacts.None
            : await new AccountReader(batch, Aws, Downloads, logs, _checks).OfAsync(situation, cancellationToken);
    }

    private async Task<Situation> AroundQueueAsync(string queueName, string definitionName, CancellationToken cancellationToken)
    {
        var reader = new QueueReader(batch);
        IReadOnlyList<JobQueueDetail> queues = await reader.QueuesAsync([queueName], cancellationToken);
        JobQueueDetail? queue = queues.Count > 0 ? queues[0] : null;
        IReadOnlyList<QueueEnvironment> environments = queue is null ? [] : await AskAsync(
            "the compute environments",
            async () =>
                QueueEnvironment.InOrder(queue,
                    queue.ComputeEnvironmentOrder.Count == 0
                        ? []
                        : await reader.EnvironmentsAsync(
                        [.. queue.ComputeEnvironmentOrder.Select(o => o.ComputeEnvironment)], cancellationToken)),
            []);
        JobDefinition? definition =
            await AskAsync(
                "the job definition", () => TargetCheck.NewestAsync(batch, AwsNames.Short(definitionName), cancellationToken), null);
        return new Situation
        {
            QueueName = AwsNames.Short(queueName),
            Queue = queue,
            Environments = environments,
            DefinitionName = AwsNames.Short(definitionName),
            Definition = definition,
            Needs = new Requirement { Amount = default },
            Now = time.GetUtcNow(),
            Catalogue = catalogue,
            Prices = prices,
        };
    }

    private async Task<IReadOnlyList<JobDetail>> JobsAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        List<JobDetail> found = [];
        await foreach (JobDetail job in new JobLister(batch).DescribeAsync(ids, cancellationToken)) found.Add(job);
        return found;
    }

    // (UG multi-node parallel jobs: a node's id is the job's with # and its index)
    private Task<IReadOnlyList<JobDetail>> NodesAsync(JobDetail job, CancellationToken cancellationToken) =>
        job.NodeProperties?.NumNodes is not (> 0 and { } count)
            ? Task.FromResult<IReadOnlyList<JobDetail>>([])
            : AskAsync("the nodes", () => JobsAsync([.. Enumerable.Range(0, Math.Min(count, MostNodes)).Select(
                node => string.Create(CultureInfo.InvariantCulture, $"{job.JobId}#{node}"))], cancellationToken), []);

    private async Task<QueueAround> AroundAsync(Situation situation, JobDetail job, CancellationToken cancellationToken)
    {
        var lister = new JobLister(batch);
        (int running, int shares) = await RunningAsync(situation.QueueName, cancellationToken);
        int older = 0;
        JobSummary? head = null;
        await foreach (JobSummary waiting in lister.InStateAsync(situation.QueueName, JobStatus.Runnable, cancellationToken))
        {
            if (waiting.CreatedAt < job.CreatedAt && waiting.JobId != job.JobId) older++;
            if (head is null || waiting.CreatedAt < head.CreatedAt) head = waiting;
        }
        GetJobQueueSnapshotResponse? snapshot =
            await AskAsync(
                "the place in the queue and the shares in use", () => SnapshotAsync(situation.QueueName, cancellationToken), null);
        string? first = IdOf(snapshot?.FrontOfQueue?.Jobs is [{ } front, ..] ? front.JobArn : null) ?? head?.JobId;
        int place = snapshot?.FrontOfQueue?.Jobs?.Select(j => IdOf(j.JobArn)).ToList().IndexOf(job.JobId) ?? -1;
        return new QueueAround
        {
            At = snapshot?.FrontOfQueue?.LastUpdatedAt is { } at and > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
            Running = running,
            RunningShares = shares,
            Older = older,
            Position = place >= 0 ? place + 1 : null,
            Head = first is not null && first != job.JobId && await JobsAsync([first], cancellationToken) is [{ } other, ..] ? other : null,
            Rivals = await RivalsAsync(situation, cancellationToken),
            RunningElsewhere = running == 0 ? await ElsewhereAsync(situation, cancellationToken) : 0,
            Shares = Shares(snapshot),
        };
    }

    // A server whose clock runs faster than ours, as with `refrag serve --clock`, is right about how long its jobs have waited.
    private static DateTimeOffset Later(DateTimeOffset ours, DateTimeOffset? theirs) => theirs > ours ? theirs.Value : ours;

    private async Task<GetJobQueueSnapshotResponse?> SnapshotAsync(string queue, CancellationToken cancellationToken) =>
        await batch.SendAsync(BatchOperations.GetJobQueueSnapshot, new GetJobQueueSnapshotRequest { JobQueue = queue }, cancellationToken);

    private static Dictionary<string, double> Shares(GetJobQueueSnapshotResponse? snapshot)
    {
        Dictionary<string, double> shares = new(StringComparer.Ordinal);
        foreach (FairshareCapacityUtilization one in snapshot?.QueueUtilization?.FairshareUtilization?.TopCapacityUtilization ?? [])
            if (one.ShareIdentifier is { } share) shares[share] = one.CapacityUsage is [{ } used, ..] ? used.Quantity ?? 0 : 0;
        return shares;
    }

    private async Task<IReadOnlyList<(string, int, int)>> RivalsAsync(Situation situation, CancellationToken cancellationToken)
    {
        if (situation.Queue is not { } queue) return [];
        List<(string, int, int)> rivals = [];
        string[] mine = [.. situation.Environments.Select(e => e.Name)];
        IReadOnlyList<JobQueueDetail> all =
            await AskAsync<IReadOnlyList<JobQueueDetail>>(
                "queues of higher priority", () => new QueueReader(batch).QueuesAsync([], cancellationToken), []);
        foreach (JobQueueDetail other
            in all.Where(
                o => o.Priority > queue.Priority && o.JobQueueName != queue.JobQueueName
                    && o.ComputeEnvironmentOrder.Any(e => mine.Contains(AwsNames.Short(e.ComputeEnvironment), StringComparer.Ordinal))))
        {
            int waiting = 0;
            await foreach (JobSummary _ in new JobLister(batch).InStateAsync(other.JobQueueName, JobStatus.Runnable, cancellationToken))
                waiting++;
            if (waiting > 0) rivals.Add((other.JobQueueName, other.Priority ?? 0, waiting));
        }
        return rivals;
    }

    // Environments may serve several queues; what fills them need not come from this one.
    private async Task<int> ElsewhereAsync(Situation situation, CancellationToken cancellationToken)
    {
        if (situation.Environments.All(e => (e.Detail?.ComputeResources?.DesiredvCpus ?? 0) == 0)) return 0;
        string[] mine = [.. situation.Environments.Select(e => e.Name)];
        IReadOnlyList<JobQueueDetail> all =
            await AskAsync<IReadOnlyList<JobQueueDetail>>(
                "other queues on the same environments", () => new QueueReader(batch).QueuesAsync([], cancellationToken), []);
        int running = 0;
        foreach (JobQueueDetail other
            in all.Where(
                o => o.JobQueueName != situation.QueueName
                    && o.ComputeEnvironmentOrder.Any(e => mine.Contains(AwsNames.Short(e.ComputeEnvironment), StringComparer.Ordinal))))
            running += (await RunningAsync(other.JobQueueName, cancellationToken)).Jobs;
        return running;
    }

    // An array is one job of its queue, PENDING while its children run; they are listed by their parent. (API ListJobs; UG array_jobs)
    private async Task<(int Jobs, int Shares)> RunningAsync(string queue, CancellationToken cancellationToken)
    {
        var lister = new JobLister(batch);
        int running = 0;
        List<string> arrays = [];
        HashSet<string> shares = new(StringComparer.Ordinal);
        foreach (string status in (string[])[JobStatus.Starting, JobStatus.Running, JobStatus.Pending])
        {
            await foreach (JobSummary job in lister.InStateAsync(queue, status, cancellationToken))
            {
                if (job.ArrayProperties?.Size is > 0) arrays.Add(job.JobId);
                else if (status != JobStatus.Pending) running++;
                if (status != JobStatus.Pending && job.ShareIdentifier is { Length: > 0 } share) shares.Add(share);
            }
        }
        await foreach (JobDetail array in lister.DescribeAsync(arrays.Distinct(StringComparer.Ordinal), cancellationToken))
        {
            IReadOnlyDictionary<string, int>? children = array.ArrayProperties?.StatusSummary;
            running += (children?.GetValueOrDefault(JobStatus.Starting) ?? 0) + (children?.GetValueOrDefault(JobStatus.Running) ?? 0);
        }
        return (running, shares.Count);
    }

    private Task<SchedulingPolicyDetail?> PolicyAsync(JobQueueDetail? queue, CancellationToken cancellationToken) =>
        AskAsync("the scheduling policy", async () =>
    {
        if (queue?.SchedulingPolicyArn is not { Length: > 0 } arn) return null;
        DescribeSchedulingPoliciesResponse answer =
            await batch.SendAsync(
                BatchOperations.DescribeSchedulingPolicies, new DescribeSchedulingPoliciesRequest { Arns = [arn] }, cancellationToken);
        return answer.SchedulingPolicies is [{ } policy, ..] ? policy : null;
    }, null);

    private async Task<IReadOnlyList<(string, long, long)>> ConsumablesAsync(
        ConsumableResourceProperties? wanted, CancellationToken cancellationToken)
    {
        List<(string, long, long)> found = [];
        foreach (ConsumableResourceRequirement one in wanted?.ConsumableResourceList ?? [])
        {
            DescribeConsumableResourceResponse? resource =
                await AskAsync($"consumable resource {one.ConsumableResource}",
                    async () => (DescribeConsumableResourceResponse?)await batch.SendAsync(
                BatchOperations.DescribeConsumableResource,
                new DescribeConsumableResourceRequest { ConsumableResource = one.ConsumableResource ?? "" }, cancellationToken), null);
            if (resource is not null)
                found.Add(
                    (resource.ConsumableResourceName, one.Quantity ?? 1,
                        resource.AvailableQuantity ?? ((resource.TotalQuantity ?? 0) - (resource.InUseQuantity ?? 0))));
        }
        return found;
    }

    private Task<IReadOnlyList<string>> LogTailAsync(JobDetail job, CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyList<string>>("the log", async () =>
    {
        if (JobStreams.Of(job) is not [.., { } stream]) return [];
        // Backwards from the end: a long log is not read for its last lines.
        GetLogEventsResponse page = await logs!.SendAsync(
            LogsOperations.GetLogEvents,
            new GetLogEventsRequest { LogGroupName = stream.Group, LogStreamName = stream.Name, StartFromHead = false, Limit = LogLines },
            cancellationToken);
        return [.. (page.Events ?? []).Select(e => UsageLine.WithoutUsage(e.Message ?? "")).OfType<string>()];
    }, []);

    // A job that failed has other worries than a GPU that idled.
    private async Task<JobUsage?> UsageAsync(Situation situation, JobDetail job, CancellationToken cancellationToken)
    {
        if (Usage is not { } reader || situation.Needs.Amount.Gpus == 0 || job.Status is not (JobStatus.Running or JobStatus.Succeeded))
            return null;
        IReadOnlyList<PartUsage> parts =
            await AskAsync<IReadOnlyList<PartUsage>>("the use of its GPUs", () => reader.OfAsync(job, all: false, cancellationToken), []);
        return JobUsage.OfNewest(parts);
    }

    private Task<T> AskAsync<T>(string what, Func<Task<T>> ask, T otherwise) => _checks.AskAsync(what, ask, otherwise);

    private static string? IdOf(string? arn) => arn is null ? null : AwsNames.Short(arn);
}

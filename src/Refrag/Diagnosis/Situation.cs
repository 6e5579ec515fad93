using Refrag.Aws.Batch;
using Refrag.Monitoring;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Fitting;
using Refrag.Usage;

namespace Refrag.Diagnosis;

/// <summary>
/// Everything about a job, or about one that is only planned, that decides whether it starts. Immutable; reading it decides nothing.
/// </summary>
public sealed record Situation
{
    /// <summary>The job; null for one that is planned.</summary>
    public JobDetail? Job { get; init; }

    /// <summary>The queue's name.</summary>
    public required string QueueName { get; init; }

    /// <summary>The queue; null if it does not exist.</summary>
    public JobQueueDetail? Queue { get; init; }

    /// <summary>Its environments in order.</summary>
    public IReadOnlyList<QueueEnvironment> Environments { get; init; } = [];

    /// <summary>The definition's name, perhaps with a revision.</summary>
    public required string DefinitionName { get; init; }

    /// <summary>The definition; null if it does not exist.</summary>
    public JobDefinition? Definition { get; init; }

    /// <summary>What the job needs.</summary>
    public required Requirement Needs { get; init; }

    /// <summary>The jobs that it depends on, as far as Batch knows them.</summary>
    public IReadOnlyList<JobDetail> Dependencies { get; init; } = [];

    /// <summary>What the queue looks like around the job; null if it was not asked.</summary>
    public QueueAround? Around { get; init; }

    /// <summary>The queue's scheduling policy; null for a FIFO queue.</summary>
    public SchedulingPolicyDetail? Policy { get; init; }

    /// <summary>The job's share; null for none.</summary>
    public string? Share { get; init; }

    /// <summary>The nodes of a multi-node job that failed, the first hundred.</summary>
    public IReadOnlyList<JobDetail> Nodes { get; init; } = [];

    /// <summary>The last lines that the job's last attempt printed.</summary>
    public IReadOnlyList<string> LogTail { get; init; } = [];

    /// <summary>What a job with GPUs has used of them and of everything else; null if that was not asked or is not known.</summary>
    public JobUsage? Usage { get; init; }

    /// <summary>Consumable resources that the job wants, with what is free of each.</summary>
    public IReadOnlyList<(string Name, long Wanted, long Available)> Consumables { get; init; } = [];

    /// <summary>What other services know.</summary>
    public AccountFacts Account { get; init; } = AccountFacts.None;

    /// <summary>Names of the CPU and the GPU queue, to name the other one; null if they are not known.</summary>
    public (string Cpu, string Gpu)? OtherQueues { get; init; }

    /// <summary>Which checks could not be made, and why.</summary>
    public IReadOnlyList<string> NotChecked { get; init; } = [];

    /// <summary>The time of all of it.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The instance types.</summary>
    public required InstanceCatalogue Catalogue { get; init; }

    /// <summary>The prices, which decide between types that could be added.</summary>
    public PriceTable Prices { get; init; } = PriceTable.None;

    /// <summary>How long the job has waited for what it waits for; null if that is not known.</summary>
    public TimeSpan? Waited
    {
        get
        {
            long? since = (Job?.Attempts is [.., { } last] ? last.StoppedAt : null) ?? Job?.CreatedAt;
            return since is { } at and > 0 ? Now - DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
        }
    }

    /// <summary>The environments that can start instances now.</summary>
    internal IEnumerable<QueueEnvironment> Working =>
        Environments.Where(e => e.Detail is { } detail && Health.Of(detail).Level != HealthLevel.Bad);
}

/// <summary>A queue around one job.</summary>
public sealed record QueueAround
{
    /// <summary>The time of the queue's snapshot, by the clock of the server; null if it gave none.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The job's place at the front of the queue, from 1; null if it is not among the first hundred or was not asked.</summary>
    public int? Position { get; init; }

    /// <summary>How many RUNNABLE jobs of the queue are older; null if it was not asked.</summary>
    public int? Older { get; init; }

    /// <summary>How many jobs of the queue are STARTING or RUNNING.</summary>
    public int Running { get; init; }

    /// <summary>
    /// How many jobs of other queues are STARTING or RUNNING on the same environments; 0 also where it was not asked, because this queue's
    /// own run there.
    /// </summary>
    public int RunningElsewhere { get; init; }

    /// <summary>How many shares the jobs of the queue have that are STARTING or RUNNING.</summary>
    public int RunningShares { get; init; }

    /// <summary>The first job of the queue, where it is another one.</summary>
    public JobDetail? Head { get; init; }

    /// <summary>Queues of a higher priority on the same environments that have waiting jobs: name, priority, how many wait.</summary>
    public IReadOnlyList<(string Queue, int Priority, int Waiting)> Rivals { get; init; } = [];

    /// <summary>What each share of a fair-share queue uses now, in vCPUs, as the queue's snapshot reports.</summary>
    public IReadOnlyDictionary<string, double> Shares { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);
}

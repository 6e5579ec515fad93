using Refrag.Aws.Batch;
using Refrag.Monitoring;

namespace Refrag.History;

/// <summary>Queues, fleets and prices of a place as they were seen at one moment.</summary>
public sealed record PlaceSample
{
    /// <summary>The moment.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The queues that were seen.</summary>
    public IReadOnlyList<QueueSample> Queues { get; init; } = [];

    /// <summary>The compute environments that were seen.</summary>
    public IReadOnlyList<FleetSample> Fleets { get; init; } = [];

    /// <summary>The prices that were seen.</summary>
    public IReadOnlyList<PriceSample> Prices { get; init; } = [];

    /// <summary>The queues and their environments of each place, as Batch has just answered.</summary>
    /// <param name="endpoint">Where Batch is, as <see cref="JobPlace"/> says.</param>
    /// <param name="queues">The queues.</param>
    /// <param name="isCut">Whether there are more jobs than were counted.</param>
    /// <param name="at">The time of the answer.</param>
    public static IEnumerable<(JobPlace Place, PlaceSample Sample)> Of(
        string endpoint, IReadOnlyList<QueueStatus> queues, bool isCut, DateTimeOffset at) =>
        queues.Select(queue => (Place: JobPlace.Of(endpoint, queue.Queue.JobQueueArn), Queue: queue))
            .Where(one => one.Place is not null).GroupBy(one => one.Place!, one => one.Queue)
            .Select(place => (place.Key, new PlaceSample
            {
                At = at,
                Queues = [.. place.Select(queue => QueueSample.Of(queue, isCut))],
                Fleets =
                [
                    .. place.SelectMany(queue => queue.Environments).Select(environment => environment.Detail)
                        .OfType<ComputeEnvironmentDetail>().DistinctBy(one => one.ComputeEnvironmentName, StringComparer.Ordinal)
                        .Select(FleetSample.Of),
                ],
            }));
}

/// <summary>How many jobs of a queue are in each active state; an array counts once.</summary>
/// <param name="Queue">The queue's name.</param>
/// <param name="Submitted">Jobs in SUBMITTED.</param>
/// <param name="Pending">Jobs in PENDING.</param>
/// <param name="Runnable">Jobs in RUNNABLE.</param>
/// <param name="Starting">Jobs in STARTING.</param>
/// <param name="Running">Jobs in RUNNING.</param>
public sealed record QueueSample(string Queue, int Submitted, int Pending, int Runnable, int Starting, int Running)
{
    /// <summary>When the RUNNABLE job that waits longest was made; null if none waits.</summary>
    public DateTimeOffset? OldestWaiting { get; init; }

    /// <summary>Whether there were more jobs than were counted: the numbers are lower bounds.</summary>
    public bool IsCut { get; init; }

    internal static QueueSample Of(QueueStatus status, bool isCut)
    {
        int Count(string state) => status.Jobs.GetValueOrDefault(state);
        return new QueueSample(
            status.Queue.JobQueueName, Count(JobStatus.Submitted), Count(JobStatus.Pending), Count(JobStatus.Runnable),
            Count(JobStatus.Starting), Count(JobStatus.Running))
        {
            OldestWaiting = RecordedAttempt.Time(status.OldestWaiting?.CreatedAt),
            IsCut = isCut,
        };
    }
}

/// <summary>A compute environment at one moment.</summary>
/// <param name="Environment">Its name.</param>
/// <param name="Kind">What it is made of, as Batch names it: <c>EC2</c>, <c>SPOT</c>, <c>FARGATE</c>, <c>UNMANAGED</c>.</param>
/// <param name="State"><c>ENABLED</c> or <c>DISABLED</c>.</param>
public sealed record FleetSample(string Environment, string Kind, string State)
{
    /// <summary>The fewest vCPUs; null if it has no such limit.</summary>
    public int? MinVCpus { get; init; }

    /// <summary>The vCPUs that Batch wants it to have; null if it has no such number.</summary>
    public int? DesiredVCpus { get; init; }

    /// <summary>The most vCPUs; null if it is not known.</summary>
    public int? MaxVCpus { get; init; }

    /// <summary>What its instances have and use; null if they were not asked for.</summary>
    public FleetUse? Hosts { get; init; }

    /// <summary>A compute environment as Batch has just described it.</summary>
    public static FleetSample Of(ComputeEnvironmentDetail detail) =>
        new(detail.ComputeEnvironmentName, detail.ComputeResources?.Type ?? detail.Type ?? "", detail.State ?? "")
        {
            MinVCpus = detail.ComputeResources?.MinvCpus,
            DesiredVCpus = detail.ComputeResources?.DesiredvCpus,
            MaxVCpus = detail.ComputeResources?.MaxvCpus ?? detail.UnmanagedvCpus,
        };
}

/// <summary>What the instances of a compute environment have and use.</summary>
public sealed record FleetUse
{
    /// <summary>The vCPUs of the instances that have joined the cluster.</summary>
    public double VCpus { get; init; }

    /// <summary>Of them, those that tasks have reserved.</summary>
    public double BusyVCpus { get; init; }

    /// <summary>Their GPUs.</summary>
    public int Gpus { get; init; }

    /// <summary>Of them, those that tasks have reserved.</summary>
    public int BusyGpus { get; init; }

    /// <summary>The instances by type, zone and market.</summary>
    public IReadOnlyList<InstanceCount> Instances { get; init; } = [];
}

/// <summary>Instances of one type, zone and market.</summary>
/// <param name="Type">The type, such as <c>m6i.xlarge</c>.</param>
/// <param name="Zone">The availability zone; empty if it is not known.</param>
/// <param name="Market">As <see cref="HostInstance.Market"/> says; empty if it is not known.</param>
/// <param name="Count">How many.</param>
public sealed record InstanceCount(string Type, string Zone, string Market, int Count);

/// <summary>What a type costs.</summary>
/// <param name="Type">The type.</param>
/// <param name="Zone">The availability zone; empty for a price of the whole region.</param>
/// <param name="Market">As <see cref="HostInstance.Market"/> says.</param>
/// <param name="Usd">USD an hour.</param>
public sealed record PriceSample(string Type, string Zone, string Market, decimal Usd);

namespace Refrag.Scheduling.Clusters;

/// <summary>Where a job stands for the scheduler.</summary>
internal enum SchedulingState
{
    Waiting,
    Placed,
    Lost,
    Gone,
}

/// <summary>A job in the cluster, and its place in the line of its share.</summary>
internal sealed class Job(JobRequest request, QueueState queue, Shape shape, Share share, long sequence)
{
    public JobRequest Request => request;

    public QueueState Queue => queue;

    public Shape Shape => shape;

    public Share Share => share;

    public long Sequence => sequence;

    public long SubmittedAt { get; } = request.SubmittedAt.ToUnixTimeMilliseconds();

    public SchedulingState Status { get; set; } = SchedulingState.Waiting;

    public WaitingList? WaitingList { get; set; }

    public Job? Previous { get; set; }

    public Job? Next { get; set; }

    /// <summary>Where it runs; null while it waits.</summary>
    public EnvironmentState? Environment { get; set; }

    /// <summary>Its instance, or its main node's; null on Fargate.</summary>
    public Instance? Instance { get; set; }

    /// <summary>The instances of all nodes; null for one node.</summary>
    public Instance[]? Nodes { get; set; }

    public long PlacedAt { get; set; }

    public bool IsBefore(Job other) => SubmittedAt != other.SubmittedAt ? SubmittedAt < other.SubmittedAt : sequence < other.Sequence;
}

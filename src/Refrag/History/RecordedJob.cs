using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Monitoring;
using Refrag.Scheduling.Fitting;

namespace Refrag.History;

/// <summary>Where a job is: jobs of different places are never counted together.</summary>
/// <param name="Endpoint"><see cref="Aws"/>, or the URL of another server that speaks its API.</param>
/// <param name="Account">The account's 12 digits.</param>
/// <param name="Region">The region, such as <c>us-east-1</c>.</param>
public sealed record JobPlace(string Endpoint, string Account, string Region)
{
    /// <summary>The endpoint of AWS itself.</summary>
    public const string Aws = "aws";

    /// <summary>Whether it is AWS, where an id is never given to a second instance.</summary>
    public bool IsAws => Endpoint == Aws;

    /// <summary>For people: <c>aws/123456789012/us-east-1</c>.</summary>
    public override string ToString() => $"{Endpoint}/{Account}/{Region}";

    /// <summary>How the URL of a server names it: without a user, a password or a query.</summary>
    public static string EndpointOf(Uri url) =>
        url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/');

    /// <summary>The place that an ARN names; null for what is no ARN.</summary>
    public static JobPlace? Of(string endpoint, string? arn) =>
        arn?.Split(':') is ["arn", _, _, { Length: > 0 } region, { Length: > 0 } account, ..]
            ? new JobPlace(endpoint, account, region)
            : null;
}

/// <summary>What runs a job's containers.</summary>
public enum HostPlatform
{
    /// <summary>EC2 instances, which can be asked for.</summary>
    Ec2,

    /// <summary>Fargate: it has no instance.</summary>
    Fargate,

    /// <summary>An EKS cluster, whose nodes ECS does not know.</summary>
    Eks,
}

/// <summary>
/// A job as the history keeps it: what costs and traces are computed from, and nothing of its command, environment or output.
/// </summary>
public sealed record RecordedJob
{
    /// <summary>The job's id; <c>id:3</c> for a child of an array. Arrays themselves and nodes are not recorded.</summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The name of its queue.</summary>
    public required string Queue { get; init; }

    /// <summary>Its state when it was last seen.</summary>
    public required string Status { get; init; }

    /// <summary>What runs its containers.</summary>
    public HostPlatform Platform { get; init; }

    /// <summary>When it was submitted; null if Batch did not say.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it was last seen.</summary>
    public required DateTimeOffset SeenAt { get; init; }

    /// <summary>What it needs of its hosts.</summary>
    public required Requirement Needs { get; init; }

    /// <summary>Its tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Its attempts that started, and of a multi-node job those of its nodes too.</summary>
    public IReadOnlyList<RecordedAttempt> Attempts { get; init; } = [];

    /// <summary>When its newest attempt started; null if none has, or it is not known.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; null if it has not, or it is not known.</summary>
    public DateTimeOffset? StoppedAt { get; init; }

    /// <summary>What Batch says of its state; null for nothing.</summary>
    public string? Reason { get; init; }

    /// <summary>Its share identifier; null for none.</summary>
    public string? Share { get; init; }

    /// <summary>Its scheduling priority, 0 to 9999; null for none.</summary>
    public int? Priority { get; init; }

    /// <summary>How many attempts it may have, 1 to 10; null if it is not known.</summary>
    public int? MostAttempts { get; init; }

    /// <summary>How long an attempt may run; null for no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether it waited for other jobs; null if it is not known.</summary>
    public bool? HasDependencies { get; init; }

    /// <summary>
    /// Whether it is one node of a multi-node job, with the needs of that job: it has an instance for itself. Nodes are kept as attempts
    /// of their job.
    /// </summary>
    public bool IsNode { get; init; }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => Status is JobStatus.Succeeded or JobStatus.Failed;

    /// <summary>The attempts of the job as a whole.</summary>
    public IEnumerable<RecordedAttempt> OfJob => Attempts.Where(a => a.Node == RecordedAttempt.WholeJob);

    /// <summary>A job that DescribeJobs answered.</summary>
    /// <param name="job">The job: one of a single container, a multi-node job, or a child of an array.</param>
    /// <param name="nodes">Of a multi-node job its nodes, as far as they are known.</param>
    /// <param name="now">The time of the answer.</param>
    public static RecordedJob Of(JobDetail job, DateTimeOffset now, IReadOnlyList<JobDetail>? nodes = null) => new()
    {
        Id = job.JobId,
        Name = job.JobName,
        Queue = AwsNames.Short(job.JobQueue),
        Status = job.Status,
        Platform = PlatformOf(job),
        CreatedAt = job.CreatedAt is > 0 ? RecordedAttempt.Time(job.CreatedAt) : null,
        SeenAt = now,
        Needs = JobNeeds.Of(job),
        Tags = job.Tags ?? new Dictionary<string, string>(StringComparer.Ordinal),
        StartedAt = RecordedAttempt.Time(job.StartedAt is > 0 ? job.StartedAt : null),
        StoppedAt = job.Status is JobStatus.Succeeded or JobStatus.Failed ? RecordedAttempt.Time(job.StoppedAt) : null,
        Reason = job.StatusReason is { Length: > 0 } reason ? reason : null,
        Share = job.ShareIdentifier,
        Priority = job.SchedulingPriority,
        MostAttempts = job.RetryStrategy?.Attempts,
        Timeout = job.Timeout?.AttemptDurationSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        HasDependencies = job.DependsOn is { Count: > 0 },
        Attempts =
        [
            .. RecordedAttempt.Of(job, RecordedAttempt.WholeJob),
            .. (nodes ?? []).SelectMany(node => RecordedAttempt.Of(node, node.NodeDetails?.NodeIndex ?? 0)),
        ],
    };

    /// <summary>The job as Batch has just described it, with what is known of its attempts from before.</summary>
    /// <param name="before">What the history knows of the same job; null if it knows nothing.</param>
    public RecordedJob With(RecordedJob? before)
    {
        if (before is null) return this;
        Dictionary<(int, int), RecordedAttempt> known = before.Attempts.ToDictionary(attempt => (attempt.Node, attempt.Number));
        RecordedAttempt[] now =
            [.. Attempts.Select(attempt => known.Remove((attempt.Node, attempt.Number), out var old) ? attempt.With(old) : attempt)];
        return this with { Attempts = [.. now, .. known.Values] };
    }

    /// <summary>One node of this multi-node job: what was recorded of the node, as attempts of a whole.</summary>
    /// <param name="node">The node, from 0.</param>
    public RecordedJob OfNode(int node) => this with
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"{Id}#{node}"),
        IsNode = true,
        Attempts = [.. Attempts.Where(a => a.Node == node).Select(a => a with { Node = RecordedAttempt.WholeJob })],
    };

    private static HostPlatform PlatformOf(JobDetail job) =>
        job.EksProperties is not null ? HostPlatform.Eks
        : job.PlatformCapabilities?.Contains(PlatformCapability.Fargate, StringComparer.Ordinal) == true ? HostPlatform.Fargate
        : HostPlatform.Ec2;
}

/// <summary>An attempt that started.</summary>
/// <param name="Node">The node of a multi-node job, from 0; <see cref="WholeJob"/> for the attempt of the job itself.</param>
/// <param name="Number">Its number, from 1.</param>
/// <param name="StartedAt">When it started.</param>
public sealed record RecordedAttempt(int Node, int Number, DateTimeOffset StartedAt)
{
    /// <summary>Stands for the job as a whole where a node is named.</summary>
    public const int WholeJob = -1;

    private static readonly long s_first = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long s_last = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>When it ended; null while it runs.</summary>
    public DateTimeOffset? StoppedAt { get; init; }

    /// <summary>Whether it ended without success; null while it runs.</summary>
    public bool? HasFailed { get; init; }

    /// <summary>The ARN of its ECS task; null if Batch named none.</summary>
    public string? Task { get; init; }

    /// <summary>The ARN of the container instance that it ran on; null if Batch named none, as on Fargate.</summary>
    public string? Host { get; init; }

    /// <summary>The instance that it ran on; null if it was not measured.</summary>
    public HostInstance? Instance { get; init; }

    /// <summary>
    /// USD an hour of the instance's type in its zone on the Spot market, at the beginning of the hour in which the attempt started; null
    /// if it is not a Spot instance or the price is not known.
    /// </summary>
    public decimal? SpotUsd { get; init; }

    /// <summary>How long it has run.</summary>
    /// <param name="now">For one that runs still.</param>
    public TimeSpan Ran(DateTimeOffset now) =>
        (StoppedAt ?? now) is { } end && end > StartedAt ? end - StartedAt : TimeSpan.Zero;

    /// <summary>The same attempt with what was known of it before: what was measured once stays.</summary>
    internal RecordedAttempt With(RecordedAttempt before) => this with
    {
        StoppedAt = StoppedAt ?? before.StoppedAt,
        HasFailed = HasFailed ?? before.HasFailed,
        Task = Task ?? before.Task,
        Host = Host ?? before.Host,
        Instance = before.Instance ?? Instance,
        SpotUsd = before.SpotUsd ?? SpotUsd,
    };

    /// <summary>The attempts of a job or of a node, in order: those that Batch lists, and the one that runs.</summary>
    internal static IEnumerable<RecordedAttempt> Of(JobDetail job, int node)
    {
        IReadOnlyList<AttemptDetail> listed = job.Attempts ?? [];
        bool hasEnded = job.Status is JobStatus.Succeeded or JobStatus.Failed;
        for (int i = 0; i < listed.Count; i++)
        {
            AttemptDetail one = listed[i];
            if (Time(one.StartedAt) is not { } started) continue;
            AttemptEcsTaskDetails? task = one.TaskProperties is [{ } first, ..] ? first : null;
            yield return new RecordedAttempt(node, i + 1, started)
            {
                StoppedAt = Time(one.StoppedAt),
                HasFailed = one.StoppedAt is null ? null : !(job.Status == JobStatus.Succeeded && i == listed.Count - 1),
                Task = one.Container?.TaskArn ?? task?.TaskArn,
                Host = one.Container?.ContainerInstanceArn ?? task?.ContainerInstanceArn,
            };
        }
        if (Time(JobTimeline.Unlisted(job)) is not { } running) yield break;
        EcsTaskDetails? now = job.EcsProperties?.TaskProperties is [{ } only, ..] ? only : null;
        yield return new RecordedAttempt(node, listed.Count + 1, running)
        {
            StoppedAt = hasEnded ? Time(job.StoppedAt) : null,
            HasFailed = hasEnded ? job.Status == JobStatus.Failed : null,
            Task = job.Container?.TaskArn ?? now?.TaskArn,
            Host = job.Container?.ContainerInstanceArn ?? now?.ContainerInstanceArn,
        };
    }

    /// <summary>A time of Batch; null for none, and for a number that is no time.</summary>
    internal static DateTimeOffset? Time(long? milliseconds) =>
        milliseconds is { } number && number >= s_first && number <= s_last ? DateTimeOffset.FromUnixTimeMilliseconds(number) : null;
}

/// <summary>An EC2 instance.</summary>
/// <param name="Id">Its id, such as <c>i-1234567890abcdef0</c>.</param>
/// <param name="Type">Its type, such as <c>m6i.xlarge</c>.</param>
/// <param name="Zone">Its availability zone.</param>
/// <param name="Market">How it is paid: <see cref="Spot"/>, <see cref="OnDemand"/>, or what else EC2 calls its lifecycle.</param>
public sealed record HostInstance(string Id, string Type, string Zone, string Market)
{
    /// <summary>The Spot market.</summary>
    public const string Spot = "spot";

    /// <summary>On demand; EC2 names no lifecycle then.</summary>
    public const string OnDemand = "on-demand";
}

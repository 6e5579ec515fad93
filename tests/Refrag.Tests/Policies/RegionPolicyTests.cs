using CsCheck;
using Refrag.Aws.Batch;
using Refrag.Policies;

namespace Refrag.Tests.Policies;

public sealed class RegionPolicyTests
{
    // How Batch words it. (UG job_stuck_in_runnable)
    private const string NoCapacity =
        "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - Service cannot fulfill the capacity requested for instance type [m5.large]";

    private const string TooLarge = "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - The job resource requirement (vCPU/memory/GPU) is higher";
    private const string Left = "refrag moves it to us-west-2: waited 30m in us-east-1";

    private static readonly DateTimeOffset s_made = new(2026, 8, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly RegionMoves s_moves =
        new("us-east-1", ["us-west-2", "eu-west-1"], TimeSpan.FromMinutes(30), "definition", "file:///claims");

    private static readonly Gen<JobDetail> s_jobs =
        from status in OneOf("SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED", "FAILED")
        from reason in OneOf<string?>(null, NoCapacity, TooLarge, Left, "Cancelled by ann", "Host EC2 (instance i-1) terminated.")
        from attempts in Gen.Int[0, 2]
        from tags in OneOf<IReadOnlyDictionary<string, string>?>(null, new Dictionary<string, string> { [JobPolicy.MovedToTag] = "next" })
        select Job(status, reason, attempts) with { Tags = tags };

    [Fact]
    public void Decide_WaitedForLonger_IsEndedForTheFirstRegionThatTakesIt()
    {
        Assert.Empty(Decide(Job("RUNNABLE"), waited: 29));
        EndJob end = Assert.IsType<EndJob>(Assert.Single(Decide(Job("RUNNABLE"), waited: 30)));
        Assert.Equal(("us-west-2", Left), (end.Region, end.Reason));

        end = Assert.IsType<EndJob>(Assert.Single(Decide(Job("RUNNABLE"), waited: 30, closed: "us-west-2")));
        Assert.Equal("eu-west-1", end.Region);
        Warn warning = Assert.IsType<Warn>(Assert.Single(Decide(Job("RUNNABLE"), waited: 30, closed: ["us-west-2", "eu-west-1"])));
        Assert.Equal("none of us-west-2, eu-west-1 takes it", warning.Reason);
    }

    [Fact]
    public void Decide_Blocked_IsEndedAtOnceUnlessItsInstanceMayStillBoot()
    {
        EndJob end = Assert.IsType<EndJob>(Assert.Single(Decide(Job("RUNNABLE", NoCapacity), waited: 1)));
        Assert.Equal("refrag moves it to us-west-2: blocked in us-east-1 (CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY)", end.Reason);
        Assert.Equal("us-west-2", RegionPolicy.TargetOf(end.Reason));
        Assert.Equal("blocked in us-east-1 (CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY)", RegionPolicy.CauseOf(end.Reason));

        Assert.Empty(Decide(Job("RUNNABLE", TooLarge), waited: 14));
        Assert.IsType<EndJob>(Assert.Single(Decide(Job("RUNNABLE", TooLarge), waited: 15)));
    }

    [Fact]
    public void Decide_WithoutPatience_WaitingAloneMovesNothing()
    {
        RegionMoves patient = s_moves with { Patience = null };
        PolicyFacts later = new() { Now = s_made.AddDays(9) };
        Assert.Empty(RegionPolicy.Decide(patient, JobObservation.Of(Job("RUNNABLE")), later));
        Assert.IsType<EndJob>(Assert.Single(RegionPolicy.Decide(patient, JobObservation.Of(Job("RUNNABLE", NoCapacity)), later)));
    }

    [Fact]
    public void Decide_EndSeen_IsSubmittedToTheRegionThatTheReasonNames()
    {
        SubmitSuccessor move = Assert.IsType<SubmitSuccessor>(Assert.Single(Decide(Job("FAILED", Left), waited: 31)));
        Assert.Equal(("us-west-2", "spot", "enter-region", (int?)null), (move.Region, move.Queue, move.Step, move.Attempts));
        Assert.Equal("moved to us-west-2", move.Reason);

        // Another host may see another region open: the claim of the job is the same, and the identity is not.
        SubmitSuccessor other = Assert.IsType<SubmitSuccessor>(Assert.Single(Decide(Job("FAILED", Left), 31, closed: "us-west-2")));
        Assert.Equal("eu-west-1", other.Region);
        Assert.NotEqual(move.Id, other.Id);
        Assert.Equal(move.Id, Assert.Single(Decide(Job("FAILED", Left), waited: 50)).Id);
    }

    [Fact]
    public void Decide_Jobs_OnlyWhatWaitsIsEndedAndOnlyWhatWasEndedForItIsSubmitted() => s_jobs.Sample(job =>
    {
        foreach (PolicyAction action in Decide(job, waited: 60))
        {
            Assert.Null(job.Tags?.GetValueOrDefault(JobPolicy.MovedToTag));
            if (action is EndJob) Assert.Equal("RUNNABLE", job.Status);
            if (action is SubmitSuccessor) Assert.Equal(("FAILED", Left), (job.Status, job.StatusReason));
        }
    });

    [Fact]
    public void Decide_NoRegionLeftOrAnArray_IsLeftAlone()
    {
        Assert.Empty(RegionPolicy.Decide(
            s_moves with { Next = [] }, JobObservation.Of(Job("FAILED", Left)), new PolicyFacts { Now = s_made.AddHours(1) }));
        Assert.Empty(Decide(Job("RUNNABLE") with { ArrayProperties = new ArrayPropertiesDetail { Size = 2 } }, waited: 60));
    }

    [Fact]
    public void Tags_OfARegionAndOfTheNext_ReadAsWhatIsLeft()
    {
        Dictionary<string, string> tags = s_moves.Tags.ToDictionary(StringComparer.Ordinal);
        RegionMoves read = RegionMoves.Read(tags)!;
        Assert.Equal(s_moves with { Next = read.Next }, read);
        Assert.Equal(s_moves.Next, read.Next);
        foreach ((string key, string value) in read.TagsIn("us-west-2")) tags[key] = value;
        RegionMoves there = RegionMoves.Read(tags)!;

        Assert.Equal("us-west-2", there.Region);
        Assert.Equal(["eu-west-1"], there.Next);
        foreach ((string key, string value) in there.TagsIn("eu-west-1")) tags[key] = value;
        Assert.Empty(RegionMoves.Read(tags)!.Next);
        Assert.Null(RegionMoves.Read(new Dictionary<string, string>()));
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(at => values[at]);

    private static IReadOnlyList<PolicyAction> Decide(JobDetail job, double waited, params string[] closed) => RegionPolicy.Decide(
        s_moves, JobObservation.Of(job), new PolicyFacts
        {
            Now = s_made.AddMinutes(waited),
            RegionTakesJobs = s_moves.Next.ToDictionary(region => region, region => !closed.Contains(region)),
        });

    private static JobDetail Job(string status, string? reason = null, int attempts = 0) => new()
    {
        JobId = "job",
        JobName = "train",
        JobQueue = "arn:aws:batch:us-east-1:1:job-queue/spot",
        JobDefinition = "definition:1",
        Status = status,
        StatusReason = reason,
        CreatedAt = s_made.ToUnixTimeMilliseconds(),
        Attempts = [.. Enumerable.Range(0, attempts).Select(_ => new AttemptDetail { StoppedAt = s_made.ToUnixTimeMilliseconds() })],
    };
}

using CsCheck;
using Refrag.Aws.Batch;

namespace Refrag.Engine.Tests.EndToEnd;

public sealed class DependencyTests : EngineTest
{
    [Fact]
    public async Task Dependency_Succeeds_DependentRunsAfterwards()
    {
        string first = await Submit(Request("first"));
        string second = await Submit(Request("second") with { DependsOn = [new JobDependency { JobId = first }] });
        FakeAttempt attempt = await Runner.Next();
        Assert.Equal(JobStatus.Pending, (await Describe(second)).Status);
        Assert.False(Runner.HasNext);
        attempt.End(0);
        FakeAttempt next = await Runner.Next();
        Assert.Equal(second, next.JobId);
        next.End(0);
        Assert.Equal(JobStatus.Succeeded, (await Ended(second)).Status);
    }

    [Fact]
    public async Task Dependency_Fails_DependentsFailDownTheChain()
    {
        string first = await Submit(Request("first"));
        string second = await Submit(Request("second") with { DependsOn = [new JobDependency { JobId = first }] });
        string third = await Submit(Request("third") with { DependsOn = [new JobDependency { JobId = second }] });
        (await Runner.Next()).End(1);
        JobDetail job = await Ended(third);
        Assert.Equal((JobStatus.Failed, "Dependent Job failed"), (job.Status, job.StatusReason));
        Assert.Equal(JobStatus.Failed, (await Describe(second)).Status);
        Assert.Single(Runner.Starts);
    }

    [Fact]
    public async Task Dependency_EndedBeforehand_CountsToo()
    {
        string good = await Submit(Request());
        (await Runner.Next()).End(0);
        await Ended(good);
        string after = await Submit(Request() with { DependsOn = [new JobDependency { JobId = good }] });
        (await Runner.Next()).End(1);
        await Ended(after);
        string never = await Submit(Request() with { DependsOn = [new JobDependency { JobId = after }] });
        Assert.Equal("Dependent Job failed", (await Ended(never)).StatusReason);
    }

    [Theory]
    [InlineData("missing", null, "there is no job missing")]
    [InlineData(null, null, "neither a jobId nor a type")]
    [InlineData(null, "SEQUENTIAL", "needs an array job")]
    public async Task Dependency_Impossible_IsRefused(string? id, string? type, string expected) =>
        Assert.Contains(expected, await Refused(Submit(Request() with { DependsOn = [new JobDependency { JobId = id, Type = type }] })),
            StringComparison.Ordinal);

    [Fact]
    public async Task Array_Sequential_RunsOneAfterTheOther()
    {
        string id = await Submit(Array(3) with { DependsOn = [new JobDependency { Type = "SEQUENTIAL" }] });
        for (int index = 0; index < 3; index++)
        {
            FakeAttempt attempt = await Runner.Next();
            Assert.Equal($"{id}:{index}", attempt.JobId);
            Assert.False(Runner.HasNext);
            attempt.End(0);
        }
        Assert.Equal(JobStatus.Succeeded, (await Ended(id)).Status);
    }

    [Fact]
    public async Task Array_NToN_WaitsForTheSameIndexOnly()
    {
        string first = await Submit(Array(2));
        string second = await Submit(Array(2) with { DependsOn = [new JobDependency { JobId = first, Type = "N_TO_N" }] });
        FakeAttempt[] started = [await Runner.Next(), await Runner.Next()];
        started.Single(attempt => attempt.JobId == $"{first}:1").End(0);
        FakeAttempt next = await Runner.Next();
        Assert.Equal($"{second}:1", next.JobId);
        next.End(0);
        started.Single(attempt => attempt.JobId == $"{first}:0").End(1);
        Assert.Equal((JobStatus.Failed, "Array Child Job failed"), ((await Ended(second)).Status, (await Describe(second)).StatusReason));
        Assert.Equal(JobStatus.Succeeded, (await Describe($"{second}:1")).Status);
        Assert.Equal("Dependent Job failed", (await Describe($"{second}:0")).StatusReason);
    }

    [Fact]
    public async Task Array_NToNOfOtherSize_IsRefused()
    {
        string first = await Submit(Array(2));
        Assert.Contains("is an array of 2",
            await Refused(Submit(Array(3) with { DependsOn = [new JobDependency { JobId = first, Type = "N_TO_N" }] })),
            StringComparison.Ordinal);
        for (int i = 0; i < 2; i++) (await Runner.Next()).End(0);
    }

    [Fact]
    public async Task AnyGraph_AllEnd_AndNoneRunsUnlessItsDependenciesSucceeded() =>
        await Gen.Select(Gen.Int[0, 9].Array[0, 3], Gen.Bool).Array[1, 10].SampleAsync(async jobs =>
        {
            await using LocalBatch batch = Start(new FakeRunner { Decide = start => start.Command[1] == "bad" ? 1 : 0 });
            List<string> ids = [];
            List<(List<string> On, bool Good)> asked = [];
            foreach (var (on, good) in jobs)
            {
                List<string> dependencies = [.. on.Where(index => index < ids.Count).Select(index => ids[index]).Distinct()];
                SubmitJobRequest request = Request(good ? "good" : "bad") with
                {
                    DependsOn = [.. dependencies.Select(id => new JobDependency { JobId = id })],
                };
                ids.Add((await batch.SendAsync(BatchOperations.SubmitJob, request, Token)).JobId);
                asked.Add((dependencies, good));
            }
            var succeeded = new Dictionary<string, bool>();
            for (int at = 0; at < ids.Count; at++)
            {
                JobDetail job = await batch.WatchAsync(ids[at], Token).LastAsync(Token).AsTask().Soon();
                bool mayRun = asked[at].On.TrueForAll(id => succeeded[id]);
                succeeded[ids[at]] = job.Status == JobStatus.Succeeded;
                Assert.Equal(mayRun && asked[at].Good, succeeded[ids[at]]);
                Assert.Equal(mayRun ? 1 : 0, job.Attempts!.Count);
            }
        }, iter: 60);

    private static SubmitJobRequest Array(int size) => Request() with { ArrayProperties = new ArrayProperties { Size = size } };
}

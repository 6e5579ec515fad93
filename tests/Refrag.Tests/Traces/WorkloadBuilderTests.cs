using Refrag.Traces;

namespace Refrag.Tests.Traces;

public sealed class WorkloadBuilderTests
{
    // Jobs of Batch have no line. A sort that keeps no order shuffles more than sixteen of them.
    [Fact]
    public void Finish_JobsOfOneMoment_StayInTheirOrder()
    {
        WorkloadBuilder builder = new();
        builder.Add(Job(2000, "last"), isDated: false);
        string[] names = [.. Enumerable.Range(0, 40).Select(at => $"job-{at}")];
        foreach (string name in names) builder.Add(Job(1000, name), isDated: false);

        Assert.Equal([.. names, "last"], builder.Finish("test").Jobs.Select(job => job.Id));
    }

    // (RFC 3339 has years from 0)
    [Theory]
    [InlineData(-62_135_596_800_000)]
    [InlineData(-1)]
    [InlineData(1_700_000_000_000)]
    public void Finish_DatedJobs_CountFromTheFirst(long first)
    {
        WorkloadBuilder builder = new();
        builder.Add(Job(first, "first"), isDated: true);
        builder.Add(Job(first + 5000, "second"), isDated: true);

        Workload made = builder.Finish("test");

        Assert.Equal([0, 5000], made.Jobs.Select(job => job.SubmittedAt));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(first), made.Start);
    }

    private static TraceJob Job(long submittedAt, string id) =>
        new() { Id = id, SubmittedAt = submittedAt, Runs = 1000, MilliVCpus = 1000, MemoryMiB = 512 };
}

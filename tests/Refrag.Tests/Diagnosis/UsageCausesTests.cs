using Refrag.Aws.Batch;
using Refrag.Diagnosis;
using Refrag.Scheduling;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Fitting;
using Refrag.Usage;

namespace Refrag.Tests.Diagnosis;

public sealed class UsageCausesTests
{
    [Theory]
    [InlineData(JobStatus.Running)]
    [InlineData(JobStatus.Succeeded)]
    public void Of_GpuThatDidNothingForAMinute_IsLikely(string status)
    {
        Cause cause = Assert.Single(Of(status, Gpu(0, seconds: 60)).Causes);
        Assert.Equal(("gpu-idle", Confidence.Likely), (cause.Code, cause.Confidence));
        Assert.Contains("in any sample", cause.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_GpuWatchedForMoments_IsPossible() =>
        Assert.Equal(Confidence.Possible, Assert.Single(Of(JobStatus.Running, Gpu(0, seconds: 20)).Causes).Confidence);

    [Fact]
    public void Of_OneOfTwo_CountsThem() =>
        Assert.StartsWith("1 of its 2 GPUs", Of(JobStatus.Succeeded, Gpu(0), Gpu(40)).Causes[0].What, StringComparison.Ordinal);

    [Fact]
    public void Of_GpuThatComputedOnce_IsNoCause() => Assert.Empty(Of(JobStatus.Succeeded, Gpu(1)).Causes);

    [Fact]
    public void Of_GpuThatDoesNotReportIt_IsNoCause() => Assert.Empty(Of(JobStatus.Succeeded, Gpu(null)).Causes);

    [Fact]
    public void Of_TwoSamples_AreTooFew() => Assert.Empty(Of(JobStatus.Succeeded, Gpu(0) with { Samples = 2 }).Causes);

    [Fact]
    public void Of_AJobThatFailed_HasOtherCauses() =>
        Assert.DoesNotContain(Of(JobStatus.Failed, Gpu(0)).Causes, cause => cause.Code == "gpu-idle");

    private static GpuUsage Gpu(double? busy, double seconds = 600) =>
        new() { Id = "0", Samples = 5, Seconds = seconds, BusyPercentAverage = busy, BusyPercentPeak = busy, MemoryPeakMiB = 3 };

    private static Refrag.Diagnosis.Diagnosis Of(string status, params GpuUsage[] gpus) => Diagnostician.Of(new Situation
    {
        Job = new JobDetail
        {
            JobId = "id",
            JobName = "name",
            JobQueue = "queue",
            JobDefinition = "definition",
            Status = status,
            StartedAt = 1,
        },
        QueueName = "queue",
        DefinitionName = "definition",
        Needs = new Requirement { Amount = Amount.Of(8, 32768, gpus.Length) },
        Now = DateTimeOffset.UnixEpoch,
        Catalogue = InstanceCatalogue.Load(),
        Usage = new JobUsage(1, 1, new AttemptUsage { Seconds = 600, Samples = 300, Gpus = gpus }),
    });
}

using Refrag.Traces;

namespace Refrag.Tests.Traces;

public sealed class WorkloadGeneratorTests
{
    [Fact]
    public void Make_OfManyJobs_HasTheRatesThatWereAskedFor()
    {
        Workload made = WorkloadGenerator.Parse("jobs=20000,per_hour=100,gpu_part=0.25,cpu_run=10m,gpu_run=2h,spread=1").Value.Make(1);

        // 200 hours; the standard deviation of the sum of 20,000 arrivals is below one percent.
        Assert.InRange(made.Jobs[^1].SubmittedAt / 3_600_000.0, 194, 206);
        Assert.InRange(made.Jobs.Count(job => job.IsGpu) / 20_000.0, 0.24, 0.26);
        Assert.InRange(Median(made, isGpu: false), 570, 630);
        Assert.InRange(Median(made, isGpu: true), 6700, 7700);
        // Of a lognormal distribution 84.1 % lie below e times the median where the spread is 1.
        Assert.InRange(made.Jobs.Where(job => !job.IsGpu).Average(job => job.Runs <= 600_000 * Math.E ? 1 : 0), 0.83, 0.85);
    }

    [Fact]
    public void Make_OfASeed_IsTheSameEachTime()
    {
        WorkloadGenerator generator = WorkloadGenerator.Parse("jobs=50").Value;

        Assert.Equal(generator.Make(7).Jobs, generator.Make(7).Jobs);
        Assert.NotEqual(generator.Make(7).Jobs, generator.Make(8).Jobs);
    }

    [Theory]
    [InlineData("jobs=0", "jobs of a generated workload cannot be '0'")]
    [InlineData("gpu_parts=0.5", "a generated workload has no setting gpu_parts")]
    [InlineData("cpu_run=long", "cpu_run of a generated workload cannot be 'long'")]
    public void Parse_OfWhatIsNotPossible_SaysSo(string text, string what)
    {
        Assert.False(WorkloadGenerator.Parse(text).TryGet(out _, out IReadOnlyList<Problem> problems));

        Assert.Equal(what, Assert.Single(problems).What);
    }

    private static double Median(Workload workload, bool isGpu)
    {
        long[] runs = [.. workload.Jobs.Where(job => job.IsGpu == isGpu).Select(job => job.Runs).Order()];
        return runs[runs.Length / 2] / 1000.0;
    }
}

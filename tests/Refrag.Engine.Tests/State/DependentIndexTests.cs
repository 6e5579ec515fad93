using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Jobs.Plans;
using Refrag.Engine.State;

namespace Refrag.Engine.Tests.State;

public sealed class DependentIndexTests
{
    private const int Size = 3;

    // The index keeps nothing child by child, so that it is checked against what each job says that it waits for.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Of_JobsAndArraysWithDependencies_AreThoseThatWaitForTheJob(int seed)
    {
        var chance = new Random(seed);
        var index = new DependentIndex();
        List<Job> jobs = [];
        for (int i = 0; i < 30; i++)
        {
            Job job = New(i, jobs, chance);
            jobs.AddRange([job, .. Enumerable.Range(0, job.Plan.ArraySize ?? 0).Select(child => Job.Child(job, child))]);
        }
        jobs.ForEach(index.Add);

        foreach (Job job in jobs)
        {
            string[] waiting = [.. jobs.Where(other => other.WaitsFor.Contains(job.Id)).Select(other => other.Id)];
            Assert.Equal(waiting.Order(StringComparer.Ordinal), index.Of(job).Distinct().Order(StringComparer.Ordinal));
        }
        Assert.Contains(jobs, job => job.ArrayId is not null && index.Of(job).Any());
    }

    [Fact]
    public void Remove_AJob_ForgetsWhoWaitsForIt()
    {
        var index = new DependentIndex();
        Job first = JobFixture.Job(JobFixture.Plan());
        JobPlan waiting = JobFixture.Plan() with { DependsOn = [new JobDependency { JobId = first.Id }] };
        Job second = JobFixture.Job(waiting) with { Id = "second" };
        index.Add(first);
        index.Add(second);
        Assert.Equal(["second"], index.Of(first));
        index.Remove(first, _ => true);
        Assert.Empty(index.Of(first));
    }

    [Fact]
    public void Remove_AJobThatCameAfterTheEndOfWhatItWaitsFor_LeavesNothing()
    {
        var index = new DependentIndex();
        Job first = JobFixture.Job(JobFixture.Plan());
        index.Add(first);
        index.Remove(first, _ => true);
        Job second = JobFixture.Job(JobFixture.Plan() with { DependsOn = [new JobDependency { JobId = first.Id }] }) with { Id = "second" };
        index.Add(second);
        index.Remove(second, _ => false);
        Assert.Equal(0, index.Size);
    }

    private static Job New(int number, List<Job> before, Random chance)
    {
        bool isArray = chance.Next(2) == 0;
        List<JobDependency> dependencies = [];
        Job[] submissions = [.. before.Where(job => job.ArrayId is null)];
        for (int i = chance.Next(4); i > 0 && submissions.Length > 0; i--)
        {
            Job other = submissions[chance.Next(submissions.Length)];
            bool isChildByChild = isArray && other.IsArrayParent && chance.Next(2) == 0;
            dependencies.Add(new JobDependency { JobId = other.Id, Type = isChildByChild ? ArrayJobDependency.NToN : null });
        }
        if (isArray && chance.Next(2) == 0) dependencies.Add(new JobDependency { Type = ArrayJobDependency.Sequential });
        JobPlan plan = JobFixture.Plan(array: isArray ? Size : null) with { DependsOn = dependencies };
        return JobFixture.Job(plan) with { Id = $"job-{number}" };
    }
}

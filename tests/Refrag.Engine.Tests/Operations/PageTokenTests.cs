using Refrag.Aws.Batch;

namespace Refrag.Engine.Tests.Operations;

/// <summary>
/// A page's token continues the list that it was made for, and no other. What AWS answers to a token of another list is not documented;
/// to continue at that place would leave jobs out.
/// </summary>
public sealed class PageTokenTests : EngineTest
{
    private const string License = "license";
    private const string Refusal = "Invalid nextToken";

    [Fact]
    public async Task ListJobs_TokenOfAnotherStatus_IsRefused()
    {
        FakeAttempt[] attempts = await RunTwo();
        ListJobsRequest request = new() { JobQueue = Request().JobQueue, JobStatus = JobStatus.Running, MaxResults = 1 };

        ListJobsResponse first = await Batch.SendAsync(BatchOperations.ListJobs, request, Token);
        request = request with { NextToken = first.NextToken };
        ListJobsResponse second = await Batch.SendAsync(BatchOperations.ListJobs, request, Token);

        Assert.Equal(
            attempts.Select(one => one.JobId).Order(), first.JobSummaryList.Concat(second.JobSummaryList).Select(job => job.JobId).Order());
        Assert.Null(second.NextToken);
        foreach (string other in JobStatus.All.Where(status => status != JobStatus.Running))
        {
            Assert.Contains(
                Refusal, await Refused(Batch.SendAsync(BatchOperations.ListJobs, request with { JobStatus = other }, Token)),
                StringComparison.Ordinal);
        }
        foreach (FakeAttempt attempt in attempts) attempt.End(0);
    }

    [Fact]
    public async Task ListJobsByConsumableResource_TokenOfAnotherStatus_IsRefused()
    {
        FakeAttempt[] attempts = await RunTwo();
        ListJobsByConsumableResourceRequest request = Of(JobStatus.Running);

        ListJobsByConsumableResourceResponse first = await Batch.SendAsync(BatchOperations.ListJobsByConsumableResource, request, Token);
        ListJobsByConsumableResourceResponse second = await Batch.SendAsync(
            BatchOperations.ListJobsByConsumableResource, request with { NextToken = first.NextToken }, Token);

        Assert.Equal(
            attempts.Select(one => one.JobId).Order(),
            first.Jobs.Concat(second.Jobs).Select(job => job.JobArn!.Split('/')[^1]).Order());
        Assert.Null(second.NextToken);
        foreach (string other in JobStatus.All.Where(status => status != JobStatus.Running))
        {
            Assert.Contains(
                Refusal,
                await Refused(Batch.SendAsync(
                    BatchOperations.ListJobsByConsumableResource, Of(other) with { NextToken = first.NextToken }, Token)),
                StringComparison.Ordinal);
        }
        foreach (FakeAttempt attempt in attempts) attempt.End(0);
    }

    private static ListJobsByConsumableResourceRequest Of(string status) => new()
    {
        ConsumableResource = License,
        MaxResults = 1,
        Filters = [new KeyValuesPair { Name = "JOB_STATUS", Values = [status] }],
    };

    private async Task<FakeAttempt[]> RunTwo()
    {
        await Batch.SendAsync(
            BatchOperations.CreateConsumableResource,
            new CreateConsumableResourceRequest { ConsumableResourceName = License, TotalQuantity = 2 }, Token);
        SubmitJobRequest request = Request() with
        {
            ConsumableResourcePropertiesOverride = new ConsumableResourceProperties
            {
                ConsumableResourceList = [new() { ConsumableResource = License, Quantity = 1 }],
            },
        };
        foreach (string id in (string[])[await Submit(request), await Submit(request)]) await Until(id, JobStatus.Running);
        return [await Runner.Next(), await Runner.Next()];
    }
}

using Refrag.Aws.Batch;
using Refrag.Aws.Ec2;
using Refrag.Aws.Ecs;
using Refrag.Aws.Logs;
using Refrag.Aws.Pricing;

namespace Refrag.Aws.Tests.Operations;

public sealed class PagingTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // The end of a list is a missing token, or from some services an empty one.
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task ItemsAsync_SeveralPages_AreReadToTheLastOne(string? end)
    {
        var transport = new FakeTransport(Page("a", "1"), new ListJobsResponse { JobSummaryList = [], NextToken = "2" }, Page("b", end));
        var request = new ListJobsRequest { JobQueue = "queue" };

        List<string> ids = await transport.ItemsAsync(BatchOperations.ListJobs, request, page => page.JobSummaryList, Stop)
            .Select(job => job.JobId).ToListAsync(Stop);

        Assert.Equal(["a", "b"], ids);
        Assert.Equal([request, request with { NextToken = "1" }, request with { NextToken = "2" }], transport.Requests);
    }

    [Fact]
    public async Task ItemsAsync_ReaderStopsEarly_RequestsNoFurtherPage()
    {
        var transport = new FakeTransport(Page("a", "1"));

        JobSummary first = await transport.ItemsAsync(BatchOperations.ListJobs, new(), page => page.JobSummaryList, Stop).FirstAsync(Stop);

        Assert.Equal("a", first.JobId);
        Assert.Single(transport.Requests);
    }

    [Fact]
    public async Task PagesAsync_OperationWithoutPages_IsSentOnce()
    {
        var transport = new FakeTransport(new DescribeJobsResponse());

        Assert.Single(await transport.PagesAsync(BatchOperations.DescribeJobs, new() { Jobs = ["a"] }, Stop).ToListAsync(Stop));
    }

    // A service that lies, or a proxy that repeats itself, must not make a client loop.
    [Theory]
    [InlineData("1", "1")]
    [InlineData("1", "2", "1")]
    public async Task ItemsAsync_TokenComesAgain_Fails(params string[] tokens)
    {
        var transport = new FakeTransport([.. tokens.Select(token => Page("a", token))]);

        var failure = await Assert.ThrowsAsync<AwsPagingException>(async () => await transport
            .ItemsAsync(BatchOperations.ListJobs, new() { JobQueue = "queue" }, page => page.JobSummaryList, Stop).CountAsync(Stop));

        Assert.Equal(("RF3013", tokens.Length), (failure.Problem.Code, transport.Requests.Count));
    }

    // Without a token for every list of EC2's, a second page would be silently left out. (EC2 API, NextToken)
    [Fact]
    public void NextPage_EveryDescribeOfEc2_IsThere() =>
        Assert.All(Ec2Operations.All.Where(o => o.Name.StartsWith("Describe", StringComparison.Ordinal)),
            o => Assert.True(o.Accept(new HasPages()), o.Name));

    // An operation that pages and has no NextPage would silently be read to its first page only.
    [Fact]
    public void NextPage_EveryOperationWithTokensInRequestAndResponse_IsThere()
    {
        AwsOperation[] all =
        [
            .. BatchOperations.All, .. LogsOperations.All, .. EcsOperations.All, .. Ecr.EcrOperations.All, .. Ec2Operations.All,
            PricingOperations.GetProducts,
        ];
        var paged = all.Where(o =>
            o.RequestType.GetProperty("NextToken") is not null && o.ResponseType.GetProperty("NextToken") is not null);

        Assert.Equal(paged.Select(o => o.Name), all.Where(o => o.Accept(new HasPages())).Select(o => o.Name));
    }

    private static ListJobsResponse Page(string id, string? next) =>
        new() { JobSummaryList = [new() { JobId = id, JobName = id }], NextToken = next };

    private sealed class HasPages : IAwsOperationVisitor<bool>
    {
        public bool Visit<TRequest, TResponse>(AwsOperation<TRequest, TResponse> operation)
            where TRequest : class
            where TResponse : class => operation.NextPage is not null;
    }
}

using Refrag.Aws.Batch;

namespace Refrag.Aws.Tests.Operations;

public sealed class OperationHandlersTests
{
    [Fact]
    public async Task Find_RegisteredOperation_GivesItsHandler()
    {
        var handlers = new OperationHandlers<string>().On(
            BatchOperations.CancelJob, static (context, request) => Task.FromResult(new CancelJobResponse()))
            .On(BatchOperations.DescribeJobs, static (context, request) =>
                Task.FromResult(new DescribeJobsResponse { Jobs = [new() { JobId = context, JobName = request.Jobs[0] }] }));

        DescribeJobsResponse response = await handlers.Find(BatchOperations.DescribeJobs)!("id", new() { Jobs = ["name"] });

        Assert.Equal(("id", "name"), (response.Jobs![0].JobId, response.Jobs[0].JobName));
    }

    [Fact]
    public void Find_OtherOperation_IsNull() =>
        Assert.Null(new OperationHandlers<string>().Find(BatchOperations.DescribeJobs));

    [Fact]
    public void On_SecondHandler_IsRefused()
    {
        var handlers =
            new OperationHandlers<string>().On(BatchOperations.CancelJob, static (_, _) => Task.FromResult(new CancelJobResponse()));

        Assert.Throws<ArgumentException>(
            () => handlers.On(BatchOperations.CancelJob, static (_, _) => Task.FromResult(new CancelJobResponse())));
    }
}

using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Infrastructure;

namespace Refrag.Tests.Infrastructure;

public sealed class SettledResourcesTests : IAwsTransport
{
    private readonly List<string> _updates = [];
    private string _status = "INVALID";
    private string _afterUpdate = "VALID";

    [Theory]
    [InlineData("VALID", "VALID", 0, "")]
    [InlineData("INVALID", "VALID", 1, "")]
    [InlineData("INVALID", "INVALID", 1, "RF6022")]
    public async Task RevalidateAsync_EnvironmentOfNewRoles_LetsBatchCheckItAgain(string status, string afterUpdate, int updates,
        string code)
    {
        (_status, _afterUpdate) = (status, afterUpdate);
        IReadOnlyList<Problem> problems = await new SettledResources(this, TimeProvider.System, TimeSpan.FromMilliseconds(1))
            .RevalidateAsync(["env"], TestContext.Current.CancellationToken);
        Assert.Equal(code, string.Join(',', problems.Select(p => p.Code)));
        if (problems is [var problem]) Assert.Equal("role not usable", problem.Cause);
        Assert.Equal(Enumerable.Repeat("env ENABLED", updates), _updates);
    }

    public Task<TResponse> SendAsync<TRequest,
        TResponse>(AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        if (request is UpdateComputeEnvironmentRequest update)
        {
            _updates.Add($"{update.ComputeEnvironment} {update.State}");
            _status = "UPDATING";
            return Task.FromResult((TResponse)(object)new UpdateComputeEnvironmentResponse());
        }
        var environment = new ComputeEnvironmentDetail
        {
            ComputeEnvironmentName = "env",
            ComputeEnvironmentArn = "arn",
            EcsClusterArn = "cluster",
            State = "ENABLED",
            Status = _status,
            StatusReason = "role not usable",
        };
        if (_status == "UPDATING") _status = _afterUpdate;
        return Task.FromResult((TResponse)(object)new DescribeComputeEnvironmentsResponse { ComputeEnvironments = [environment] });
    }
}

using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Infrastructure;

namespace Refrag.Tests.Infrastructure;

public sealed class SettledResourcesTests : IAwsTransport
{
    private readonly List<string> _updates = [];
    private string _status = "INVALID";
    private string _afterUpdate = "VALID";
    private readonly PassingTime _time = new();
    private int _lateLooks;
    private int _hiddenLooks;
    private string _state = "ENABLED";

    [Theory]
    [InlineData("VALID", "VALID", 0, "")]
    [InlineData("INVALID", "VALID", 1, "")]
    [InlineData("INVALID", "INVALID", 1, "RF6022")]
    public async Task RevalidateAsync_EnvironmentOfNewRoles_LetsBatchCheckItAgain(string status, string afterUpdate, int updates,
        string code)
    {
        (_status, _afterUpdate) = (status, afterUpdate);
        IReadOnlyList<Problem> problems = await new SettledResources(this, _time)
            .RevalidateAsync(["env"], TestContext.Current.CancellationToken);
        Assert.Equal(code, string.Join(',', problems.Select(p => p.Code)));
        if (problems is [var problem]) Assert.Equal("role not usable", problem.Cause);
        Assert.Equal(Enumerable.Repeat("env ENABLED", updates), _updates);
    }

    // AWS's lists are eventually consistent.
    [Fact]
    public async Task RevalidateAsync_ListShowsTheStatusOfBefore_LooksAgain()
    {
        _lateLooks = 4;
        Assert.Empty(await new SettledResources(this, _time).RevalidateAsync(["env"], TestContext.Current.CancellationToken));
        Assert.Single(_updates);
    }

    [Fact]
    public async Task RevalidateAsync_NewEnvironmentIsListedLate_LooksAgain()
    {
        _hiddenLooks = 4;
        Assert.Empty(await new SettledResources(this, _time).RevalidateAsync(["env"], TestContext.Current.CancellationToken));
        Assert.Single(_updates);
    }

    [Fact]
    public async Task RevalidateAsync_EnvironmentIsClosed_StaysClosed()
    {
        _state = "DISABLED";
        Assert.Empty(await new SettledResources(this, _time).RevalidateAsync(["env"], TestContext.Current.CancellationToken));
        Assert.Equal(["env DISABLED"], _updates);
    }

    [Theory]
    [InlineData(4, 1)]
    [InlineData(int.MaxValue, 0)]
    public async Task CloseQueueAsync_QueueIsNotListed_LooksAgainBeforeItIsTakenForGone(int hiddenLooks, int updates)
    {
        _hiddenLooks = hiddenLooks;
        Assert.Null(await new SettledResources(this, _time).CloseQueueAsync("queue", TestContext.Current.CancellationToken));
        Assert.Equal(updates, _updates.Count);
    }

    public Task<TResponse> SendAsync<TRequest,
        TResponse>(AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        if (request is DescribeJobQueuesRequest) return Task.FromResult((TResponse)(object)Queues());
        if (request is UpdateJobQueueRequest close)
        {
            _updates.Add($"{close.JobQueue} {close.State}");
            return Task.FromResult((TResponse)(object)new UpdateJobQueueResponse());
        }
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
            State = _state,
            Status = _updates.Count > 0 && _lateLooks-- > 0 ? "INVALID" : _status,
            StatusReason = "role not usable",
        };
        if (_status == "UPDATING" && environment.Status == "UPDATING") _status = _afterUpdate;
        return Task.FromResult((TResponse)(object)new DescribeComputeEnvironmentsResponse
        {
            ComputeEnvironments = _hiddenLooks-- > 0 ? [] : [environment],
        });
    }

    private DescribeJobQueuesResponse Queues() => new()
    {
        JobQueues = _hiddenLooks-- > 0 ? [] : [new()
        {
            JobQueueName = "queue", JobQueueArn = "arn", Priority = 1, ComputeEnvironmentOrder = [], Status = "VALID",
            State = _updates.Count > 0 ? "DISABLED" : "ENABLED",
        }],
    };
}

using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Infrastructure;

namespace Refrag.Tests.Infrastructure;

public sealed class DerivedDefinitionsTests : IAwsTransport
{
    private readonly List<string> _deregistered = [];

    [Fact]
    public async Task DeregisterAsync_DefinitionsOfSeveralStacks_RemovesThoseDerivedFromThisOne()
    {
        int count = await new DerivedDefinitions(this)
            .DeregisterAsync(["refrag-cpu-job-def", "refrag-gpu-job-def"], TestContext.Current.CancellationToken);
        Assert.Equal(["by-name", "by-revision", "by-arn"], _deregistered);
        Assert.Equal(3, count);
    }

    [Fact]
    public async Task DeregisterAsync_NothingWasDeployed_AsksNothing() =>
        Assert.Equal(0, await new DerivedDefinitions(new NoBatch()).DeregisterAsync([], TestContext.Current.CancellationToken));

    public Task<TResponse> SendAsync<TRequest,
        TResponse>(AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class => Task.FromResult((TResponse)Answer(request));

    private object Answer(object request)
    {
        if (request is DeregisterJobDefinitionRequest deregister)
        {
            _deregistered.Add(deregister.JobDefinition);
            return new DeregisterJobDefinitionResponse();
        }
        var describe = (DescribeJobDefinitionsRequest)request;
        Assert.Equal("ACTIVE", describe.Status);
        return describe.NextToken is null
            ? new DescribeJobDefinitionsResponse
            {
                NextToken = "2",
                JobDefinitions = [Derived("by-name", "refrag-cpu-job-def"), Derived("of-others", "team-cpu-job-def"),
                Derived("own", null)]
            }
            : new DescribeJobDefinitionsResponse
            {
                JobDefinitions =
                [
                    Derived("by-revision", "refrag-gpu-job-def:7"),
                    Derived("by-arn", "arn:aws-us-gov:batch:us-gov-west-1:123456789012:job-definition/refrag-cpu-job-def:2"),
                ],
            };
    }

    private static JobDefinition Derived(string arn, string? from) => new()
    {
        JobDefinitionName = arn,
        JobDefinitionArn = arn,
        Revision = 1,
        Type = "container",
        Tags = from is null ? null : new Dictionary<string, string>(StringComparer.Ordinal) { ["refrag:derived-from"] = from },
    };

    private sealed class NoBatch : IAwsTransport
    {
        public Task<TResponse> SendAsync<TRequest,
            TResponse>(AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
            where TRequest : class
            where TResponse : class => throw new NotSupportedException();
    }
}

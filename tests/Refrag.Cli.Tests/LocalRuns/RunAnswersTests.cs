using System.Text;
using System.Text.Json;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Cli.LocalRuns;

namespace Refrag.Cli.Tests.LocalRuns;

/// <summary>What a run answers at its socket while it lives and while it ends.</summary>
public sealed class RunAnswersTests
{
    private static readonly string s_question = RunEndpoint.NameOf(BatchOperations.DescribeJobs);

    [Fact]
    public async Task OfAsync_EngineThatFails_IsRefused()
    {
        (byte how, byte[] answer) = await AskAsync(BatchException.Server("DescribeJobs", "it failed"), isEnding: false);

        Assert.Equal(RunFrames.Refused, how);
        Assert.Contains("it failed", Encoding.UTF8.GetString(answer), StringComparison.Ordinal);
    }

    // The engine has stopped, and the socket is not closed yet: the reader finds the state on disk.
    [Fact]
    public async Task OfAsync_EngineThatHasStopped_EndsTheConnection() => await Assert.ThrowsAsync<IOException>(
        () => AskAsync(BatchException.Server("DescribeJobs", "it has stopped"), isEnding: true));

    // It answers until it has stopped, and knows what it does not have.
    [Fact]
    public async Task OfAsync_RefusalWhileTheRunEnds_IsRefused()
    {
        (byte how, _) = await AskAsync(BatchException.Client("DescribeJobs", "there is no such job"), isEnding: true);

        Assert.Equal(RunFrames.Refused, how);
    }

    private static Task<(byte How, byte[] Answer)> AskAsync(AwsException failure, bool isEnding) =>
        new RunAnswers(new Failing(failure), () => isEnding).OfAsync(
            s_question,
            JsonSerializer.SerializeToUtf8Bytes(new DescribeJobsRequest { Jobs = ["a"] }, BatchOperations.DescribeJobs.RequestJson),
            TestContext.Current.CancellationToken);

    private sealed class Failing(AwsException failure) : IAwsTransport
    {
        public Task<TResponse> SendAsync<TRequest, TResponse>(
            AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
            where TRequest : class
            where TResponse : class => Task.FromException<TResponse>(failure);
    }
}

using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Refrag.Aws.Batch;
using Refrag.Aws.Logs;
using Refrag.Aws.Tests.Signing;

namespace Refrag.Aws.Tests.Http;

public sealed class AwsClientTests
{
    private const string Submitted = """{"jobName":"train","jobId":"7e2a","jobArn":"arn:x","somethingNew":{"a":[1]}}""";
    private readonly List<TimeSpan> _waits = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SendAsync_SubmitJob_SendsWhatTheApiExpects()
    {
        await using var server = new FaultServer((_, _) => new Reply(200, Submitted));
        using var client = Clients.Impatient(server.Url, _waits);
        SubmitJobRequest request = Clients.Job() with
        {
            ContainerOverrides = new()
            {
                Command = ["echo", "grüße"],
                ResourceRequirements = [new() { Type = ResourceType.Gpu, Value = "1" }],
            },
            Tags = new Dictionary<string, string> { ["refrag:submission-id"] = "1" },
        };

        SubmitJobResponse response = await new CheckedTransport(client).SendAsync(BatchOperations.SubmitJob, request, Stop);

        Assert.Equal("7e2a", response.JobId);
        RawRequest sent = Assert.Single(server.Requests);
        Assert.Equal(("POST", "/v1/submitjob", "application/json"), (sent.Method, sent.Target, sent.Headers["content-type"]));
        Assert.Equal(
            """{"jobName":"train","jobQueue":"refrag-cpu-job-queue","jobDefinition":"refrag-cpu-job-def","containerOverrides":{"command":"""
                + """["echo","grüße"],"resourceRequirements":[{"value":"1","type":"GPU"}]},"tags":{"refrag:submission-id":"1"}}""",
            sent.BodyText);
        Assert.Null(SignatureVerifier.Fault(sent, Clients.Secret, "us-east-1", "batch"));
    }

    [Fact]
    public async Task SendAsync_TagOperations_PutTheArnIntoThePathAndSignIt()
    {
        const string Arn = "arn:aws:batch:us-east-1:123456789012:job-definition/refrag:3";
        await using var server = new FaultServer((_, _) => new Reply(200, """{"tags":{"a":"b"}}"""));
        using var client = Clients.Impatient(server.Url, _waits);
        var transport = new CheckedTransport(client);

        var tags = await transport.SendAsync(BatchOperations.ListTagsForResource, new() { ResourceArn = Arn }, Stop);
        await transport.SendAsync(BatchOperations.UntagResource, new() { ResourceArn = Arn, TagKeys = ["z z", "a&b"] }, Stop);
        await transport.SendAsync(
            BatchOperations.TagResource, new() { ResourceArn = Arn, Tags = new Dictionary<string, string> { ["k"] = "v" } }, Stop);

        Assert.Equal("b", tags.Tags!["a"]);
        const string Path = "/v1/tags/arn%3Aaws%3Abatch%3Aus-east-1%3A123456789012%3Ajob-definition%2Frefrag%3A3";
        Assert.Equal([("GET", Path), ("DELETE", $"{Path}?tagKeys=z%20z&tagKeys=a%26b"), ("POST", Path)],
            server.Requests.Select(r => (r.Method, r.Target)));
        Assert.Equal("""{"tags":{"k":"v"}}""", server.Requests.Last().BodyText);
        Assert.All(server.Requests, r => Assert.Null(SignatureVerifier.Fault(r, Clients.Secret, "us-east-1", "batch")));
    }

    [Fact]
    public async Task SendAsync_Logs_SpeaksJson11()
    {
        await using var server =
            new FaultServer((_, _) => new Reply(200, """{"events":[{"timestamp":5,"message":"hi"}],"nextForwardToken":"f/1"}"""));
        using var client = Clients.Impatient(server.Url, _waits);

        var page =
            await client.SendAsync(
                LogsOperations.GetLogEvents, new() { LogGroupName = "/aws/batch/job", LogStreamName = "s", StartFromHead = true }, Stop);

        Assert.Equal(("hi", 5L, "f/1"), (page.Events![0].Message, page.Events[0].Timestamp!.Value, page.NextForwardToken));
        RawRequest sent = Assert.Single(server.Requests);
        Assert.Equal(("/", "application/x-amz-json-1.1", "Logs_20140328.GetLogEvents"),
            (sent.Target, sent.Headers["content-type"], sent.Headers["x-amz-target"]));
        Assert.Null(SignatureVerifier.Fault(sent, Clients.Secret, "us-east-1", "logs"));
    }

    [Theory]
    [InlineData(429, "TooManyRequestsException")]
    [InlineData(400, "ThrottlingException")]
    [InlineData(503, "SlowDown")]
    public async Task SendAsync_ThrottledSubmitJob_IsRepeatedBecauseItDidNotArrive(int status, string code)
    {
        await using var server = new FaultServer((_, n) => n <= 2 ? Reply.Error(status, code, "Rate exceeded") : new Reply(200, Submitted));
        using var client = Clients.Impatient(server.Url, _waits);

        var response = await client.SendAsync(BatchOperations.SubmitJob, Clients.Job(), Stop);

        Assert.Equal("7e2a", response.JobId);
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task SendAsync_RetryAfter_IsWaitedFor()
    {
        await using var server =
            new FaultServer((_, n) => n == 1 ? Reply.Error(429, "TooManyRequestsException", "", "Retry-After: 7") : new Reply(200));
        using var client = Clients.Impatient(server.Url, _waits);

        await client.SendAsync(BatchOperations.DescribeJobQueues, new(), Stop);

        Assert.Contains(TimeSpan.FromSeconds(7), _waits);
    }

    [Fact]
    public async Task SendAsync_RetryAfterBeyondTheTimeLimit_GivesUpAtOnce()
    {
        await using var server = new FaultServer((_, _) => Reply.Error(429, "TooManyRequestsException", "", "Retry-After: 3600"));
        using var client = Clients.Impatient(server.Url, _waits);

        var error = await Assert.ThrowsAsync<BatchException>(() => client.SendAsync(BatchOperations.DescribeJobQueues, new(), Stop));

        Assert.Equal(("RF3002", true, false), (error.Problem.Code, error.MayPass, error.MayHaveTakenEffect));
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    public async Task SendAsync_ServerFault_RepeatsWhatIsRepeatableUpToTheLimit(int status)
    {
        await using var server = new FaultServer((_, _) => Reply.Error(status, "ServerException", "internal", "x-amzn-RequestId: r-1"));
        using var client = Clients.Impatient(server.Url, _waits);

        var error =
            await Assert.ThrowsAsync<BatchException>(() => client.SendAsync(BatchOperations.DescribeJobs, new() { Jobs = ["j"] }, Stop));

        Assert.Equal(("ServerException", (HttpStatusCode)status, "r-1"), (error.ErrorCode, error.StatusCode, error.RequestId));
        Assert.Equal(new RetryLimits().Attempts, server.Requests.Count);
    }

    [Theory]
    [InlineData(1, 2, false)]
    [InlineData(int.MaxValue, 3, true)]
    public async Task SendAsync_NoAnswerWithinTheTimeOfAnAttempt_RepeatsWhatOnlyReads(int hangs, int requests, bool fails)
    {
        var handler = new HangingHandler(hangs);
        using var client = new AwsClient(
            Clients.Options("http://127.0.0.1:1") with { Time = handler.Time, Random = new NoJitter() }, handler);

        Task<DescribeJobsResponse> answer = client.SendAsync(BatchOperations.DescribeJobs, new() { Jobs = ["j"] }, Stop);

        if (fails) await Assert.ThrowsAsync<AwsConnectionException>(() => answer);
        else Assert.Empty((await answer).Jobs!);
        Assert.Equal(requests, handler.Requests);
    }

    [Fact]
    public async Task SendAsync_ServerFaultOnSubmitJob_IsNotRepeated()
    {
        await using var server = new FaultServer((_, _) => Reply.Error(500, "ServerException"));
        using var client = Clients.Impatient(server.Url, _waits);

        var error = await Assert.ThrowsAsync<BatchException>(() => client.SendAsync(BatchOperations.SubmitJob, Clients.Job(), Stop));

        Assert.True(error.MayHaveTakenEffect);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task SendAsync_AnswerOfSubmitJobLost_SaysSoAndDoesNotRepeat()
    {
        await using var server = new FaultServer((_, _) => Reply.Lost);
        using var client = Clients.Impatient(server.Url, _waits);

        var error =
            await Assert.ThrowsAsync<AwsConnectionException>(() => client.SendAsync(BatchOperations.SubmitJob, Clients.Job(), Stop));

        Assert.True(error.AnswerLost);
        Assert.Equal("RF3006", error.Problem.Code);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task SendAsync_UnreadableAnswerOfSubmitJob_CountsAsLost()
    {
        await using var server = new FaultServer((_, _) => new Reply(200, "<html>ok</html>"));
        using var client = Clients.Impatient(server.Url, _waits);

        var error =
            await Assert.ThrowsAsync<AwsConnectionException>(() => client.SendAsync(BatchOperations.SubmitJob, Clients.Job(), Stop));

        Assert.True(error.AnswerLost);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task SendAsync_AnswerOfDescribeLost_IsRepeated()
    {
        await using var server =
            new FaultServer(
                (_, n) => n == 1
                    ? Reply.Lost
                    : new Reply(200, """{"jobs":[{"jobId":"j","status":"RUNNABLE","jobName":"n","jobQueue":"q"}]}"""));
        using var client = Clients.Impatient(server.Url, _waits);

        var answer = await client.SendAsync(BatchOperations.DescribeJobs, new() { Jobs = ["j"] }, Stop);

        Assert.Equal((JobStatus.Runnable, null, ""), (answer.Jobs![0].Status, answer.Jobs[0].StartedAt, answer.Jobs[0].JobDefinition));
    }

    [Fact]
    public async Task SendAsync_DeadEndpoint_FailsAsNotSentAndNamesTheCure()
    {
        const string Url = "http://127.0.0.1:1";
        using var client = Clients.Impatient(Url, _waits);

        var error =
            await Assert.ThrowsAsync<AwsConnectionException>(() => client.SendAsync(BatchOperations.SubmitJob, Clients.Job(), Stop));

        Assert.False(error.AnswerLost);
        Assert.Equal("RF3005", error.Problem.Code);
        Assert.Contains("env.endpoint_url", error.Problem.Cure, StringComparison.Ordinal);
        Assert.Contains(Url, error.Problem.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SendAsync_ClockIsWrong_SignsAgainWithTheServersTime()
    {
        DateTimeOffset server = DateTimeOffset.UnixEpoch.AddYears(40);
        await using var fake = new FaultServer((r, n) => n == 1
            ? Reply.Error(403, "InvalidSignatureException", "Signature expired: 1 is now earlier than 2",
            $"Date: {server.ToString("R", CultureInfo.InvariantCulture)}")
            : new Reply(200, Submitted));
        using var client = Clients.Impatient(fake.Url, _waits);

        await client.SendAsync(BatchOperations.SubmitJob, Clients.Job(), Stop);

        Assert.StartsWith("20100101T0000", fake.Requests.Last().Headers["x-amz-date"], StringComparison.Ordinal);
        Assert.Null(SignatureVerifier.Fault(fake.Requests.Last(), Clients.Secret, "us-east-1", "batch"));
    }

    [Fact]
    public async Task SendAsync_ClockStaysWrong_SaysThatItIsTheClock()
    {
        await using var fake = new FaultServer((_, _) => Reply.Error(403, "RequestTimeTooSkewed", "The difference is too large."));
        using var client = Clients.Impatient(fake.Url, _waits);

        var error = await Assert.ThrowsAsync<BatchException>(() => client.SendAsync(BatchOperations.SubmitJob, Clients.Job(), Stop));

        Assert.Equal("RF3014", error.Problem.Code);
        Assert.Contains("clock", error.Problem.Cure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SendAsync_WrongKeysAndRightClock_AreNotRepeated()
    {
        await using var server =
            new FaultServer(
                (_, _) =>
                    Reply.Error(403, "UnrecognizedClientException", "The security token included in the request is invalid.",
                        $"Date: {TimeProvider.System.GetUtcNow().ToString("R", CultureInfo.InvariantCulture)}"));
        using var client = Clients.Impatient(server.Url, _waits);

        var error = await Assert.ThrowsAsync<BatchException>(() => client.SendAsync(BatchOperations.DescribeJobQueues, new(), Stop));

        Assert.Equal("RF3003", error.Problem.Code);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("""{"__type":"com.amazonaws.logs#ResourceNotFoundException","message":"The specified log stream does not exist."}""",
        "ResourceNotFoundException")]
    [InlineData("""{"code":"ClientException","Message":"The specified log stream does not exist."}""", "ClientException")]
    public async Task SendAsync_ErrorInTheBody_IsRead(string body, string code)
    {
        await using var server = new FaultServer((_, _) => new Reply(400, body));
        using var client = Clients.Impatient(server.Url, _waits);

        var error =
            await Assert.ThrowsAsync<LogsException>(
                () => client.SendAsync(LogsOperations.GetLogEvents, new() { LogStreamName = "s" }, Stop));

        Assert.Equal((code, "The specified log stream does not exist."), (error.ErrorCode, error.Error.Message));
    }

    [Fact]
    public async Task SendAsync_IdempotencyToken_StaysTheSameOverRepeats()
    {
        await using var server = new FaultServer((_, n) => n == 1 ? Reply.Lost : new Reply(200));
        using var client = Clients.Impatient(server.Url, _waits);

        await client.SendAsync(
            BatchOperations.UpdateConsumableResource, new() { ConsumableResource = "licence", Operation = "ADD", Quantity = 1 }, Stop);

        Assert.Equal(2, server.Requests.Count);
        string token = JsonDocument.Parse(server.Requests.First().Body).RootElement.GetProperty("clientToken").GetString()!;
        Assert.True(Guid.TryParse(token, out _));
        Assert.Contains(token, server.Requests.Last().BodyText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SendAsync_BrokenLimits_SendsNothing()
    {
        await using var server = new FaultServer((_, _) => new Reply(200, Submitted));
        using var client = Clients.Impatient(server.Url, _waits);

        var error = await Assert.ThrowsAsync<InvalidRequestException>(
            () => new CheckedTransport(client).SendAsync(BatchOperations.SubmitJob, Clients.Job("-x") with { DependsOn = [new()] }, Stop));

        Assert.Equal(["RF3104", "RF3106"], error.Problems.Select(p => p.Code));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task SendAsync_CancelledByTheCaller_IsCancelled()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        await using var server = new FaultServer((_, _) =>
        {
            cancel.Cancel();
            return Reply.Lost;
        });
        using var client = Clients.Impatient(server.Url, _waits);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => client.SendAsync(BatchOperations.DescribeJobQueues, new(), cancel.Token));
    }

    // Answers nothing to the first requests, until their attempts' time is over.
    private sealed class HangingHandler(int hangs) : HttpMessageHandler
    {
        public FakeTimeProvider Time { get; } = new();

        public int Requests { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Content is { } content) await content.CopyToAsync(Stream.Null, cancellationToken);
            if (Requests++ >= hangs)
                return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("""{ "jobs": [] }""") };
            Task forever = Task.Delay(Timeout.Infinite, cancellationToken);
            Time.Advance(new RetryLimits().AttemptTime);
            await forever;
            throw new InvalidOperationException("It was not cancelled.");
        }
    }
}

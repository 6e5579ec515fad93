using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Events;
using Refrag.Server.Endpoints;
using Refrag.Server.Events;

namespace Refrag.Server.Tests.Access;

/// <summary>A request belongs to the region that its signature names.</summary>
public sealed class RequestRegionTests
{
    private const string Path = "/v1/describejobs";
    private const string Body = """{"jobs":["a"]}""";
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 18, 30, 0, TimeSpan.Zero));
    private readonly Dictionary<string, EchoTransport> _regions = [];

    [Theory]
    [InlineData("eu-west-1")]
    [InlineData("us-east-1")]
    [InlineData("cn-north-1")]
    [InlineData("us-gov-west-1")]
    public async Task Signature_OfARegion_ReachesThatRegionAlone(string region)
    {
        await using TestServer server = await StartAsync();
        Answer answer = await server.SendAsync(server.Signed(HttpMethod.Post, Path, Body, region: region));
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
        Assert.Equal([region], _regions.Keys);
        Assert.Equal([BatchOperations.DescribeJobs.Name], _regions[region].Asked.Keys);
    }

    // AWS's words, as reported: with this code of MediaStore (fsouza/s3-upload-proxy#241) and DynamoDB, without it of IAM, SES and SQS
    // (aws-sdk-php#493, aws-sdk-java#1097, aws-sdk-ruby#508). That Batch answers so is assumed.
    [Theory]
    [InlineData("eu-middle-9")]
    [InlineData("..")]
    [InlineData("US-EAST-1")]
    public async Task Signature_OfNoRegion_IsRefusedAsAwsDoes(string region)
    {
        await using TestServer server = await StartAsync();
        Answer answer = await server.SendAsync(server.Signed(HttpMethod.Post, Path, Body, region: region));
        Assert.Equal((HttpStatusCode.Forbidden, "InvalidSignatureException"), (answer.Status, answer.ErrorType));
        Assert.Equal($"Credential should be scoped to a valid region, not '{region}'.", answer.Message);
        Assert.Empty(_regions);
    }

    [Fact]
    public async Task Signature_ThatIsWrong_OpensNoRegion()
    {
        await using TestServer server = await StartAsync();
        var wrong = new AwsKeys(TestServer.Key.AccessKeyId, "wrong");
        Answer answer = await server.SendAsync(server.Signed(HttpMethod.Post, Path, Body, wrong, region: "eu-west-1"));
        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Empty(_regions);
    }

    [Theory]
    [InlineData("anything", "eu-north-1")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/b/c", "eu-north-1")]
    [InlineData("AWS4-HMAC-SHA256 Credential=any/20261122/eu-west-1/batch/aws4_request, SignedHeaders=host, Signature=0", "eu-west-1")]
    [InlineData("AWS4-HMAC-SHA256 Credential=any/20261122/eu-west-1/batch/aws4_request", "eu-west-1")]
    public async Task AnyCredentials_OfAHeader_AreOfItsRegionOrTheServers(string header, string region)
    {
        await using TestServer server = await StartAsync(o => o with { Keys = null, Region = "eu-north-1" });
        var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new StringContent(Body) };
        request.Headers.TryAddWithoutValidation("Authorization", header);
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(request)).Status);
        Assert.Equal([region], _regions.Keys);
    }

    [Fact]
    public async Task PresignedUrl_OfARegion_ReachesItUntilItExpires()
    {
        await using TestServer server = await StartAsync();
        Presigned url = new(server.Url, "eu-west-1", _time.GetUtcNow(), seconds: 60);
        Answer answer = await server.SendAsync(url.Request());
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
        Assert.Equal(["eu-west-1"], _regions.Keys);

        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(url.Request())).Status);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("InvalidSignatureException", (await server.SendAsync(url.Request())).ErrorType);
    }

    [Fact]
    public async Task PresignedUrl_OfTheYear9999_IsNotYetCurrent()
    {
        await using TestServer server = await StartAsync();
        Presigned url = new(server.Url, "eu-west-1", new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero), seconds: 60);
        Answer answer = await server.SendAsync(url.Request());
        Assert.Equal((HttpStatusCode.Forbidden, "InvalidSignatureException"), (answer.Status, answer.ErrorType));
        Assert.StartsWith("Signature not yet current", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PresignedUrl_ThatIsNotAsSigned_IsRefused()
    {
        await using TestServer server = await StartAsync();
        Presigned url = new(server.Url, "eu-west-1", _time.GetUtcNow(), seconds: 60);
        (string Query, string Code)[] wrong =
        [
            (url.Query.Replace("eu-west-1", "eu-west-2", StringComparison.Ordinal), "InvalidSignatureException"),
            (url.Query.Replace("X-Amz-Expires=60", "X-Amz-Expires=61", StringComparison.Ordinal), "InvalidSignatureException"),
            (url.Query.Replace("X-Amz-Expires=60", "X-Amz-Expires=604801", StringComparison.Ordinal), "IncompleteSignatureException"),
            (url.Query.Replace("X-Amz-Expires=60&", "", StringComparison.Ordinal), "IncompleteSignatureException"),
            (url.Query.Replace("SHA256", "SHA1", StringComparison.Ordinal), "IncompleteSignatureException"),
            (url.Query + "&X-Amz-Security-Token=token", "UnrecognizedClientException"),
            (url.Query + "&tagKeys=more", "InvalidSignatureException"),
        ];
        foreach ((string query, string code) in wrong)
        {
            Answer answer = await server.SendAsync(url.Request(query));
            Assert.True((answer.Status, answer.ErrorType) == (HttpStatusCode.Forbidden, code), $"{query}: {answer}");
        }
        Assert.Equal(HttpStatusCode.Forbidden, (await server.SendAsync(url.Request(method: HttpMethod.Delete))).Status);
        Assert.Empty(_regions);
    }

    [Fact]
    public async Task Rehearsal_Operations_AreOfTheSignaturesRegion()
    {
        List<string> asked = [];
        var rehearsing = new Rehearsing(
            (region, _) =>
            {
                asked.Add($"events {region}");
                return Task.FromResult<IReadOnlyList<Problem>>([]);
            },
            (region, _) =>
            {
                asked.Add($"fleets {region}");
                return Task.FromResult(new RehearsedFleets([], []));
            },
            (region, jobId, _) =>
            {
                asked.Add($"start of {jobId} {region}");
                return Task.FromResult(new DescribeStartResponse { AskedAt = DateTimeOffset.UnixEpoch });
            });
        await using TestServer server = await StartAsync(o => o with { Rehearsing = rehearsing });
        await server.SendAsync(server.Signed(HttpMethod.Post, "/rehearsal/events", "[]", region: "eu-west-1"));
        await server.SendAsync(server.Signed(HttpMethod.Get, "/rehearsal/fleets", null, region: "us-east-2"));
        await server.SendAsync(server.Signed(HttpMethod.Get, "/rehearsal/start?jobId=1%3A2", null, region: "us-west-1"));
        Assert.Equal(["events eu-west-1", "fleets us-east-2", "start of 1:2 us-west-1"], asked);
    }

    [Fact]
    public async Task Events_OfAStream_AreThoseOfItsRegion()
    {
        var hub = new EventHub();
        await using TestServer server = await StartAsync(o => o with { Events = hub });
        using CancellationTokenSource limit = Eventually.Stop();
        using HttpRequestMessage request = server.Signed(HttpMethod.Get, "/refrag/events", null, region: "eu-west-1");
        using HttpResponseMessage response = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(limit.Token));
        Assert.StartsWith(":", await reader.ReadLineAsync(limit.Token), StringComparison.Ordinal);

        foreach (string region in (string[])["us-east-1", "eu-west-1"]) hub.Publish(Change(region));

        string? line;
        do line = await reader.ReadLineAsync(limit.Token);
        while (line?.StartsWith("data: ", StringComparison.Ordinal) != true);
        Assert.Equal("eu-west-1", (string?)JsonNode.Parse(line["data: ".Length..])!["region"]);
    }

    private async Task<TestServer> StartAsync(Func<BatchServerOptions, BatchServerOptions>? change = null)
    {
        var answers = new JsonObject
        {
            ["DescribeJobs"] = new JsonObject { ["jobs"] = new JsonArray() },
            ["ListTagsForResource"] = new JsonObject { ["tags"] = new JsonObject() },
        };
        return await TestServer.StartAsync(
            new EchoTransport([]), _time, change: o => (change ?? (same => same))(o with { Regions = Find }));

        ValueTask<IAwsTransport> Find(string region)
        {
            if (!_regions.TryGetValue(region, out EchoTransport? known)) _regions[region] = known = new EchoTransport(answers);
            return ValueTask.FromResult<IAwsTransport>(known);
        }
    }

    private JobStateChanged Change(string region) => new()
    {
        Time = _time.GetUtcNow(),
        Job = new JobDetail
        {
            JobArn = $"arn:aws:batch:{region}:000000000000:job/j",
            JobId = "j",
            JobName = "name",
            JobQueue = "q",
            JobDefinition = "d",
            Status = JobStatus.Runnable,
            StartedAt = 1,
        },
    };
}

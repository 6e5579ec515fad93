using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Refrag.Aws.S3;
using Refrag.Aws.Tests.Peers;

namespace Refrag.Aws.Tests.S3;

/// <summary>Objects, against moto, against botocore's signature, and against a server with faults.</summary>
public sealed class S3ObjectsTests(Moto moto) : IClassFixture<Moto>
{
    private static readonly S3Address s_address = new("bucket", "a/b c.tar.gz");
    private static readonly byte[] s_small = Encoding.UTF8.GetBytes("content");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [Trait("Peer", "moto")]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(S3Objects.PartBytes - 1)]
    [InlineData(S3Objects.PartBytes)]
    [InlineData((2 * S3Objects.PartBytes) + 17)]
    public async Task Put_AnySize_IsReadAsItWasWritten(int bytes)
    {
        await MakeBucketAsync();
        using var objects = new S3Objects(Clients.Options(moto.Url));
        S3Address address = s_address with { Key = string.Create(CultureInfo.InvariantCulture, $"p/é {bytes}") };
        byte[] content = new byte[bytes];
        new Random(bytes).NextBytes(content);

        Assert.False(await objects.ExistsAsync(address, Stop));
        await objects.PutAsync(address, new MemoryStream(content), Stop);
        Assert.True(await objects.ExistsAsync(address, Stop));
        using var read = new MemoryStream();
        await objects.GetAsync(address, read, Stop);

        Assert.Equal(content, read.ToArray());
    }

    [Fact]
    [Trait("Peer", "moto")]
    public async Task Remove_Object_IsGoneAndMayBeRemovedAgain()
    {
        await MakeBucketAsync();
        using var objects = new S3Objects(Clients.Options(moto.Url));
        S3Address address = s_address with { Key = "removed" };
        await objects.PutAsync(address, new MemoryStream(s_small), s_small.Length, Stop);
        await objects.RemoveAsync(address, Stop);
        await objects.RemoveAsync(address, Stop);

        Assert.False(await objects.ExistsAsync(address, Stop));
        var fault = await Assert.ThrowsAsync<AwsServiceException>(() => objects.GetAsync(address, Stream.Null, Stop));
        Assert.Equal("NoSuchKey", fault.ErrorCode);
    }

    [Fact]
    [Trait("Peer", "moto")]
    public async Task Create_NameThatIsTaken_IsNotWritten()
    {
        await MakeBucketAsync();
        using var objects = new S3Objects(Clients.Options(moto.Url));
        S3Address address = s_address with { Key = "claims/one.json" };
        Assert.True(await objects.CreateAsync(address, s_small, Stop));
        Assert.False(await objects.CreateAsync(address, Encoding.UTF8.GetBytes("another"), Stop));
        using var read = new MemoryStream();
        await objects.GetAsync(address, read, Stop);

        Assert.Equal(s_small, read.ToArray());
    }

    [Fact]
    [Trait("Peer", "moto")]
    public async Task List_MoreThanAPage_IsEveryKeyBelowThePrefix()
    {
        await MakeBucketAsync();
        using var objects = new S3Objects(Clients.Options(moto.Url));
        // A page has 1,000 keys. (API ListObjectsV2)
        string[] keys = [.. Enumerable.Range(0, 1001).Select(i => string.Create(CultureInfo.InvariantCulture, $"list/é {i:D4}"))];
        await Parallel.ForEachAsync(keys, Stop, async (key, stop) =>
            await objects.CreateAsync(s_address with { Key = key }, s_small, stop));
        await objects.CreateAsync(s_address with { Key = "listed elsewhere" }, s_small, Stop);

        Assert.Equal(keys, await objects.ListAsync(s_address with { Key = "list/" }, Stop).ToListAsync(Stop));
    }

    [Theory]
    [Trait("Peer", "moto")]
    [InlineData(0.5, "of the upload")]
    [InlineData(2, null)]
    public async Task Renew_ObjectOfThisAgeInDays_IsWrittenAnewIfItIsOlderThanADay(double days, string? mark)
    {
        await MakeBucketAsync();
        S3Address address = s_address with { Key = string.Create(CultureInfo.InvariantCulture, $"r/{days} =") };
        await AskAsync(address, """s3.put_object(Bucket=bucket, Key=key, Body=b"content", Metadata={"mark": "of the upload"})""");
        using var objects = new S3Objects(Clients.Options(moto.Url) with { Time = new Later(TimeSpan.FromDays(days)) });

        Assert.True(await objects.RenewAsync(address, TimeSpan.FromDays(1), Stop));
        Assert.False(await objects.RenewAsync(address with { Key = "none" }, TimeSpan.FromDays(1), Stop));

        // A copy onto itself replaces what is said of the object.
        const string Read =
            "o = s3.get_object(Bucket=bucket, Key=key); print(o['Body'].read().decode(), o['Metadata'].get('mark', ''), end='')";
        Assert.Equal($"content {mark}", await AskAsync(address, Read));
    }

    private Task<string> AskAsync(S3Address address, string question) => Peer.PythonAsync(
        $"""
        import boto3, sys
        url, bucket, key = sys.argv[1:]
        s3 = boto3.client("s3", endpoint_url=url, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="s")
        {question}
        """, moto.Url, address.Bucket, address.Key);

    [Fact]
    public async Task Renew_CopyThatIsRefused_IsThereAllTheSame()
    {
        await using var server = new FaultServer(static (request, _) => request.Method == "HEAD"
            ? new Reply(200, "", "Last-Modified: Wed, 21 Oct 2015 07:28:00 GMT")
            : new Reply(403, "<Error><Code>AccessDenied</Code></Error>"));
        using var objects = new S3Objects(Clients.Options(server.Url));

        Assert.True(await objects.RenewAsync(s_address, TimeSpan.FromDays(1), Stop));
        Assert.Equal("/bucket/a/b%20c.tar.gz", server.Requests.Last().Headers["x-amz-copy-source"]);
    }

    [Fact]
    [Trait("Peer", "moto")]
    public async Task HasBucket_OneAndNone_SaysSo()
    {
        await MakeBucketAsync();
        using var objects = new S3Objects(Clients.Options(moto.Url));
        Assert.True(await objects.HasBucketAsync("bucket", Stop));
        Assert.False(await objects.HasBucketAsync("no-such-bucket", Stop));
    }

    [Fact]
    public async Task Get_ObjectThatIsReplacedMeanwhile_IsRefusedAndNotMixed()
    {
        await using var server = new FaultServer(static (request, number) => number == 1
            ? new Reply(206, new string('x', 100), "ETag: \"one\"", "Content-Range: bytes 0-99/200")
            : request.Headers.GetValueOrDefault("if-match") == "\"one\""
                ? new Reply(412, "<Error><Code>PreconditionFailed</Code></Error>")
                : new Reply(206, new string('y', 100), "ETag: \"two\"", "Content-Range: bytes 100-199/200"));
        using var objects = new S3Objects(Clients.Options(server.Url));

        var fault = await Assert.ThrowsAsync<AwsServiceException>(() => objects.GetAsync(s_address, Stream.Null, Stop));
        Assert.Equal(S3Objects.PreconditionFailed, fault.ErrorCode);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Put_SmallContent_CarriesItsChecksumAndHash()
    {
        await using var server = new FaultServer(static (_, _) => new Reply(200, ""));
        using var objects = new S3Objects(Clients.Options(server.Url));
        await objects.PutAsync(s_address, new MemoryStream(s_small), Stop);

        RawRequest request = Assert.Single(server.Requests);
        Assert.Equal(("PUT", "/bucket/a/b%20c.tar.gz", "content"), (request.Method, request.Target, request.BodyText));
        // printf content | sha256sum
        Assert.Equal("ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73", request.Headers["x-amz-content-sha256"]);
        Assert.Equal("7XACtDnprIRfIjV9giusFERzD722AW0+yUMil7nsn3M=", request.Headers["x-amz-checksum-sha256"]);
    }

    [Fact]
    public async Task Put_FaultsOfTheService_AreRepeated()
    {
        await using var server = new FaultServer(static (_, number) => number switch
        {
            1 => new Reply(503, "<Error><Code>SlowDown</Code><Message>Reduce</Message></Error>"),
            2 => Reply.Lost,
            3 => new Reply(500, "<Error><Code>InternalError</Code></Error>"),
            _ => new Reply(200, ""),
        });
        List<TimeSpan> waits = [];
        using var objects = new S3Objects(Clients.Options(server.Url) with { Time = new ImpatientTime(waits) });
        await objects.PutAsync(s_address, new MemoryStream(s_small), Stop);

        Assert.Equal(4, server.Requests.Count);
        Assert.Equal(3, waits.Count);
    }

    [Fact]
    public async Task Send_BucketOfAnotherRegion_IsFollowedThere()
    {
        await using var server = new FaultServer(static (request, _) =>
            request.Headers["authorization"].Contains("/eu-west-1/s3/", StringComparison.Ordinal)
                ? new Reply(200, "")
                : new Reply(301, "", "x-amz-bucket-region: eu-west-1"));
        using var objects = new S3Objects(Clients.Options(server.Url));

        Assert.True(await objects.ExistsAsync(s_address, Stop));
        Assert.True(await objects.ExistsAsync(s_address, Stop));
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task Exists_WithoutTheRight_SaysWhichAndNoSecret()
    {
        await using var server = new FaultServer(static (_, _) => new Reply(403, ""));
        using var objects = new S3Objects(Clients.Options(server.Url));

        AwsServiceException fault = await Assert.ThrowsAsync<AwsServiceException>(() => objects.ExistsAsync(s_address, Stop));
        Assert.Equal("RF3007", fault.Problem.Code);
        Assert.Contains("s3:ListBucket", fault.Problem.Cure, StringComparison.Ordinal);
        Assert.DoesNotContain(Clients.Secret, fault.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Signature=", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_PartThatIsRefused_AbortsTheUpload()
    {
        await using var server = new FaultServer(static (request, _) => request switch
        {
            { Method: "POST", Target: var target } when target.EndsWith("?uploads=", StringComparison.Ordinal) =>
                new Reply(200, "<InitiateMultipartUploadResult><UploadId>u 1</UploadId></InitiateMultipartUploadResult>"),
            { Method: "PUT", Target: var target } when target.Contains("partNumber=2", StringComparison.Ordinal) =>
                new Reply(400, "<Error><Code>BadDigest</Code><Message>Wrong</Message></Error>"),
            _ => new Reply(200, "", "ETag: \"e\""),
        });
        using var objects = new S3Objects(Clients.Options(server.Url));
        using var content = new MemoryStream(new byte[S3Objects.PartBytes + 1]);

        var fault = await Assert.ThrowsAsync<AwsServiceException>(() => objects.PutAsync(s_address, content, Stop));
        Assert.Equal("BadDigest", fault.ErrorCode);
        RawRequest last = server.Requests.Last();
        Assert.Equal(("DELETE", "/bucket/a/b%20c.tar.gz?uploadId=u%201"), (last.Method, last.Target));
        Assert.DoesNotContain(server.Requests, request => request.BodyText.Contains("CompleteMultipartUpload", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Put_CompletionWhoseAnswerSaysError_IsRepeated()
    {
        int completions = 0;
        await using var server = new FaultServer((request, _) => request switch
        {
            { Target: var target } when target.EndsWith("?uploads=", StringComparison.Ordinal) =>
                new Reply(200, "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>"),
            { Method: "POST" } when ++completions == 1 =>
                new Reply(200, "<Error><Code>InternalError</Code></Error>", "Content-Type: application/xml"),
            _ => new Reply(200, "", "ETag: \"e\""),
        });
        using var objects = new S3Objects(Clients.Options(server.Url) with { Time = new ImpatientTime([]) });
        await objects.PutAsync(s_address, new MemoryStream(new byte[S3Objects.PartBytes]), Stop);

        Assert.Equal(2, completions);
        string list = server.Requests.Last().BodyText;
        Assert.Contains("<Part><PartNumber>1</PartNumber><ETag>&quot;e&quot;</ETag><ChecksumSHA256>", list, StringComparison.Ordinal);
    }

    // "Processing of a CompleteMultipartUpload request could take several minutes to finalize." (API CompleteMultipartUpload)
    [Fact]
    public async Task Put_CompletionOfSeveralMinutes_IsWaitedForAndNotRepeated()
    {
        var time = new FakeTimeProvider();
        int completions = 0;
        await using FaultServer server = Joining(() =>
        {
            completions++;
            time.Advance(TimeSpan.FromMinutes(5));
            return new Reply(200, "");
        });
        using var objects = new S3Objects(Clients.Options(server.Url) with { Time = time });
        await objects.PutAsync(s_address, new MemoryStream(new byte[(2 * S3Objects.PartBytes) + 1]), Stop).Soon();

        Assert.Equal(1, completions);
        Assert.Equal(
            ["uploads=", "partNumber=1&uploadId=u", "partNumber=2&uploadId=u", "partNumber=3&uploadId=u", "uploadId=u"],
            server.Requests.Select(request => request.Target.Split('?')[1]));
    }

    [Fact]
    public async Task Put_CompletionWithoutAnswer_IsRepeatedAndFindsTheObject()
    {
        var time = new FakeTimeProvider();
        int completions = 0;
        await using FaultServer server = Joining(() =>
        {
            if (++completions > 1) return new Reply(404, "<Error><Code>NoSuchUpload</Code><Message>gone</Message></Error>");
            time.Advance(TimeSpan.FromMinutes(16));
            return new Reply(200, "");
        });
        using var objects = new S3Objects(Clients.Options(server.Url) with { Time = time, Random = new NoJitter() });
        await objects.PutAsync(s_address, new MemoryStream(new byte[S3Objects.PartBytes + 1]), Stop).Soon();

        Assert.Equal(2, completions);
        Assert.DoesNotContain(server.Requests, request => request.Method == "DELETE");
    }

    [Fact]
    [Trait("Peer", "botocore")]
    public async Task Sign_AnyKey_IsTheSameAsBotocores()
    {
        string[] keys = ["a", "a b/ü", "x+y=z&", "p/~._-/%"];
        string[] urls = [.. keys.Select(key => $"http://h/bucket/{new S3Address("b", key).Path}"),
            "http://h/bucket/k?partNumber=2&uploadId=a%20b", "http://h/bucket/k?uploads="];
        var time = new DateTimeOffset(2026, 11, 22, 18, 30, 0, TimeSpan.Zero);
        string[] mine = [.. urls.Select(url =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, url)
            {
                Content = new SendTrackingContent(s_small, "application/octet-stream"),
            };
            request.Headers.TryAddWithoutValidation(
                "X-Amz-Content-Sha256", "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73");
            SignatureV4.Sign(request, s_small, Clients.Keys, "us-east-1", "s3", time);
            return request.Headers.NonValidated["Authorization"].ToString();
        })];
        string expected = await Peer.PythonAsync("""
            import json, sys, datetime, botocore.auth, botocore.awsrequest, botocore.credentials
            time = datetime.datetime(2026, 11, 22, 18, 30, 0)
            try:
                import botocore.compat
                botocore.auth.get_current_datetime = lambda remove_tzinfo=True: time
            except ImportError:
                pass
            class Fixed(datetime.datetime):
                @classmethod
                def utcnow(cls): return time
            botocore.auth.datetime = type('m', (), {'datetime': Fixed})
            out = []
            for url in json.loads(sys.argv[1]):
                request = botocore.awsrequest.AWSRequest(method='PUT', url=url, data=b'content',
                    headers={'Content-Type': 'application/octet-stream'})
                keys = botocore.credentials.Credentials('AKIDEXAMPLE', 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', 'a-session/token==')
                botocore.auth.S3SigV4Auth(keys, 's3', 'us-east-1').add_auth(request)
                out.append(request.headers['Authorization'])
            print(json.dumps(out))
            """, JsonSerializer.Serialize(urls));

        Assert.Equal(JsonSerializer.Deserialize<string[]>(expected), mine);
    }

    [Theory]
    [InlineData("bucket", "https://bucket.s3.eu-west-1.amazonaws.com/k")]
    [InlineData("my.bucket", "https://s3.eu-west-1.amazonaws.com/my.bucket/k")]
    public async Task Send_ToAws_NamesTheBucketAsItsCertificateAllows(string bucket, string url)
    {
        var handler = new Recorder();
        using var objects = new S3Objects(Clients.Options("") with { EndpointUrl = null, Region = "eu-west-1" }, handler);
        await objects.ExistsAsync(new S3Address(bucket, "k"), Stop);

        Assert.Equal(url, handler.Url);
    }

    private async Task MakeBucketAsync()
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(new Uri(moto.Url), "/bucket"));
        using HttpResponseMessage answer = await http.SendAsync(request, Stop);
        answer.EnsureSuccessStatusCode();
    }

    private sealed class Recorder : HttpMessageHandler
    {
        public string? Url { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Url = request.RequestUri!.AbsoluteUri;
            return Task.FromResult(new HttpResponseMessage(System.Net.HttpStatusCode.OK));
        }
    }

    private sealed class Later(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }

    // Takes an upload in parts, and answers the request to join them as a test says.
    private static FaultServer Joining(Func<Reply> complete) => new((request, _) =>
    {
        if (request.Target.EndsWith("?uploads=", StringComparison.Ordinal))
            return new Reply(200, "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>");
        return request.Method == "POST" ? complete() : new Reply(200, "", "ETag: \"e\"");
    });
}

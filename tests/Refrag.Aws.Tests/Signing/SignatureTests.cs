using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using Refrag.Aws.Tests.Peers;

namespace Refrag.Aws.Tests.Signing;

public sealed class SignatureTests
{
    private static readonly DateTimeOffset s_time = new(2026, 11, 22, 18, 30, 0, TimeSpan.Zero);

    // AWS's published test case "get-vanilla": same key, secret, time and service. (SigV4 test suite)
    [Fact]
    public void Sign_GetVanilla_GivesThePublishedSignature()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://example.amazonaws.com/");
        SignatureV4.Sign(request, [], new AwsKeys("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), "us-east-1", "service",
            new DateTimeOffset(2015, 8, 30, 12, 36, 0, TimeSpan.Zero));
        Assert.Equal(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, "
            + "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
            request.Headers.NonValidated["Authorization"].ToString());
    }

    // Any path, query and body: our signature is the one that botocore makes of the same request.
    [Fact]
    [Trait("Peer", "botocore")]
    public async Task Sign_AnyRequest_IsTheSameAsBotocores()
    {
        var cases = new List<Case>();
        Gen.Select(
            Gen.String[Gen.Char[" /:%+&=?#~-_.aZ09äß€"], 0, 12], Gen.String[Gen.Char[" &=+%/aZ0ü"], 0, 8].Array[0, 3], Gen.String[0, 40])
            .Sample((path, query, body) => cases.Add(Make(path, query, body)), iter: 60, threads: 1);
        string expected = await Peer.PythonAsync(Program, JsonSerializer.Serialize(cases));
        Assert.Equal(JsonSerializer.Deserialize<string[]>(expected), cases.Select(c => c.Authorization));
    }

    private const string Program = """
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
        for case in json.loads(sys.argv[1]):
            request = botocore.awsrequest.AWSRequest(method='POST', url=case['Url'], data=case['Body'].encode(),
                headers={'Content-Type': 'application/json'})
            keys = botocore.credentials.Credentials('AKIDEXAMPLE', 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', 'a-session/token==')
            botocore.auth.SigV4Auth(keys, 'batch', 'us-east-1').add_auth(request)
            out.append(request.headers['Authorization'])
        print(json.dumps(out))
        """;

    private static Case Make(string path, string[] query, string body)
    {
        // What AwsExchange sends: escaped once.
        string target = "/v1/tags/" + Uri.EscapeDataString(path)
            + (query.Length == 0
                ? ""
                : "?" + string.Join(
                '&', query.Select((q, i) => string.Create(CultureInfo.InvariantCulture, $"k{i % 2}={Uri.EscapeDataString(q)}"))));
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://127.0.0.1:5000" + target)
        {
            Content = new SendTrackingContent(bytes, "application/json"),
        };
        SignatureV4.Sign(request, bytes, Clients.Keys, "us-east-1", "batch", s_time);
        return new Case(
            request.RequestUri!.AbsoluteUri, Encoding.UTF8.GetString(bytes), request.Headers.NonValidated["Authorization"].ToString());
    }

    private sealed record Case(string Url, string Body, string Authorization);
}

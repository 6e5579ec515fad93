namespace Refrag.Aws.Tests.Peers;

/// <summary>A moto server that a test class starts and ends.</summary>
public sealed class Moto : IAsyncLifetime
{
    private MotoProcess? _process;

    /// <summary>Where it listens; skips the test if moto is absent.</summary>
    public string Url
    {
        get
        {
            Peer.Find("moto_server");
            return _process!.Endpoint.ToString();
        }
    }

    public async ValueTask InitializeAsync() => _process = await MotoProcess.StartAsync();

    public ValueTask DisposeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Makes a role in moto's account 123456789012.</summary>
    public async Task MakeRoleAsync(string name, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, Url)
        {
            Content =
                new FormUrlEncodedContent(
                    [new("Action", "CreateRole"), new("Version", "2010-05-08"), new("RoleName", name),
                        new("AssumeRolePolicyDocument", "{}")]),
        };
        // Moto learns from the credential's scope which service is meant, and checks nothing else of it.
        request.Headers.TryAddWithoutValidation(
            "Authorization", "AWS4-HMAC-SHA256 Credential=AK/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0");
        using HttpResponseMessage answer = await http.SendAsync(request, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}

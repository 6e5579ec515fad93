using System.Text.Json;
using Amazon.Runtime;

namespace Refrag.Aws;

/// <summary>
/// Keys of an instance's role, by version 2 of its metadata service: a token first, then the role's name, then its keys. The SDK's own
/// class blocks and keeps the endpoint in a static. (EC2 User Guide, "Retrieve security credentials from instance metadata")
/// </summary>
/// <param name="endpoint">The metadata service.</param>
internal sealed class InstanceCredentials(Uri endpoint) : RefreshingAWSCredentials
{
    private const string Folder = "latest/meta-data/iam/security-credentials/";

    // Six hours, the longest that the service gives.
    private const string TokenSeconds = "21600";

    // The service is link-local: no proxy could reach it, and it answers at once or not at all.
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(5);

    /// <summary>A client for the service, for the caller to dispose.</summary>
    public static HttpClient Open(Uri endpoint) =>
        new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = endpoint, Timeout = s_time };

    /// <summary>The token that every other question needs.</summary>
    public static Task<string> TokenAsync(HttpClient http, CancellationToken cancellationToken) =>
        AskAsync(http, HttpMethod.Put, "latest/api/token", "X-aws-ec2-metadata-token-ttl-seconds", TokenSeconds, cancellationToken);

    protected override async Task<CredentialsRefreshState> GenerateNewCredentialsAsync()
    {
        using HttpClient http = Open(endpoint);
        string token = await TokenAsync(http, CancellationToken.None);
        string role = await AskAsync(http, HttpMethod.Get, Folder, "X-aws-ec2-metadata-token", token, CancellationToken.None);
        using JsonDocument keys =
            JsonDocument.Parse(
                await AskAsync(
                    http, HttpMethod.Get, Folder + role.Split('\n')[0].Trim(), "X-aws-ec2-metadata-token", token, CancellationToken.None));
        JsonElement root = keys.RootElement;
        var credentials = new ImmutableCredentials(Text(root, "AccessKeyId"), Text(root, "SecretAccessKey"), Text(root, "Token"));
        return new CredentialsRefreshState(credentials, root.GetProperty("Expiration").GetDateTime().ToUniversalTime());
    }

    private static string Text(JsonElement root, string name) => root.GetProperty(name).GetString()!;

    private static async Task<string> AskAsync(
        HttpClient http, HttpMethod method, string path, string header, string value, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add(header, value);
        using HttpResponseMessage answer = await http.SendAsync(request, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsStringAsync(cancellationToken);
    }
}

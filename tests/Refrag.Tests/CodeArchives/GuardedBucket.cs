using System.Text.RegularExpressions;

namespace Refrag.Tests.CodeArchives;

/// <summary>
/// A bucket of moto's that checks signatures and rights, as S3 does: with botocore's own code. One role may read it, whose keys the
/// container's endpoint for credentials hands out.
/// </summary>
public sealed partial class GuardedBucket : IAsyncLifetime
{
    public const string Name = "guarded";

    private readonly HttpClient _http = new();
    private MotoProcess? _moto;

    /// <summary>Whether there is moto.</summary>
    public bool IsThere => _moto is not null;

    public string Endpoint => _moto!.Endpoint.ToString();

    /// <summary>The role's keys, as the endpoint of a container hands them out. (ECS, task IAM roles)</summary>
    public string Keys { get; private set; } = "";

    /// <summary>The part of the keys that may not be seen.</summary>
    public string Secret { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        _moto = await MotoProcess.StartAsync();
        if (_moto is null) return;
        await SendAsync(HttpMethod.Put, Name);
        await QueryAsync("iam", "2010-05-08", ("Action", "CreateRole"), ("RoleName", "reader"), ("AssumeRolePolicyDocument", "{}"));
        await QueryAsync("iam", "2010-05-08", ("Action", "PutRolePolicy"), ("RoleName", "reader"), ("PolicyName", "code"),
            ("PolicyDocument", $$"""
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::{{Name}}/*"}]}
            """));
        string role = await QueryAsync("sts", "2011-06-15", ("Action", "AssumeRole"), ("RoleArn", "arn:aws:iam::123456789012:role/reader"),
            ("RoleSessionName", "job"));
        string id = Leaf(role, "AccessKeyId"), token = Leaf(role, "SessionToken");
        Secret = Leaf(role, "SecretAccessKey");
        Keys = $$"""
            {"AccessKeyId": "{{id}}", "SecretAccessKey": "{{Secret}}", "Token": "{{token}}", "Expiration": "2099-01-01T00:00:00Z"}
            """;
    }

    /// <summary>Puts an archive into it, while it is open.</summary>
    public async Task PutAsync(string key, string file)
    {
        await CheckAsync("inf");
        using var content = new ByteArrayContent(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
        await SendAsync(HttpMethod.Put, $"{Name}/{key}", content);
        await CheckAsync("0");
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_moto is not null) await _moto.DisposeAsync();
    }

    // How many requests pass unchecked from now on. (moto, IAM-like access control)
    private async Task CheckAsync(string requests)
    {
        using var content = new StringContent(requests);
        await SendAsync(HttpMethod.Post, "moto-api/reset-auth", content);
    }

    private async Task<string> QueryAsync(string service, string version, params (string Name, string Value)[] request)
    {
        (string Name, string Value)[] all = [("Version", version), .. request];
        using var content = new FormUrlEncodedContent(all.Select(one => KeyValuePair.Create<string?, string?>(one.Name, one.Value)));
        return await SendAsync(HttpMethod.Post, "", content, service);
    }

    private async Task<string> SendAsync(HttpMethod method, string path, HttpContent? content = null, string service = "s3")
    {
        using var request = new HttpRequestMessage(method, new Uri(_moto!.Endpoint, path)) { Content = content };
        // Moto learns from the credential's scope which service is meant.
        request.Headers.TryAddWithoutValidation("Authorization",
            $"AWS4-HMAC-SHA256 Credential=AK/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=0");
        using HttpResponseMessage answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static string Leaf(string xml, string name) =>
        Leaves().Matches(xml).First(match => match.Groups["name"].Value == name).Groups["text"].Value;

    [GeneratedRegex("<(?<name>[A-Za-z]+)>(?<text>[^<]*)<", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Leaves();
}

using Microsoft.Extensions.Time.Testing;
using Refrag.Aws.Tests.Settings;

namespace Refrag.Aws.Tests.Credentials;

[Collection(ProcessVariables.Collection)]
public sealed class MetadataTests
{
    private const string Keys =
        """{"Code":"Success","AccessKeyId":"ASIAMETA","SecretAccessKey":"s","Token":"t","Expiration":"2099-01-01T00:00:00Z", """
            + """ "LastUpdated":"2026-01-01T00:00:00Z","Type":"AWS-HMAC"}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetAsync_OnAnInstance_AsksItsMetadata()
    {
        await using var server = new FaultServer(static (r, _) => r.Target switch
        {
            "/latest/api/token" when r.Method == "PUT" => new Reply(200, "TOKEN"),
            _ when r.Headers.GetValueOrDefault("x-aws-ec2-metadata-token") != "TOKEN" => new Reply(401, ""),
            "/latest/meta-data/iam/security-credentials/" => new Reply(200, "the-role"),
            "/latest/meta-data/iam/security-credentials/the-role" => new Reply(200, Keys),
            _ => new Reply(404, ""),
        });
        using var source =
            new DefaultCredentials(
                new AwsClientOptions
                {
                    Environment = TestEnvironment.Make($"AWS_EC2_METADATA_SERVICE_ENDPOINT={server.Url}", null, null),
                    // On it the time for the first answer, a second, is never over.
                    Time = new FakeTimeProvider(TimeProvider.System.GetUtcNow()),
                });
        Result<AwsKeys> keys = await source.GetAsync(Stop);
        Assert.True(keys.IsSuccess, string.Join("; ", keys.Problems));
        Assert.Equal(("ASIAMETA", "t"), (keys.Value.AccessKeyId, keys.Value.SessionToken));
    }

    [Fact]
    public async Task GetAsync_InAContainer_AsksItsMetadata()
    {
        await using var server =
            new FaultServer(
                static (r, _) => r.Target == "/creds" && r.Headers["authorization"] == "let me in"
                    ? new Reply(200, Keys)
                    : new Reply(404, ""));
        // The AWS SDK reads these from the process's environment alone.
        using var variables =
            new ProcessVariables(
                ("AWS_CONTAINER_CREDENTIALS_FULL_URI", $"{server.Url}/creds"), ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "let me in"));
        using var source =
            new DefaultCredentials(
                new AwsClientOptions
                {
                    Environment = TestEnvironment.Make($"AWS_CONTAINER_CREDENTIALS_FULL_URI={server.Url}/creds", null, null),
                });
        Result<AwsKeys> keys = await source.GetAsync(Stop);
        Assert.True(keys.IsSuccess, string.Join("; ", keys.Problems));
        Assert.Equal("ASIAMETA", keys.Value.AccessKeyId);
    }

    [Fact]
    public async Task GetAsync_SomethingElseAtTheMetadataAddress_CountsAsNoCredentials()
    {
        await using var server = new FaultServer(static (_, _) => new Reply(403, "go away"));
        using var source =
            new DefaultCredentials(
                new AwsClientOptions { Environment = TestEnvironment.Make($"AWS_EC2_METADATA_SERVICE_ENDPOINT={server.Url}", null, null) });
        Assert.Equal("RF3011", Assert.Single((await source.GetAsync(Stop)).Problems).Code);
    }

    [Fact]
    public async Task GetAsync_MetadataThatNeverAnswers_EndsWithinItsLimit()
    {
        // Accepts connections and stays silent: what a firewall or a proxy may do.
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        string url = $"http://127.0.0.1:{((System.Net.IPEndPoint)silent.LocalEndpoint).Port}";
        var options = new AwsClientOptions { Environment = TestEnvironment.Make($"AWS_EC2_METADATA_SERVICE_ENDPOINT={url}", null, null) };
        using var source = new DefaultCredentials(options);
        Task<Result<AwsKeys>> getting = source.GetAsync(Stop).AsTask();
        Problem problem = Assert.Single((await getting.Soon()).Problems);
        Assert.Equal("RF3011", problem.Code);
    }
}

using Refrag.Aws.Tests.Settings;

namespace Refrag.Aws.Tests.Credentials;

public sealed class CredentialChainTests
{
    // Nothing listens there: a port that was free a moment ago.
    private const string NoMetadata = "AWS_EC2_METADATA_DISABLED=true";

    private const string Config = """
        [profile process]
        credential_process = printf '{"Version":1,"AccessKeyId":"AKPROCESS","SecretAccessKey":"s","SessionToken":"t"}'
        [profile broken]
        credential_process = false
        [profile half]
        aws_access_key_id = AKHALF
        [profile region-only]
        region = us-east-1
        [profile circle]
        role_arn = arn:aws:iam::123456789012:role/a
        source_profile = circle2
        [profile circle2]
        role_arn = arn:aws:iam::123456789012:role/b
        source_profile = circle
        [profile mfa]
        role_arn = arn:aws:iam::123456789012:role/a
        source_profile = keys
        mfa_serial = arn:aws:iam::123456789012:mfa/me
        [profile sso]
        sso_session = corp
        sso_account_id = 123456789012
        sso_role_name = Dev
        [profile sso-without-session]
        sso_session = nowhere
        sso_account_id = 123456789012
        sso_role_name = Dev
        [sso-session corp]
        sso_start_url = https://corp.awsapps.com/start
        sso_region = us-east-1
        """;

    private const string Credentials = """
        [default]
        aws_access_key_id = AKDEFAULT
        aws_secret_access_key = s
        [keys]
        aws_access_key_id = AKKEYS
        aws_secret_access_key = s
        aws_session_token = token
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "AKDEFAULT")]
    [InlineData("AWS_PROFILE=keys", "AKKEYS")]
    [InlineData("AWS_PROFILE=process", "AKPROCESS")]
    [InlineData("AWS_PROFILE=keys AWS_ACCESS_KEY_ID=AKENV AWS_SECRET_ACCESS_KEY=s", "AKENV")]
    public async Task GetAsync_Source_IsChosenInAwssOrder(string variables, string key) =>
        Assert.Equal(key, (await GetAsync(variables)).Value.AccessKeyId);

    [Fact]
    public async Task GetAsync_ProfileOption_WinsOverKeysInTheEnvironment() =>
        Assert.Equal(("AKKEYS", "token"),
            (await GetAsync("AWS_ACCESS_KEY_ID=AKENV AWS_SECRET_ACCESS_KEY=s", profile: "keys")).Value is var keys
                ? (keys.AccessKeyId, keys.SessionToken)
                : default);

    [Theory]
    [InlineData("AWS_PROFILE=none", "RF3010", "there is no AWS profile \"none\"")]
    [InlineData("AWS_PROFILE=half", "RF3012", "aws configure --profile half")]
    [InlineData("AWS_PROFILE=region-only", "RF3012", "aws configure --profile region-only")]
    [InlineData("AWS_PROFILE=circle", "RF3012", "Break the circle")]
    [InlineData("AWS_PROFILE=mfa", "RF3012", "aws sts assume-role")]
    [InlineData("AWS_PROFILE=broken", "RF3012", "Run it yourself")]
    [InlineData("AWS_PROFILE=sso", "RF3012", "aws sso login --profile sso")]
    [InlineData("AWS_PROFILE=sso-without-session", "RF3012", "aws configure sso")]
    [InlineData("AWS_ACCESS_KEY_ID=AK", "RF3012", "Set both or none")]
    [InlineData("AWS_SECRET_ACCESS_KEY=s", "RF3012", "Set both or none")]
    [InlineData("AWS_WEB_IDENTITY_TOKEN_FILE=/nowhere", "RF3012", "Set both or none")]
    [InlineData(
        "AWS_WEB_IDENTITY_TOKEN_FILE=/nowhere AWS_ROLE_ARN=arn:aws:iam::123456789012:role/a", "RF3012", "AWS_WEB_IDENTITY_TOKEN_FILE")]
    public async Task GetAsync_Mistake_IsOneProblemWithItsCure(string variables, string code, string words)
    {
        Problem problem = Assert.Single((await GetAsync(variables)).Problems);
        Assert.Equal(code, problem.Code);
        Assert.Contains(words, problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetAsync_Nothing_NamesTheWaysToGiveThem()
    {
        Problem problem = Assert.Single((await GetAsync("", config: null, credentials: null)).Problems);
        Assert.Equal("RF3011", problem.Code);
        foreach (string way in (string[])["AWS_ACCESS_KEY_ID", "aws configure", "aws sso login", "env.profile", "--dry-run"])
            Assert.Contains(way, problem.Cure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetAsync_NoMetadataService_IsNotWaitedFor()
    {
        var options = new AwsClientOptions
        {
            Environment = TestEnvironment.Make("AWS_EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1:1", null, null),
        };
        using var credentials = new DefaultCredentials(options);
        Assert.Equal("RF3011", Assert.Single((await credentials.GetAsync(Stop)).Problems).Code);
    }

    [Fact]
    public async Task GetAsync_ManyAtOnce_AllHaveTheKeys()
    {
        using var credentials =
            new DefaultCredentials(new AwsClientOptions { Environment = TestEnvironment.Make(NoMetadata, Config, Credentials) });
        Result<AwsKeys>[] all = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => credentials.GetAsync(Stop).AsTask()));
        Assert.All(all, r => Assert.Equal("AKDEFAULT", r.Value.AccessKeyId));
    }

    [Fact]
    public void AwsKeys_Text_NeverShowsTheSecret() => Assert.Equal("AK", $"{new AwsKeys("AK", "secret", "token")}");

    [Fact]
    public async Task SendAsync_NoCredentials_FailsWithoutSending()
    {
        await using var server = new FaultServer(static (_, _) => new Reply(200));
        using var client =
            new AwsClient(
                Clients.Options(server.Url) with { Credentials = null, Environment = TestEnvironment.Make(NoMetadata, null, null) });
        var error =
            await Assert.ThrowsAsync<AwsCredentialsException>(
                () => client.SendAsync(Aws.Batch.BatchOperations.DescribeJobQueues, new(), Stop));
        Assert.Equal("RF3011", error.Problem.Code);
        Assert.Empty(server.Requests);
    }

    private static async Task<Result<AwsKeys>> GetAsync(
        string variables, string? profile = null, string? config = Config, string? credentials = Credentials)
    {
        using var source =
            new DefaultCredentials(
                new AwsClientOptions
                {
                    Profile = profile,
                    Environment = TestEnvironment.Make($"{NoMetadata} {variables}", config, credentials),
                });
        return await source.GetAsync(Stop);
    }
}

using System.Text.Encodings.Web;
using System.Text.Json;
using Refrag.Aws.Batch;
using Refrag.Engine.Attempts;
using Refrag.Engine.Options;

namespace Refrag.Engine.Tests.Attempts;

/// <summary>Jobs with secrets, where their values are known.</summary>
public sealed class SecretTests : EngineTest
{
    private const string Arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:token-AbCdEf";
    private const string Failed =
        "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ";

    private static readonly Dictionary<string, string> s_known = new(StringComparer.Ordinal)
    {
        [Arn] = """{"user":"ada","port":5432}""",
        ["/app/token"] = "plain",
        ["arn:aws:ssm:us-east-1:123456789012:parameter/app/token"] = "long",
        ["arn:aws:secretsmanager:us-east-1:123456789012:secret:text-AbCdEf"] = "not JSON",
        ["arn:aws:secretsmanager:us-east-1:123456789012:secret:half-AbCdEf"] = """{"user":"\ud800","nul":"\u0000"}""",
    };

    public SecretTests()
    {
        Runner = new FakeRunner();
        Batch = Start(Runner, s_known);
    }

    // UG specifying-sensitive-data: the whole of a secret, a key of it, a version of it, a parameter by name or ARN.
    [Theory]
    [InlineData("/app/token", "plain")]
    [InlineData("arn:aws:ssm:us-east-1:123456789012:parameter/app/token", "long")]
    [InlineData(Arn, """{"user":"ada","port":5432}""")]
    [InlineData($"{Arn}:user::", "ada")]
    [InlineData($"{Arn}:port:AWSCURRENT:", "5432")]
    [InlineData($"{Arn}::AWSPREVIOUS:", """{"user":"ada","port":5432}""")]
    public async Task Start_Secret_IsAVariableOfTheJobAlone(string from, string value)
    {
        await RegisterAsync(from);
        string id = await Submit(Request() with { JobDefinition = "secret" });
        FakeAttempt attempt = await Runner.Next();

        Assert.Equal(value, attempt.Environment["TOKEN"]);
        JobDetail job = await Until(id, JobStatus.Running);
        // As it would stand there: without the escapes that other serializers write.
        Assert.DoesNotContain(
            $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value)}\"",
            JsonSerializer.Serialize(job, BatchJson.Options.GetTypeInfo(typeof(JobDetail))), StringComparison.Ordinal);
        Assert.Equal(("TOKEN", from), Assert.Single(job.Container!.Secrets!) is { } named ? (named.Name, named.ValueFrom) : default);
        attempt.End(0);
        await Ended(id);
    }

    // The texts of Fargate, as users quote them.
    [Theory]
    [InlineData("/app/none", $"{Failed}secrets from ssm: service call has been retried 1 time(s): invalid ssm parameters: /app/none")]
    [InlineData("arn:aws:secretsmanager:us-east-1:123456789012:secret:none",
        $"{Failed}secret from asm: service call has been retried 1 time(s): failed to fetch secret "
            + "arn:aws:secretsmanager:us-east-1:123456789012:secret:none from secrets manager: ResourceNotFoundException: Secrets Manager "
            + "can't find the specified secret.")]
    [InlineData($"{Arn}:pass::",
        $"{Failed}secret from asm: service call has been retried 1 time(s): retrieved secret from Secrets Manager did not contain json key "
            + "pass")]
    [InlineData("arn:aws:secretsmanager:us-east-1:123456789012:secret:text-AbCdEf:user::",
        $"{Failed}secret from asm: service call has been retried 1 time(s): invalid character in a secret that is not JSON")]
    [InlineData("arn:aws:secretsmanager:us-east-1:123456789012:secret:half-AbCdEf:user::",
        $"{Failed}secret from asm: service call has been retried 1 time(s): invalid character in a secret that is not JSON")]
    [InlineData("arn:aws:secretsmanager:us-east-1:123456789012:secret:half-AbCdEf:nul::",
        $"{Failed}secret from asm: the value of json key nul has a NUL character")]
    public async Task Start_SecretThatIsNotKnown_FailsAsOnAws(string from, string reason)
    {
        await RegisterAsync(from);
        JobDetail job = await Ended(await Submit(Request() with { JobDefinition = "secret" }));

        Assert.Equal((JobStatus.Failed, "Task failed to start"), (job.Status, job.StatusReason));
        Assert.Equal((reason, null), (job.Container!.Reason, job.Container.ExitCode));
        Assert.Empty(Runner.Starts);
    }

    // It would stand in a command line, which other users of the machine can read.
    [Theory]
    [InlineData("TOKEN-1")]
    [InlineData("1TOKEN")]
    [InlineData("a.b")]
    public void Of_NameThatNoShellHas_StartsNoProcess(string name)
    {
        Secret[] secrets = [new Secret { Name = name, ValueFrom = "/app/token" }];

        Assert.Empty(SecretValues.Of(secrets, s_known, isProcess: true, out string? missing));
        Assert.Contains($"the secret '{name}' cannot be passed to a process", missing, StringComparison.Ordinal);
        Assert.DoesNotContain("plain", missing, StringComparison.Ordinal);
        Assert.Equal(name, Assert.Single(SecretValues.Of(secrets, s_known, isProcess: false, out missing)).Name);
        Assert.Null(missing);
    }

    // As after a restart without the file: the job was accepted when there was one.
    [Fact]
    public void Of_NothingKnown_StartsNoProcess()
    {
        Secret[] secrets = [new Secret { Name = "TOKEN", ValueFrom = "/app/token" }];

        Assert.Empty(SecretValues.Of(secrets, known: null, isProcess: true, out string? missing));
        Assert.Equal($"{SecretValues.NotKnown}.", missing);
        Assert.Empty(SecretValues.Of(secrets, known: null, isProcess: false, out missing));
        Assert.Null(missing);
        Assert.Empty(SecretValues.Of([], known: null, isProcess: true, out missing));
        Assert.Null(missing);
    }

    [Fact]
    public async Task Submit_WithoutAFileOfSecrets_IsRefusedWhereJobsAreProcesses()
    {
        await using LocalBatch batch = Start(new FakeRunner(), secrets: null);
        await RegisterAsync("/app/token", batch);

        string refused = await Refused(
            batch.SendAsync(BatchOperations.SubmitJob, Request() with { JobDefinition = "secret" }, Token));

        Assert.Contains("secrets are kept by AWS", refused, StringComparison.Ordinal);
        Assert.Contains("--secrets FILE", refused, StringComparison.Ordinal);
    }

    private Task<RegisterJobDefinitionResponse> RegisterAsync(string from, LocalBatch? batch = null) => (batch ?? Batch).SendAsync(
        BatchOperations.RegisterJobDefinition,
        new RegisterJobDefinitionRequest
        {
            JobDefinitionName = "secret",
            Type = JobDefinitionType.Container,
            ContainerProperties = new ContainerProperties
            {
                Image = "image",
                ResourceRequirements = [new() { Type = "VCPU", Value = "1" }, new() { Type = "MEMORY", Value = "64" }],
                Secrets = [new Secret { Name = "TOKEN", ValueFrom = from }],
            },
        },
        Token);

    private LocalBatch Start(FakeRunner runner, IReadOnlyDictionary<string, string>? secrets) => new(
        new LocalBatchOptions
        {
            VCpus = new VCpus(4),
            Memory = new MebiBytes(1000),
            GpuIds = [],
            Variables = new Dictionary<string, string>(),
            WorkingDirectory = "/",
            Definitions = [],
            Secrets = secrets,
        },
        runner,
        Time);
}

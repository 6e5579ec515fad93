using System.Text.Json;
using Refrag.Aws.Batch;
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
        Assert.DoesNotContain(
            JsonSerializer.Serialize(value), JsonSerializer.Serialize(job, BatchJson.Options.GetTypeInfo(typeof(JobDetail))),
            StringComparison.Ordinal);
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
    public async Task Start_SecretThatIsNotKnown_FailsAsOnAws(string from, string reason)
    {
        await RegisterAsync(from);
        JobDetail job = await Ended(await Submit(Request() with { JobDefinition = "secret" }));

        Assert.Equal((JobStatus.Failed, "Task failed to start"), (job.Status, job.StatusReason));
        Assert.Equal((reason, null), (job.Container!.Reason, job.Container.ExitCode));
        Assert.Empty(Runner.Starts);
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

using System.Globalization;
using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests.Peers;

/// <summary>One moto for all classes that use it; each has an account of its own in it, a <see cref="MotoAccount"/>.</summary>
public sealed class MotoServer : IAsyncLifetime
{
    private const long FirstAccount = 100_000_000_000;
    private MotoProcess? _process;
    private long _accounts;

    public Uri? Endpoint => _process?.Endpoint;

    /// <summary>The number of an account that no other class has.</summary>
    public string NewAccount() => (FirstAccount + Interlocked.Increment(ref _accounts)).ToString(CultureInfo.InvariantCulture);

    public async ValueTask InitializeAsync() => _process = await MotoProcess.StartAsync();

    public ValueTask DisposeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>
/// An account of moto for one test class, with a CPU and a GPU queue, their definitions, and two queues that are disabled. If moto is
/// absent, its tests are skipped; with REFRAG_REQUIRE_PEERS=1 they fail.
/// </summary>
public sealed class MotoAccount(MotoServer server) : IAsyncLifetime
{
    private string _accessKey = "", _secret = "", _token = "";
    private string? _absent;

    /// <summary>Its number, of twelve digits.</summary>
    public string Id { get; } = server.NewAccount();

    public Uri Endpoint => server.Endpoint ?? new Uri("http://127.0.0.1:1");

    /// <summary>The program, pointed at moto with this account's credentials.</summary>
    public BuiltProgram Program(Uri? endpoint = null) => new BuiltProgram()
        .With("AWS_ENDPOINT_URL", (endpoint ?? Endpoint).ToString())
        .With("AWS_ACCESS_KEY_ID", _accessKey)
        .With("AWS_SECRET_ACCESS_KEY", _secret)
        .With("AWS_SESSION_TOKEN", _token)
        .With("AWS_REGION", "us-east-1");

    public void SkipIfAbsent()
    {
        if (_absent is null) return;
        if (Environment.GetEnvironmentVariable("REFRAG_REQUIRE_PEERS") == "1") Assert.Fail(_absent);
        Assert.Skip(_absent);
    }

    public async ValueTask InitializeAsync()
    {
        if (server.Endpoint is null)
        {
            _absent = "moto_server is not on PATH.";
            return;
        }
        // Moto chooses the account by the access key, and gives out keys of an account to whoever assumes a role of it.
        (_accessKey, _secret) = ("AKIAIOSFODNN7EXAMPLE", "secret");
        Finished setUp = await PythonAsync($"""
            keys = client("sts").assume_role(RoleArn="arn:aws:iam::{Id}:role/tests", RoleSessionName="tests")["Credentials"]
            credentials = dict(aws_access_key_id=keys["AccessKeyId"], aws_secret_access_key=keys["SecretAccessKey"],
                aws_session_token=keys["SessionToken"])
            print(json.dumps(list(credentials.values())))

            """ + Fixture);
        if (setUp.ExitCode != 0) throw new InvalidOperationException($"moto could not be set up: {setUp}");
        JsonArray keys = JsonNode.Parse(setUp.Output)!.AsArray();
        (_accessKey, _secret, _token) = ((string)keys[0]!, (string)keys[1]!, (string)keys[2]!);
    }

    /// <summary>Runs a Python program with boto3 against this account; <c>client(name)</c> makes a client.</summary>
    public Task<Finished> PythonAsync(string source)
    {
        const string Prelude = """
            import boto3, json
            credentials = {}
            def client(name): return boto3.client(name, region_name="us-east-1", **credentials)

            """;
        return BuiltProgram.FinishAsync(Program().StartProgram("python3", "-c", Prelude + source), TestContext.Current.CancellationToken);
    }

    /// <summary>One value that a Python expression over <c>batch</c> gives, as JSON.</summary>
    public async Task<JsonNode?> AskAsync(string expression)
    {
        Finished answer = await PythonAsync($"batch = client('batch')\nprint(json.dumps({expression}, default=str))");
        Assert.True(answer.ExitCode == 0, answer.ToString());
        return JsonNode.Parse(answer.Output);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private const string Fixture = """
        iam, ec2, batch = client("iam"), client("ec2"), client("batch")
        role = iam.create_role(RoleName="batch", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
        iam.create_instance_profile(InstanceProfileName="batch")
        iam.add_role_to_instance_profile(InstanceProfileName="batch", RoleName="batch")
        profile = iam.get_instance_profile(InstanceProfileName="batch")["InstanceProfile"]["Arn"]
        subnets = [s["SubnetId"] for s in ec2.describe_subnets()["Subnets"]][:1]
        groups = [g["GroupId"] for g in ec2.describe_security_groups()["SecurityGroups"]][:1]
        for kind, types, requirements in (
            ("cpu", ["c6i.large", "m6i.xlarge"], [("VCPU", "4"), ("MEMORY", "8192")]),
            ("gpu", ["g5.xlarge", "g5.12xlarge"], [("VCPU", "8"), ("MEMORY", "32768"), ("GPU", "1")]),
        ):
            batch.create_compute_environment(
                computeEnvironmentName=f"refrag-{kind}-compute-env", type="MANAGED", state="ENABLED", serviceRole=role,
                computeResources={"type": "EC2", "minvCpus": 0, "maxvCpus": 64, "instanceTypes": types, "subnets": subnets,
                    "securityGroupIds": groups, "instanceRole": profile})
            for name, state in ((f"refrag-{kind}-job-queue", "ENABLED"), (f"closed-{kind}-queue", "DISABLED")):
                batch.create_job_queue(jobQueueName=name, state=state, priority=1,
                    computeEnvironmentOrder=[{"order": 1, "computeEnvironment": f"refrag-{kind}-compute-env"}])
            batch.register_job_definition(
                jobDefinitionName=f"refrag-{kind}-job-def", type="container",
                containerProperties={"image": "refrag:latest", "command": ["exec", "hello_dist"],
                    "resourceRequirements": [{"type": t, "value": v} for t, v in requirements]})
        gone = batch.register_job_definition(jobDefinitionName="gone-job-def", type="container",
            containerProperties={"image": "refrag:latest", "vcpus": 1, "memory": 512})
        batch.deregister_job_definition(jobDefinition=gone["jobDefinitionArn"])
        """;
}

/// <summary>The classes that share one moto.</summary>
[CollectionDefinition(Name)]
public sealed class MotoTests : ICollectionFixture<MotoServer>
{
    public const string Name = "moto";
}

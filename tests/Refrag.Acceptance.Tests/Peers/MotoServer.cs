using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Refrag.Acceptance.Tests.Peers;

/// <summary>
/// moto_server on a port of loopback, with a CPU and a GPU queue, their definitions, and a third queue that is disabled. Absent without
/// REFRAG_REQUIRE_PEERS=1, its tests are skipped; with it, they fail.
/// </summary>
public sealed class MotoServer : IAsyncLifetime
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);
    private Process? _process;

    public Uri Endpoint { get; private set; } = new("http://127.0.0.1:1");

    public string? Absent { get; private set; }

    /// <summary>The program, pointed at moto with credentials that moto takes.</summary>
    public BuiltProgram Program(Uri? endpoint = null) => new BuiltProgram()
        .With("AWS_ENDPOINT_URL", (endpoint ?? Endpoint).ToString())
        .With("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        .With("AWS_SECRET_ACCESS_KEY", "secret")
        .With("AWS_REGION", "us-east-1");

    public void SkipIfAbsent()
    {
        if (Absent is null) return;
        if (Environment.GetEnvironmentVariable("REFRAG_REQUIRE_PEERS") == "1") Assert.Fail(Absent);
        Assert.Skip(Absent);
    }

    public async ValueTask InitializeAsync()
    {
        int port = FreePort();
        Endpoint = new Uri($"http://127.0.0.1:{port}");
        try
        {
            _process = Process.Start(new ProcessStartInfo("moto_server", ["-H", "127.0.0.1", "-p", $"{port}"])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Absent = "moto_server is not on PATH.";
            return;
        }
        await ReadyAsync();
        Finished setUp = await PythonAsync(Fixture);
        if (setUp.ExitCode != 0) Absent = $"moto could not be set up: {setUp}";
    }

    /// <summary>Runs a Python program with boto3 against this server; <c>client(name)</c> makes a client.</summary>
    public Task<Finished> PythonAsync(string source)
    {
        string prelude = $"""
            import boto3, json
            def client(name):
                return boto3.client(name, endpoint_url="{Endpoint}", region_name="us-east-1",
                    aws_access_key_id="AKIAIOSFODNN7EXAMPLE", aws_secret_access_key="secret")

            """;
        return BuiltProgram.FinishAsync(new BuiltProgram().StartProgram("python3", "-c", prelude + source), TestContext.Current.CancellationToken);
    }

    /// <summary>One value that a Python expression over <c>batch</c> gives, as JSON.</summary>
    public async Task<System.Text.Json.Nodes.JsonNode?> AskAsync(string expression)
    {
        Finished answer = await PythonAsync($"batch = client('batch')\nprint(json.dumps({expression}, default=str))");
        Assert.True(answer.ExitCode == 0, answer.ToString());
        return System.Text.Json.Nodes.JsonNode.Parse(answer.Output);
    }

    public ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) _process.Kill(entireProcessTree: true);
        _process?.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task ReadyAsync()
    {
        using var http = new HttpClient { BaseAddress = Endpoint };
        using var limit = new CancellationTokenSource(s_limit);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            try
            {
                using var body = new StringContent("""{"batch": {"use_docker": false}}""", Encoding.UTF8, "application/json");
                using HttpResponseMessage answer = await http.PostAsync(new Uri("/moto-api/config", UriKind.Relative), body, limit.Token);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await pause.WaitForNextTickAsync(limit.Token);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

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

/// <summary>One moto for all tests that use it.</summary>
[CollectionDefinition(Name)]
public sealed class MotoTests : ICollectionFixture<MotoServer>
{
    public const string Name = "moto";
}

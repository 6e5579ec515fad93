using System.Text.Json.Nodes;

namespace Refrag.Cli.Tests.Commands.Run;

/// <summary>What the container and its machine get, as it is written and as it is sent.</summary>
public sealed class ContainerKeysTests : IDisposable
{
    private const int Refused = 64;
    private const string Arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:token-AbCdEf";

    private readonly TestProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Theory]
    [InlineData("env.shared_memory=8GB", "RF1651", "8GiB")]
    [InlineData("env.shared_memory=8", "RF2001", "Write 8GiB")]
    [InlineData("env.tmpfs={scratch: 1GiB}", "RF8052", "env.tmpfs={/scratch: 4GiB}")]
    [InlineData("env.tmpfs={/scratch: 8}", "RF2001", "Write 8GiB")]
    [InlineData("env.ulimits={nofiles: 5}", "RF8053", "Did you mean nofile?")]
    [InlineData("env.ulimits={nofile: {soft: 5}}", "RF8053", "needs both")]
    [InlineData("env.ulimits={nofile: {soft: 5, hard: 4}}", "RF8053", "the soft limit 5 is above the hard limit 4")]
    [InlineData("env.ulimits={nofile: {soft: -1, hard: 4}}", "RF8053", "the soft limit -1 is above the hard limit 4")]
    [InlineData("env.ulimits={nofile: many}", "RF2001", "env.ulimits.nofile=many is not a whole number")]
    [InlineData("env.ephemeral_storage=30000", "RF8054", "Write env.ephemeral_storage=30GiB.")]
    [InlineData("env.ephemeral_storage=20GiB", "RF1652", "from 21504 MiB to 204800 MiB")]
    [InlineData("env.secrets={AWS_BATCH_X: /a}", "RF8055", "Batch keeps the prefix AWS_BATCH for itself")]
    [InlineData("env.secrets={1X: /a}", "RF8055", "is not a valid variable name")]
    [InlineData("env.volumes={data: {path: data}}", "RF8056", "env.volumes.data.path=/mnt/data")]
    [InlineData("env.volumes={data: {path: /a, efs: fs-1, host: /b}}", "RF8056", "has efs and host")]
    [InlineData("env.volumes={data: {path: /a, efs: 1}}", "RF8056", "is not the id of a file system")]
    [InlineData("env.volumes={data: {path: /a, efs: fs-1, root: /x, access_point: fsap-1}}", "RF8056", "contradicts the access point")]
    [InlineData("env.volumes={data: {path: /a, efs: fs-1, iam: true, encrypted: false}}", "RF8056", "encrypted=false is not possible")]
    [InlineData("env.volumes={a: {path: /a}, b: {path: /a}}", "RF8056", "the path of another volume")]
    [InlineData("env.volumes={data: {path: /a, s3_files: bucket}}", "RF8056", "Write its ARN.")]
    [InlineData("env.volumes={data: {path: /a, s3_files: 'arn:x', iam: true}}", "RF8056", "env.volumes.data.iam has no meaning")]
    [InlineData("env.volumes={data: {path: /a, s3_files: 'arn:x', access_point: ap-1}}", "RF8056", "the ARN of an access point")]
    [InlineData("env.volumes={data: {path: /a, s3_files: 'arn:x', access_point: 'arn:y', root: /x}}", "RF8056", "contradicts the access")]
    [InlineData("env.volumes={a: {path: /a}, b: {path: /a/}}", "RF8056", "the path of another volume")]
    [InlineData("env.volumes={data: {path: /a, host: /b, root: /c}}", "RF8056", "env.volumes.data.root has no meaning")]
    [InlineData("env.volumes={data: {path: /a, rot: /b}}", "RF1655", "rot")]
    [InlineData("env.volumes={data: {efs: fs-1}}", "RF1654", "env.volumes.data.path")]
    [InlineData("env.platform=fargat", "RF1653", "fargate")]
    [InlineData("env.efa=33", "RF1652", "from 0 to 32")]
    public async Task Run_WhatBatchWouldRefuse_IsRefusedWithTheCure(string word, string code, string hint)
    {
        Assert.Equal(Refused, await RunAsync("env=awsbatch", word));

        Assert.Contains(code, _program.Error, StringComparison.Ordinal);
        Assert.Contains(hint, _program.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("problems", _program.Error, StringComparison.Ordinal);
    }

    // It may be the secret itself.
    [Theory]
    [InlineData("hunter2")]
    [InlineData("arn:aws:s3:::hunter2")]
    public async Task Run_SecretThatNamesNone_IsRefusedAndNotShown(string value)
    {
        Assert.Equal(Refused, await RunAsync("env=awsbatch", $"env.secrets={{TOKEN: '{value}'}}"));

        Assert.Contains("RF8055 env.secrets.TOKEN does not name a secret that AWS keeps", _program.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", _program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SecretThatIsAVariableToo_IsRefused()
    {
        Assert.Equal(Refused, await RunAsync("env=awsbatch", $"env.secrets={{TOKEN: '{Arn}'}}", "+env.environment.TOKEN=1"));

        Assert.Contains("RF8055 env.secrets.TOKEN is in env.environment too", _program.Error, StringComparison.Ordinal);
    }

    // API LinuxParameters, Ulimit, Host, RegisterJobDefinition: not applicable to Fargate.
    [Theory]
    [InlineData("env.shared_memory", "env.shared_memory=1GiB")]
    [InlineData("env.tmpfs, env.ulimits", "env.tmpfs={/t: 1GiB}", "env.ulimits={core: 0}")]
    [InlineData("env.efa, env.nodes", "env.efa=1", "env.nodes=2")]
    [InlineData("env.gpus", "env.gpus=1")]
    [InlineData("env.volumes", "env.volumes={v: {path: /a, host: /b}}")]
    public async Task Run_WhatFargateDoesNotHave_IsRefused(string keys, params string[] words)
    {
        Assert.Equal(Refused, await RunAsync(["env=awsbatch", "env.platform=fargate", .. words]));

        Assert.Contains($"RF8050 env.platform=fargate does not take {keys}\n", _program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_EphemeralStorageOnEc2_IsRefused()
    {
        Assert.Equal(Refused, await RunAsync("env=awsbatch", "env.platform=ec2", "env.ephemeral_storage=50GiB"));

        Assert.Contains("RF8050 env.ephemeral_storage is for Fargate", _program.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("+env.shared_memory=1GiB", "env.shared_memory", "refrag serve --runner container")]
    [InlineData("+env.secrets.TOKEN=/app/token", "env.secrets", "refrag serve --secrets FILE")]
    public async Task Run_OnThisMachine_WhatAProcessHasNot_IsRefused(string word, string key, string cure)
    {
        Assert.Equal(Refused, await RunAsync("env=local", word));

        Assert.Contains($"RF8051 {key} is for a container", _program.Error, StringComparison.Ordinal);
        Assert.Contains(cure, _program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DryRun_EveryKey_PrintsWhatIsChanged()
    {
        Assert.Equal(0, await RunAsync(
            "env=awsbatch", "env.shared_memory=8GiB", "env.tmpfs={/scratch: 4GiB}", "env.ulimits={memlock: -1, nofile: {soft: 1, hard: 2}}",
            $"env.secrets={{TOKEN: '{Arn}'}}", "env.efa=1",
            "env.volumes={d: {path: /d, efs: fs-1, iam: true}, h: {path: /h, host: /mnt, read_only: true}, e: {path: /e}}"));

        JsonNode changes = Changes();
        Assert.True(JsonNode.DeepEquals(changes["containerProperties"], JsonNode.Parse($$$"""
            {
              "volumes": [
                {
                  "name": "d",
                  "efsVolumeConfiguration": {
                    "fileSystemId": "fs-1", "transitEncryption": "ENABLED", "authorizationConfig": {"iam": "ENABLED"}
                  }
                },
                {"host": {"sourcePath": "/mnt"}, "name": "h"},
                {"host": {}, "name": "e"}
              ],
              "mountPoints": [
                {"containerPath": "/d", "sourceVolume": "d"},
                {"containerPath": "/h", "readOnly": true, "sourceVolume": "h"},
                {"containerPath": "/e", "sourceVolume": "e"}
              ],
              "ulimits": [
                {"hardLimit": -1, "name": "memlock", "softLimit": -1},
                {"hardLimit": 2, "name": "nofile", "softLimit": 1}
              ],
              "linuxParameters": {
                "devices": [{"hostPath": "/dev/infiniband/uverbs0"}],
                "sharedMemorySize": 8192,
                "tmpfs": [{"containerPath": "/scratch", "size": 4096}]
              },
              "secrets": [{"name": "TOKEN", "valueFrom": "{{{Arn}}}"}]
            }
            """)), changes.ToJsonString());
        Assert.Null(changes["platformCapabilities"]);
    }

    [Theory]
    [InlineData("+env.secrets.TOKEN=/app/token", "secrets")]
    [InlineData("+env.ulimits.nofile=5", "ulimits")]
    [InlineData("+env.volumes.data.path=/a", "volumes")]
    public async Task DryRun_OneEntryThatIsAdded_IsSent(string word, string member)
    {
        Assert.Equal(0, await RunAsync("env=awsbatch", word));

        Assert.Single(Changes()["containerProperties"]![member]!.AsArray());
    }

    [Fact]
    public async Task DryRun_Fargate_PrintsPlatformArchitectureAndDisk()
    {
        Assert.Equal(0, await RunAsync(
            "env=awsbatch", "env.platform=fargate", "env.architecture=arm64", "env.ephemeral_storage=50GiB"));

        JsonNode changes = Changes();
        Assert.Equal("""["FARGATE"]""", changes["platformCapabilities"]!.ToJsonString());
        Assert.Equal(
            """{"ephemeralStorage":{"sizeInGiB":50},"runtimePlatform":{"cpuArchitecture":"ARM64"}}""",
            changes["containerProperties"]!.ToJsonString());
    }

    private JsonNode Changes() => JsonNode.Parse(_program.Output)!["requests"]![0]!["changes"]!;

    private Task<int> RunAsync(params string[] words) => RootVerb.Create(_program.Context)
        .Parse(["run", "--dry-run", "app=train", .. words]).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken);
}

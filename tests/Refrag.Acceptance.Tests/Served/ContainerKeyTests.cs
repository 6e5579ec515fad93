namespace Refrag.Acceptance.Tests.Served;

/// <summary>What a job gets beside its command, from the command line to the program, on a server whose jobs are processes.</summary>
public sealed class ContainerKeyTests(SecretServed server) : IClassFixture<SecretServed>
{
    private static readonly string[] s_small =
    [
        "env=awsbatch", "env.vcpus=1", "env.memory=64MiB", "env.retries=0", "--watch",
        "env.execution_role_arn=arn:aws:iam::000000000000:role/run",
    ];

    [Fact]
    public async Task Run_WithASecretAndALimit_HasBoth()
    {
        Finished run = await (await server.ClientAsync()).RunAsync(
        [
            "run", .. s_small, $"env.secrets={{TOKEN: '{SecretServed.Arn}'}}", "env.ulimits={core: 0, nofile: 321}", "--", "sh", "-c",
            "echo \"$TOKEN\"; ulimit -n; ulimit -Hn; ulimit -Hc",
        ]);

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains($"{SecretServed.Value}\n321\n321\n0\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithASecretThatTheServerHasNot_FailsAsOnAwsAndWhySaysIt()
    {
        Finished run = await (await server.ClientAsync()).RunAsync(
            ["run", .. s_small, "env.secrets={TOKEN: /app/none}", "--", "true"]);

        Assert.NotEqual(0, run.ExitCode);
        string id = run.Output.Split('\n')[0].Split(": ")[1];
        Finished why = await (await server.ClientAsync()).RunAsync("why", id, "env=awsbatch");
        Assert.Contains("A secret that it names cannot be read", why.Output, StringComparison.Ordinal);
        Assert.Contains("invalid ssm parameters: /app/none", why.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithASecretAndNoExecutionRole_IsRefused()
    {
        Finished run = await (await server.ClientAsync()).RunAsync(
            "run", "env=awsbatch", "env.vcpus=1", "env.memory=64MiB", "env.secrets={TOKEN: /app/token}", "--", "true");

        Assert.Equal(64, run.ExitCode);
        Assert.Contains("RF8057 env.secrets needs an execution role", run.Error, StringComparison.Ordinal);
    }
}

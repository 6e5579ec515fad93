namespace Refrag.ShippedApps.Tests.Exec;

/// <summary>Through a real process, because a command replaces it.</summary>
public sealed class ExecutionTests
{
    private static readonly Dictionary<string, string> SecondOfThree = new(StringComparer.Ordinal)
    {
        ["AWS_BATCH_JOB_NUM_NODES"] = "3",
        ["AWS_BATCH_JOB_NODE_INDEX"] = "1",
        ["AWS_BATCH_JOB_MAIN_NODE_INDEX"] = "0",
        ["AWS_BATCH_JOB_MAIN_NODE_PRIVATE_IPV4_ADDRESS"] = "10.0.0.7",
        ["MASTER_PORT"] = "4001",
    };

    [Fact]
    public async Task Exec_Command_HasVariablesArgumentsAndExitCode()
    {
        using HostProcess process =
            HostProcess.Start(
                ["--", "sh", "-c", "echo $RANK/$WORLD_SIZE $MASTER_ADDR:$MASTER_PORT \"<$1>\"; exit 7", "x", "a 'b' $c"], SecondOfThree);

        Assert.Equal(7, await process.WaitAsync());
        Assert.Equal("1/3 10.0.0.7:4001 <a 'b' $c>", process.Output.Text);
    }

    [Fact]
    public async Task Exec_Command_ReplacesTheProcess()
    {
        using HostProcess process = HostProcess.Start(["--", "sh", "-c", "echo $$"]);

        await process.WaitAsync();
        Assert.Equal($"{process.Id}", process.Output.Text);
    }

    [Fact]
    public async Task Exec_Command_GetsSignalsItself()
    {
        using HostProcess process = HostProcess.Start(["--", "sh", "-c", "trap 'exit 9' TERM; echo ready; while :; do read line; done"]);

        await process.Output.WaitForAsync("ready");
        await process.SignalAsync("TERM");
        Assert.Equal(9, await process.WaitAsync());
    }

    [Fact]
    public async Task Exec_Command_IsEndedByABrokenPipe()
    {
        // .NET ignores SIGPIPE, and would hand that on.
        using HostProcess process = HostProcess.Start(["--", "sh", "-c", "kill -PIPE $$; echo alive"]);

        Assert.Equal(128 + 13, await process.WaitAsync());
        Assert.Empty(process.Output.Text);
    }

    [Theory]
    [InlineData("no-such-command", null, 127, "RF7007")]
    [InlineData("./missing", null, 127, "RF7007")]
    [InlineData("./data", "text", 126, "RF7008")]
    [InlineData("./script", "#!/no/such/interpreter\n", 126, "RF7008")]
    [InlineData("./noise", "not a program\n", 126, "RF7008")]
    [InlineData("/", null, 126, "RF7008")]
    public async Task Exec_CommandThatCannotRun_SaysWhy(string command, string? content, int exitCode, string code)
    {
        using var directory = new TemporaryDirectory();
        if (content is not null)
        {
            string path = Path.Combine(directory.Path, command);
            await File.WriteAllTextAsync(path, content, TestContext.Current.CancellationToken);
            if (command != "./data" && !OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        using HostProcess process = HostProcess.Start(["--", command], directory: directory.Path);

        Assert.Equal(exitCode, await process.WaitAsync());
        Assert.Contains(code, process.Error.Text);
        Assert.Contains(command, process.Error.Text);
    }

    // A file of that name in the current directory, which PATH does not have.
    [Theory]
    [InlineData("refrag-build.py", false, "Name what runs it: python refrag-build.py")]
    [InlineData("refrag-build.sh", false, "Name what runs it: sh refrag-build.sh")]
    [InlineData("refrag-build", true, "Write ./refrag-build")]
    [InlineData("refrag-build", false, "Run chmod +x refrag-build, and write ./refrag-build")]
    public async Task Exec_FileOfTheCurrentDirectory_SaysHowToRunIt(string command, bool isExecutable, string cure)
    {
        using var directory = new TemporaryDirectory();
        string path = Path.Combine(directory.Path, command);
        await File.WriteAllTextAsync(path, "#!/bin/sh\n", TestContext.Current.CancellationToken);
        if (isExecutable && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        using HostProcess process = HostProcess.Start(["--", command], directory: directory.Path);

        Assert.Equal(127, await process.WaitAsync());
        Assert.Contains("RF7007", process.Error.Text, StringComparison.Ordinal);
        Assert.Contains(cure, process.Error.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("INT", 130)]
    public async Task Exec_ClassApp_StopsAtASignal(string signal, int exitCode)
    {
        using HostProcess process = HostProcess.Start(["wait"], SecondOfThree);

        Assert.Equal("waiting as rank 1 1", await process.Output.WaitForAsync("waiting"));
        await process.SignalAsync(signal);
        Assert.Equal(exitCode, await process.WaitAsync());
    }

    [Fact]
    public async Task Exec_ClassAppThatThrows_FailsWithTheTrace()
    {
        using HostProcess process = HostProcess.Start(["throw"]);

        Assert.Equal(1, await process.WaitAsync());
        Assert.Contains("a bug", process.Error.Text);
    }

    [Fact]
    public async Task Exec_UnknownAppInSenselessEnvironment_ReportsBoth()
    {
        using HostProcess process =
            HostProcess.Start(["trian"], new Dictionary<string, string>(StringComparer.Ordinal) { ["MASTER_PORT"] = "http" });

        Assert.Equal(2, await process.WaitAsync());
        Assert.Contains("Did you mean train?", process.Error.Text);
        Assert.Contains("RF7006", process.Error.Text);
    }
}

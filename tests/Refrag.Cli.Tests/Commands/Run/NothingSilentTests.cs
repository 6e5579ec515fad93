using System.Text.Json.Nodes;

namespace Refrag.Cli.Tests.Commands.Run;

/// <summary>Command lines with a slip: each is refused or has a warning, and what is sent is what was written.</summary>
public sealed class NothingSilentTests : IDisposable
{
    private const int Refused = 64;

    private readonly TestProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Theory]
    [InlineData("+env.gpu=2", "RF1655", "Did you mean env.gpus?")]
    [InlineData("+epocs=3", "RF1655", "Did you mean epochs?")]
    [InlineData("+gpus=2", "RF1655", "Did you mean env.gpus?")]
    [InlineData("+env.gateway.X=arn:aws:x", "RF1655", "env has no key 'gateway'")]
    [InlineData("env.gpu=2", "RF1601", "Write env.gpus=2.")]
    [InlineData("gpus=2", "RF1601", "Write env.gpus=2.")]
    [InlineData("epocs=3", "RF1601", "Write epochs=3.")]
    [InlineData("env.environmnt.A=3", "RF1601", "Write env.environment.A=3.")]
    [InlineData("env.memory=64GB", "RF1651", "Write 64GiB")]
    [InlineData("env.memory=1.5T", "RF1651", "Write 1.5TiB")]
    [InlineData("env.memory=64G", "RF1651", "Write 64GiB")]
    public async Task Run_Slip_IsRefusedWithTheKeyThatIsMeant(string word, string code, string hint)
    {
        Assert.Equal(Refused, await RunAsync("run", "--dry-run", "app=train", "env=awsbatch", word));

        Assert.Contains(code, _program.Error, StringComparison.Ordinal);
        Assert.Contains(hint, _program.Error, StringComparison.Ordinal);
        Assert.DoesNotContain($"write +{word}", _program.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("problems", _program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_UnknownKeyThatIsForced_IsSetWithAWarning()
    {
        Assert.Equal(0, await RunAsync("run", "--dry-run", "app=train", "env=awsbatch", "++env.future=2"));

        Assert.StartsWith("warning RF1655 env has no key 'future'", _program.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fit", "env.gpus=1")]
    [InlineData("cost", "estimate", "env.gpus=1")]
    [InlineData("cost", "estimate", "-m", "env.gpus=1", "epochs=1,2")]
    public async Task Query_UnknownKeyThatIsForced_IsSetWithOneWarning(params string[] words)
    {
        await RunAsync([.. words, "app=train", "env=awsbatch", "++env.future=2", "--types", "g5.xlarge"]);

        Assert.Equal(2, _program.Error.Split("warning RF1655").Length);
    }

    [Theory]
    [InlineData("+lrat=1", "warning RF1623 lrat is a new key, and lrate is not changed by it")]
    [InlineData("+lratee=1", "Write lrate=1 if that is meant.")]
    [InlineData("+gpus=2", "Write env.gpus=2 if that is meant.")]
    [InlineData("+layer2=1", "")]
    [InlineData("+other=1", "")]
    [InlineData("++lratee=1", "")]
    public async Task Run_AddedKeyNearAnother_HasAWarning(string word, string warning)
    {
        App("lrate: 1\nlayer1: 1\n");

        Assert.Equal(0, await RunAsync("run", "--dry-run", "app=mine", word));
        Assert.Contains(warning, _program.Error, StringComparison.Ordinal);
        Assert.Equal(warning.Length == 0, _program.Error.Length == 0);
    }

    [Fact]
    public async Task Run_WrongOptionOfAnOptionalGroup_HasAWarning()
    {
        Write("config.yaml", "defaults:\n  - app: mine\n  - env: local\n  - optional db: mysql\n  - _self_\n");
        Write("db/mysql.yaml", "port: 1\n");
        App("");

        Assert.Equal(0, await RunAsync("run", "--dry-run", "db=mysq"));
        Assert.Contains("warning RF1522 The optional group db has no option 'mysq'", _program.Error, StringComparison.Ordinal);
        Assert.Contains("Did you mean mysql?", _program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_SweepWithAnAxisTwice_ReportsTheOneThatIsDropped()
    {
        App("lr: 1\n");

        Assert.Equal(Refused, await RunAsync("config", "check", "-m", "app=mine", "lr=1,2", "lr=3,4"));
        Assert.Contains("RF1622 lr=1,2 has no effect: lr=3,4 comes later", _program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SweepWithAnAxisTwice_HasAWarning()
    {
        App("lr: 1\n");

        Assert.Equal(0, await RunAsync("run", "-m", "--dry-run", "app=mine", "lr=1,2", "lr=3,4"));
        Assert.Contains("warning RF1622", _program.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("~db", "{}")]
    [InlineData("~db=a", "b: 1")]
    public async Task Show_GroupOfSeveralOptions_IsTakenOut(string word, string left)
    {
        Write("config.yaml", "defaults:\n  - db: [a, b]\n  - _self_\n");
        Write("db/a.yaml", "a: 1\n");
        Write("db/b.yaml", "b: 1\n");

        Assert.Equal(0, await RunAsync("config", "show", word));
        Assert.Contains(left, _program.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("a: 1", _program.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_TopLevelKeysThatAreNotText_KeepTheirValues()
    {
        Write("config.yaml", "3: three\ntrue: yes\n4: ${five}\nfive: 5\n");

        Assert.Equal(0, await RunAsync("config", "show", "--resolve"));
        Assert.Equal("3: three\ntrue: true\n4: 5\nfive: 5\n", _program.Output);
    }

    [Fact]
    public async Task Run_ClassAppWithAKeyThatIsANumber_SendsItsValue()
    {
        Write("app/mine.yaml", "# @package _global_\napp: {name: mine, class: mine}\n3: three\n");

        Assert.Equal(0, await RunAsync("run", "--dry-run", "app=mine", "env=awsbatch"));
        Assert.Contains("three", _program.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("python train.py --name 'a b'", "python", "train.py", "--name", "a b")]
    [InlineData("hostname", "hostname")]
    public async Task Run_CommandAsAText_IsSplitAsAShellWould(string command, params string[] words)
    {
        Write("app/mine.yaml", $"# @package _global_\napp:\n  name: mine\n  command: \"{command}\"\n");

        Assert.Equal(0, await RunAsync("run", "--dry-run", "app=mine", "env=awsbatch"));
        JsonArray sent = Sent()["containerOverrides"]!["command"]!.AsArray();
        Assert.Equal(words, sent.Select(word => (string)word!).TakeLast(words.Length));
    }

    [Theory]
    [InlineData("python train.py | tee log")]
    [InlineData("cd /src && python train.py")]
    [InlineData("echo it's")]
    public async Task Run_CommandThatNeedsAShell_IsRefusedWithTheListToWrite(string command)
    {
        Write("app/mine.yaml", $"# @package _global_\napp:\n  name: mine\n  command: \"{command}\"\n");

        Assert.Equal(Refused, await RunAsync("run", "--dry-run", "app=mine"));
        Assert.Contains("RF2013", _program.Error, StringComparison.Ordinal);
        Assert.Contains("[sh, -c,", _program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AppWithoutItsPackage_SaysWhichLineIsMissing()
    {
        Write("app/mine.yaml", "app: {name: mine, command: [echo]}\n");

        Assert.Equal(Refused, await RunAsync("run", "--dry-run", "app=mine"));
        Assert.Contains("Make '# @package _global_' the first line of the file.", _program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ExperimentWithoutItsPackage_HasAWarning()
    {
        App("");
        Write("experiment/big.yaml", "env: {gpus: 4}\n");

        Assert.Equal(0, await RunAsync("run", "--dry-run", "app=mine", "+experiment=big"));
        Assert.Contains("warning RF1624 experiment/big sets experiment.env, and not env", _program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ClosedSchemaOfAnApp_LeavesTheKeysOfRefragAndOfOtherGroupsAlone()
    {
        Write("config.yaml", "defaults:\n  - app: mine\n  - env: local\n  - optional db: mysql\n  - _self_\n");
        Write("app/_schema/mine.yaml", "closed: true\nkeys: {lr: number}\n");
        Write("db/mysql.yaml", "port: 1\n");
        App("lr: 1\n");

        Assert.Equal(0, await RunAsync("run", "--dry-run"));
        Assert.Empty(_program.Error);
    }

    [Fact]
    public async Task Show_ProjectWithAnEnvGroupForSomethingElse_IsLeftInPeace()
    {
        Write("config.yaml", "defaults:\n  - env: cartpole\n  - _self_\n");
        Write("env/cartpole.yaml", "name: CartPole-v1\ngpus: many\n");

        Assert.Equal(0, await RunAsync("config", "show"));
        Assert.Equal("env:\n  name: CartPole-v1\n  gpus: many\n", _program.Output);
    }

    private void App(string keys) =>
        Write("app/mine.yaml", $"# @package _global_\napp: {{name: mine, command: [echo]}}\n{keys}");

    private void Write(string path, string text)
    {
        string full = _program.Folder.At($"conf/{path}");
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    private JsonNode Sent() => JsonNode.Parse(_program.Output)!["requests"]!.AsArray()[^1]!["request"]!;

    private Task<int> RunAsync(params string[] words)
    {
        string conf = _program.Folder.At("conf");
        string[] folder = Directory.Exists(conf) ? ["--config-dir", conf] : [];
        // A folder that is named holds the primary file.
        if (folder.Length > 0 && !File.Exists(Path.Combine(conf, "config.yaml")))
            Write("config.yaml", "defaults: [{app: hello_dist}, {env: local}, _self_]\n");
        return RootVerb.Create(_program.Context).Parse([.. words, .. folder])
            .InvokeAsync(cancellationToken: TestContext.Current.CancellationToken);
    }
}

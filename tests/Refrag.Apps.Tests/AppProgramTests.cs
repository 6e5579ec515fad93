namespace Refrag.Apps.Tests;

public sealed class AppProgramTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [Fact]
    public async Task Run_NameAndConfiguration_GivesTheAppBoth()
    {
        var app = new Scripted("count", run => run.Output.WriteLine($"{run.Worker.Rank} {run.Config.Read().Integer("to")}"));

        Assert.Equal(AppExitCodes.Success, await RunAsync(["count", """{"to":5}"""], [app]));
        Assert.Equal("0 5\n", _output.ToString());
    }

    [Fact]
    public async Task Run_VariablesOfANode_AreTheWorkersPlace()
    {
        var app = new Scripted("count", run => run.Output.WriteLine($"{run.Worker.Rank}/{run.Worker.WorldSize}"));

        Assert.Equal(AppExitCodes.Success,
            await RunAsync(["count"], [app], Variables.Of("NUM_NODES=3 NODE_INDEX=2 MAIN_NODE_INDEX=0 MASTER_ADDR=10.0.0.7")));
        Assert.Equal("2/3\n", _output.ToString());
    }

    [Fact]
    public async Task Run_SeveralMistakes_ReportsAllAndStartsNothing()
    {
        var app = new Scripted("count", _ => Assert.Fail("It was started."));

        Assert.Equal(AppExitCodes.Refused, await RunAsync(["cuont", "[1]"], [app], Variables.Of("NUM_NODES=many NODE_INDEX=0")));
        Assert.Contains("RF7001 There is no app named cuont", _error.ToString());
        Assert.Contains("Did you mean count?", _error.ToString());
        Assert.Contains("RF7005", _error.ToString());
        Assert.Contains("RF7006", _error.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("count {} more")]
    public async Task Run_OtherArguments_AreRefusedWithTheApps(string args)
    {
        string[] words = args.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(AppExitCodes.Refused, await RunAsync(words, [new Scripted("count", _ => { })]));
        Assert.StartsWith("RF8131", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("It has count", _error.ToString());
    }

    [Fact]
    public async Task Run_Help_NamesTheApps()
    {
        Assert.Equal(AppExitCodes.Success, await RunAsync(["--help"], [new Scripted("a", _ => { }), new Scripted("b", _ => { })]));
        Assert.Contains("a, b", _output.ToString());
        Assert.DoesNotContain(_output.ToString().Split('\n'), line => line.Length > 80);
    }

    [Fact]
    public async Task Run_AppThatThrows_FailsAndSaysWhy()
    {
        Assert.Equal(AppExitCodes.Failed,
            await RunAsync(["count"], [new Scripted("count", _ => throw new InvalidOperationException("a bug"))]));
        Assert.StartsWith("The app count threw: System.InvalidOperationException: a bug", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_CancelledFromOutside_EndsAsBySigterm()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        Assert.Equal(AppExitCodes.Terminated, await AppProgram.RunAsync(
            ["wait"], new AppRegistry(new Waiting()), Host([]), stop.Token));
    }

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    private Task<int> RunAsync(string[] args, IEnumerable<IApp> apps, Dictionary<string, string>? environment = null) =>
        AppProgram.RunAsync(args, new AppRegistry(apps), Host(environment ?? []), CancellationToken.None);

    private ExecHost Host(Dictionary<string, string> environment) => new()
    {
        Environment = environment,
        WorkingDirectory = "/work",
        Output = _output,
        Error = _error,
    };

    private sealed class Scripted(string name, Action<AppRun> act) : IApp
    {
        public string Name => name;

        public Task<int> RunAsync(AppRun run, CancellationToken cancellationToken)
        {
            act(run);
            return Task.FromResult(AppExitCodes.Success);
        }
    }

    private sealed class Waiting : IApp
    {
        public string Name => "wait";

        public async Task<int> RunAsync(AppRun run, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, run.Time, cancellationToken);
            return AppExitCodes.Success;
        }
    }
}

using System.Text.Json.Nodes;
using Refrag.Cli.Connections;
using Refrag.Cli.Tests.LocalRuns;

namespace Refrag.Cli.Tests.Commands.Jobs;

/// <summary><c>refrag jobs</c> and <c>refrag top --json</c> on recorded runs, on a terminal and in a pipe.</summary>
public sealed class JobsVerbTests : IAsyncLifetime
{
    private readonly RecordedRuns _runs = new();
    private readonly TestProgram _program;
    private readonly StringWriter _screen = new();
    private readonly StringWriter _notes = new();
    private readonly List<string> _ids = [];

    public JobsVerbTests() => _program = new TestProgram(("REFRAG_RUNS", _runs.Folder));

    public async ValueTask InitializeAsync()
    {
        _ids.AddRange(await _runs.AddAsync("20260810T100000000Z-1", "old"));
        _ids.AddRange(await _runs.AddAsync("20260810T110000000Z-1", "middle", "new"));
    }

    public ValueTask DisposeAsync()
    {
        _program.Dispose();
        _runs.Dispose();
        _screen.Dispose();
        _notes.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Jobs_InAPipe_AreNewestFirstWithWholeIds()
    {
        Assert.Equal(0, await RunAsync(onTerminal: false, "jobs", "env=local"));

        string[] lines = _screen.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Enumerable.Reverse(_ids), lines.Skip(1).Select(line => line.Split(' ')[0]));
        Assert.Contains("REASON", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Jobs_AsJson_AreNewestFirstWithWholeIds()
    {
        Assert.Equal(0, await RunAsync(onTerminal: true, "jobs", "--json", "env=local"));

        Assert.Equal(Enumerable.Reverse(_ids), _screen.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => (string?)JsonNode.Parse(line)!["jobId"]));
    }

    [Fact]
    public async Task Jobs_OnATerminal_HaveShortIdsAndTheCommonReasonOnce()
    {
        Assert.Equal(0, await RunAsync(onTerminal: true, "jobs", "env=local"));

        string[] lines = _screen.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["new", "middle", "old"],
            lines.Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]));
        int length = NamedJobs.LengthToTellApart(_ids);
        Assert.InRange(length, 8, 35);
        Assert.Equal(Enumerable.Reverse(_ids).Select(id => id[..length]), lines.Skip(1).Select(line => line.Split(' ')[0]));
        Assert.DoesNotContain("REASON", lines[0], StringComparison.Ordinal);
        Assert.Contains("3 jobs\n", _notes.ToString(), StringComparison.Ordinal);
        Assert.Contains("The reason of each: ", _notes.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Top_AsJson_IsOneObjectWithQueuesEnvironmentsAndJobs()
    {
        Assert.Equal(0, await RunAsync(onTerminal: true, "top", "--json", "env=local"));

        JsonNode report = JsonNode.Parse(Assert.Single(_screen.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)))!;
        Assert.Equal(["at", "region", "queues", "environments", "jobs", "complete"], report.AsObject().Select(member => member.Key));
        Assert.Equal("this machine", (string?)report["region"]);
        JsonNode queue = report["queues"]!.AsArray().First(one => (string?)one!["jobQueue"] == RecordedRuns.Queue)!;
        Assert.Equal(("ok", 0), ((string?)queue["health"], (int?)queue["jobs"]!["RUNNABLE"]));
        Assert.True((bool)report["complete"]!);
    }

    private Task<int> RunAsync(bool onTerminal, params string[] words)
    {
        var terminal = new Cli.Terminal.Terminal(
            _screen, _notes, name => name == "NO_COLOR" ? "1" : onTerminal && name == "COLUMNS" ? "200" : null, onTerminal,
            errorIsTerminal: false);
        return RootVerb.Create(_program.Context with { Terminal = terminal }).Parse(words)
            .InvokeAsync(cancellationToken: TestContext.Current.CancellationToken);
    }
}

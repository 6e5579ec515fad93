using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace Refrag.Acceptance.Tests.Served;

/// <summary>The built <c>refrag history</c>, and what other commands leave in it, on the fleets of <c>refrag serve</c>.</summary>
public sealed class HistoryTests : IAsyncLifetime
{
    private static readonly string[] s_job =
        ["run", "env=awsbatch", "env.vcpus=1", "env.memory=64MiB", "env.job_name=seen", "--", "true"];

    private readonly TemporaryFolder _folder = new();
    private readonly List<Process> _started = [];
    private string _url = "";

    private string State => _folder.At("state");

    private string History => Path.Combine(State, "refrag", "history", "history.db");

    public async ValueTask InitializeAsync()
    {
        Process server = Start(new BuiltProgram().Start(
            ["serve", "--urls", "http://127.0.0.1:0", "--state", _folder.At("server"), "--fleet", "--runner", "simulated",
                "--allow-any-credentials"]));
        _url = (await ServedBatch.ListeningOn(server)).TrimEnd('/');
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Process one in _started)
        {
            if (!one.HasExited) one.Kill(entireProcessTree: true);
            await one.WaitForExitAsync(CancellationToken.None);
            one.Dispose();
        }
        _folder.Dispose();
    }

    // It looks once an hour: a job of a second is known by its events alone.
    [Fact]
    public async Task Watch_OfAServerWithEvents_MeasuresAJobBetweenTwoLooks()
    {
        Process watch = Start(Client().Start(["history", "watch", "env=awsbatch", "--every", "3600"]));
        watch.OutputDataReceived += static (_, _) => { };
        watch.BeginOutputReadLine();
        await Eventually.HoldsAsync(async () => (await PlacesAsync()).Length == 1);

        await SubmitAsync();
        await Eventually.HoldsAsync(async () => (await ExportAsync("attempts")) is [{ } one] && one["stopped_at"] is not null);
        Finished look = await RunAsync("history", "watch", "env=awsbatch", "--once", "--json", "--requests", "1");

        JsonNode attempt = Assert.Single(await ExportAsync("attempts"));
        Assert.Equal(("spot", false), ((string?)attempt["market"], (bool)attempt["failed"]!));
        Assert.NotNull(attempt["spot_usd_per_hour"]);
        JsonNode job = Assert.Single(await ExportAsync("jobs"));
        Assert.Equal("SUCCEEDED", (string?)job["status"]);
        Assert.Equal((string?)attempt["started_at"], (string?)job["started_at"]);
        Assert.True(look.ExitCode == 0, look.ToString());
        // Queues, environments, five states of two queues, and of each environment the names of its instances at least.
        Assert.True((int)JsonNode.Parse(look.Output)!["requests"]! >= 14, look.Output);
        Assert.False(watch.HasExited);
    }

    [Fact]
    public async Task Watch_WithAFleet_KnowsItsInstancesAndPrices()
    {
        await SubmitAsync();
        await Eventually.HoldsAsync(async () =>
            (await RunAsync("jobs", "env=awsbatch", "--status", "SUCCEEDED", "--json")).Output.Length > 0);
        Finished look = await RunAsync("history", "watch", "env=awsbatch", "--once");

        JsonNode fleet = (await ExportAsync("fleets")).First(one => (string?)one["environment"] == "refrag-cpu-compute-env");
        JsonNode[] instances = await ExportAsync("instances");
        JsonNode[] prices = await ExportAsync("prices");

        Assert.True(look.ExitCode == 0, look.ToString());
        // An idle instance stays up for minutes.
        JsonNode instance = Assert.Single(instances);
        Assert.Equal(("spot", 1), ((string?)instance["market"], (int)instance["count"]!));
        Assert.Equal((1, 0m), ((int)fleet["instances"]!, (decimal)fleet["busy_vcpus"]!));
        Assert.Equal(fleet["desired_vcpus"]!.ToString(), fleet["vcpus"]!.ToString());
        Assert.Equal(["on-demand", "spot"], prices.Where(one => (string?)one["type"] == (string?)instance["type"])
            .Select(one => (string?)one["market"]).Distinct().Order());
    }

    [Fact]
    public async Task CommandsThatLook_KeepWhatTheyRead()
    {
        Finished none = await RunAsync("history");
        await SubmitAsync();
        Finished queues = await RunAsync("queues", "env=awsbatch");
        string id = (string)JsonNode.Parse((await RunAsync("jobs", "env=awsbatch", "--json")).Output)!["jobId"]!;
        // A list says the end only of an attempt that is known.
        Finished? job = null;
        await Eventually.HoldsAsync(async () =>
        {
            job = await RunAsync("job", id, "env=awsbatch", "--json");
            return (string?)JsonNode.Parse(job.Output)!["status"] is "RUNNING" or "SUCCEEDED";
        });
        Finished history = await RunAsync("history");
        JsonNode place = Assert.Single(await PlacesAsync());
        await Eventually.HoldsAsync(async () =>
            (await RunAsync("jobs", "env=awsbatch", "--json")).Output.Contains("SUCCEEDED", StringComparison.Ordinal)
            && (string?)(await ExportAsync("jobs"))[0]["status"] == "SUCCEEDED");

        Assert.Equal((66, 0, 0), (none.ExitCode, queues.ExitCode, job!.ExitCode));
        Assert.Contains("RF8190", none.Error, StringComparison.Ordinal);
        Assert.Equal((1, 2, 2), ((int)place["jobs"]!, (int)place["queueSamples"]!, (int)place["fleetSamples"]!));
        Assert.Contains(_url, history.Output, StringComparison.Ordinal);
        Assert.Contains("1024 MB at most", history.Error, StringComparison.Ordinal);
    }

    // What they print is the same, and nothing is said of what is none of their business.
    [Theory]
    [InlineData("damaged", "RF8100")]
    [InlineData("newer", "RF8101")]
    [InlineData("locked", "RF8108")]
    public async Task CommandsThatLook_HistoryThatCannotBeUsed_DoTheirWork(string fault, string code)
    {
        await SubmitAsync();
        await RunAsync("queues", "env=awsbatch");
        using SqliteConnection? held = await BreakAsync(fault);

        Finished queues = await RunAsync("queues", "env=awsbatch", "--json");
        Finished jobs = await RunAsync("jobs", "env=awsbatch", "--json");
        Finished watch = await RunAsync("history", "watch", "env=awsbatch", "--once");
        Finished prune = await RunAsync("history", "prune");

        Assert.Equal((0, 0), (queues.ExitCode, jobs.ExitCode));
        Assert.Equal((2, 1), (Lines(queues).Length, Lines(jobs).Length));
        Assert.DoesNotContain("RF", queues.Error + jobs.Error, StringComparison.Ordinal);
        Assert.Equal(2, watch.Error.Split(code).Length);
        Assert.Equal(fault == "locked" ? 0 : 69, watch.ExitCode);
        Assert.True(prune.ExitCode == 69 && prune.Error.Split(code).Length == 2, prune.ToString());
    }

    [Fact]
    public async Task Queues_FullDisk_PrintsAndTheWatchSaysIt()
    {
        using SmallDisk disk = await SmallDisk.MountAsync(State, 1);
        if (!disk.IsMounted) Assert.Skip("Only root may mount a disk.");
        disk.Fill();

        Finished queues = await RunAsync("queues", "env=awsbatch", "--json");
        Finished watch = await RunAsync("history", "watch", "env=awsbatch", "--once");

        Assert.Equal((0, 2), (queues.ExitCode, Lines(queues).Length));
        Assert.Empty(queues.Error);
        Assert.Equal((69, 2), (watch.ExitCode, watch.Error.Split("RF8100").Length));
    }

    [Fact]
    public async Task Watches_SeveralAtOnce_LoseNothing()
    {
        await SubmitAsync();
        await SubmitAsync();
        await Eventually.HoldsAsync(async () =>
            Lines(await RunAsync("jobs", "env=awsbatch", "--status", "SUCCEEDED", "--json")).Length == 2);
        string[] ids = [.. Lines(await RunAsync("jobs", "env=awsbatch", "--json")).Select(line => (string)JsonNode.Parse(line)!["jobId"]!)];

        Finished[] all = await Task.WhenAll(
            RunAsync("history", "watch", "env=awsbatch", "--once"), RunAsync("history", "watch", "env=awsbatch", "--once"),
            RunAsync("cost", "report", "env=awsbatch"), RunAsync("queues", "env=awsbatch"));

        Assert.All(all, one => Assert.True(one.ExitCode == 0, one.ToString()));
        Assert.Equal(ids.Order(), (await ExportAsync("jobs")).Select(one => (string)one["job_id"]!).Order());
        Assert.Equal(2, (await ExportAsync("queues")).Length);
    }

    [Fact]
    public async Task Simulate_OfTheHistory_IsTheJobsThatEndedThere()
    {
        await File.WriteAllTextAsync(_folder.At("world.yaml"), "environments:\n  cpu: {types: [m5.large], max_vcpus: 8}\n",
            TestContext.Current.CancellationToken);
        string world = _folder.At("world.yaml");
        Finished empty = await RunAsync("simulate", "--history", "--world", world);
        await SubmitAsync();
        await SubmitAsync();
        await Eventually.HoldsAsync(async () =>
            Lines(await RunAsync("jobs", "env=awsbatch", "--status", "SUCCEEDED", "--json")).Length == 2);
        await RunAsync("cost", "report", "env=awsbatch");

        Finished run = await RunAsync("simulate", "--history", "us-east-1", "--since", "1h", "--world", world, "--json");
        Finished before = await RunAsync("simulate", "--history", "--until", "2020-01-01", "--world", world);
        Finished unknown = await RunAsync("simulate", "--history=eu-west-1", "--world", world);
        Finished two = await RunAsync("simulate", "--history", "--now", "--world", world);
        Finished trace = await RunAsync("history", "export", "trace");
        await File.WriteAllTextAsync(_folder.At("own.csv"), trace.Output, TestContext.Current.CancellationToken);
        Finished same = await RunAsync("simulate", "--trace", _folder.At("own.csv"), "--world", world, "--json");
        Sql("INSERT INTO places VALUES (99, 'aws', '123456789012', 'us-east-1')");
        Finished several = await RunAsync("simulate", "--history", "us-east-1", "--world", world);

        Assert.True(run.ExitCode == 0, run.ToString());
        JsonNode result = JsonNode.Parse(run.Output)!;
        Assert.Equal(2, (int)result["all"]!["jobs"]!);
        JsonNode again = JsonNode.Parse(same.Output)!;
        Assert.Equal(result["all"]!.ToJsonString(), again["all"]!.ToJsonString());
        Assert.Equal((64, 64, 64, 64), (empty.ExitCode, before.ExitCode, unknown.ExitCode, two.ExitCode));
        Assert.Contains("RF8190", empty.Error, StringComparison.Ordinal);
        Assert.Contains("RF8192", before.Error, StringComparison.Ordinal);
        Assert.Contains("RF8190", unknown.Error, StringComparison.Ordinal);
        Assert.Contains("--history", two.Error, StringComparison.Ordinal);
        Assert.Contains("RF8191", several.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prune_ToFewJobs_RemovesTheRestAndSaysHowMany()
    {
        for (int i = 0; i < 3; i++) await SubmitAsync();
        foreach (string line in Lines(await RunAsync("jobs", "env=awsbatch", "--json")))
            await RunAsync("job", (string)JsonNode.Parse(line)!["jobId"]!, "env=awsbatch");
        await RunAsync("queues", "env=awsbatch");

        Finished prune = await RunAsync("history", "prune", "--jobs", "1", "--json");
        Finished nothing = await RunAsync("history", "prune");

        Assert.True(prune.ExitCode == 0, prune.ToString());
        Assert.Equal((2, 0), ((int)JsonNode.Parse(prune.Output)!["jobs"]!, (int)JsonNode.Parse(prune.Output)!["samples"]!));
        Assert.StartsWith("0 jobs, 0 samples and 0 prices removed; ", nothing.Output, StringComparison.Ordinal);
        Assert.Equal(1, (int)Assert.Single(await PlacesAsync())["jobs"]!);
    }

    [Theory]
    [InlineData("--format=parquet", "DuckDB")]
    [InlineData("--format=xml", "csv, jsonl; got 'xml'")]
    public async Task Export_FormatThatThereIsNot_SaysWhichThereAre(string format, string says)
    {
        Finished export = await RunAsync("history", "export", "jobs", format);

        Assert.Equal(64, export.ExitCode);
        Assert.Contains("RF8193", export.Error, StringComparison.Ordinal);
        Assert.Contains(says, export.Error, StringComparison.Ordinal);
    }

    private static string[] Lines(Finished run) => run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private async Task<SqliteConnection?> BreakAsync(string fault)
    {
        if (fault == "damaged")
            await File.WriteAllTextAsync(History, new string('x', 5000), TestContext.Current.CancellationToken);
        if (fault == "newer") Sql("INSERT INTO schema_version VALUES (99, 'later')");
        if (fault != "locked") return null;
        SqliteConnection held = new($"Data Source={History};Pooling=False");
        held.Open();
        using SqliteCommand command = held.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        return held;
    }

    private void Sql(string sql)
    {
        using SqliteConnection connection = new($"Data Source={History};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are this test's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private async Task SubmitAsync()
    {
        Finished run = await RunAsync(s_job);
        Assert.True(run.ExitCode == 0, run.ToString());
    }

    private async Task<JsonNode[]> PlacesAsync()
    {
        Finished run = await RunAsync("history", "--json");
        return run.ExitCode == 0 ? [.. JsonNode.Parse(run.Output)!["places"]!.AsArray().Select(one => one!)] : [];
    }

    private async Task<JsonNode[]> ExportAsync(string what) =>
        [.. Lines(await RunAsync("history", "export", what, "--format", "jsonl")).Select(line => JsonNode.Parse(line)!)];

    // What it says later must not fill its pipe.
    private Process Start(Process process)
    {
        _started.Add(process);
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }

    private BuiltProgram Client() => new BuiltProgram()
        .With("XDG_STATE_HOME", State).With("AWS_REGION", "us-east-1").With("AWS_DEFAULT_REGION", "us-east-1")
        .With("AWS_ACCESS_KEY_ID", "any").With("AWS_SECRET_ACCESS_KEY", "any").With("AWS_ENDPOINT_URL_BATCH", _url)
        .With("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", _url).With("AWS_ENDPOINT_URL_ECS", _url);

    private Task<Finished> RunAsync(params string[] arguments) => Client().RunAsync(arguments);
}

using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests.Served;

/// <summary><c>refrag serve --export</c> and <c>--import</c>.</summary>
public sealed class StateMoveTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("refrag-move");

    private string Old => Path.Combine(_folder.FullName, "old");

    private string Export => Path.Combine(_folder.FullName, "export.jsonl");

    [Fact]
    public async Task Export_ImportedElsewhere_HasTheJobsAndTheDefinitions()
    {
        string id = await FillAsync();
        await MoveAsync(Old, "--export", Export);
        string[] lines = await File.ReadAllLinesAsync(Export, TestContext.Current.CancellationToken);
        Assert.Equal("state", (string?)JsonNode.Parse(lines[0])!["type"]);
        string other = Path.Combine(_folder.FullName, "new");
        await MoveAsync(other, "--import", Export);
        await MoveAsync(other, "--export", Export + "2");
        Assert.Equal(lines, await File.ReadAllLinesAsync(Export + "2", TestContext.Current.CancellationToken));

        JsonNode job = await ServedAsync(other, http => AskAsync(http, "describejobs", new JsonObject { ["jobs"] = new JsonArray(id) }));
        Assert.Equal(("SUCCEEDED", "moved"), ((string?)job["jobs"]![0]!["status"], (string?)job["jobs"]![0]!["jobName"]));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Export));
    }

    [Theory]
    [InlineData("not an export\n", "RF4018")]
    [InlineData("", "RF4018")]
    [InlineData("{\"type\":\"state\",\"version\":99}\n", "RF4018")]
    public async Task Import_OfSomethingElse_IsOneErrorAndChangesNothing(string text, string code)
    {
        await File.WriteAllTextAsync(Export, text, TestContext.Current.CancellationToken);
        await RefusedAsync(code, Old, "--import", Export);
        Assert.False(File.Exists(Path.Combine(Old, "access-keys.json")));
    }

    [Fact]
    public async Task Import_BrokenInTheMiddle_ReadsNothingOfIt()
    {
        await FillAsync();
        await MoveAsync(Old, "--export", Export);
        string whole = await File.ReadAllTextAsync(Export, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Export, whole[..^20], TestContext.Current.CancellationToken);
        string other = Path.Combine(_folder.FullName, "new");
        await RefusedAsync("RF4018", other, "--import", Export);

        await File.WriteAllTextAsync(Export, whole, TestContext.Current.CancellationToken);
        await MoveAsync(other, "--import", Export);
        await RefusedAsync("RF4017", other, "--import", Export);
    }

    [Fact]
    public async Task Export_WhereThereIsNothing_SaysSo()
    {
        await RefusedAsync("RF4012", Path.Combine(_folder.FullName, "nothing"), "--export", Export);
        Assert.False(Directory.Exists(Path.Combine(_folder.FullName, "nothing")));
        await RefusedAsync("RF5117", Old, "--import", Path.Combine(_folder.FullName, "missing"));
        await RefusedAsync("RF5118", Old, "--import", Export, "--export", Export);
    }

    [Fact]
    public async Task Export_ThatFails_LeavesNoPartOfIt()
    {
        await FillAsync();
        // A folder stands where the whole export would go.
        Directory.CreateDirectory(Export);
        await RefusedAsync("RF5116", Old, "--export", Export);
        await RefusedAsync("RF5116", Old, "--export", Path.Combine(_folder.FullName, "missing", "export.jsonl"));
        Assert.Empty(Directory.EnumerateFiles(_folder.FullName));
    }

    [Fact]
    public async Task Export_Terminated_LeavesNoPartOfIt()
    {
        await FillAsync();
        // Enough jobs for the export to be still under way when its file is seen.
        Process filling = new BuiltProgram().StartProgram(Stock.Python, "-c", $"""
            import sqlite3
            state = sqlite3.connect("{Path.Combine(Old, "state.db")}")
            names = [row[1] for row in state.execute("PRAGMA table_info(jobs)")]
            values = ", ".join(dict(seq="n + 1000", id="printf('%08x-0000-7000-8000-000000000000', n)").get(name, name) for name in names)
            state.execute(f"WITH RECURSIVE many(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 60000) "
                f"INSERT INTO jobs SELECT {"{values}"} FROM many, (SELECT * FROM jobs LIMIT 1)")
            state.commit()
            """);
        Finished filled = await BuiltProgram.FinishAsync(filling, TestContext.Current.CancellationToken);
        Assert.True(filled.ExitCode == 0, filled.ToString());

        using Process export = new BuiltProgram().Start("serve", "--state", Old, "--export", Export);
        await Eventually.HoldsAsync(() => File.Exists(Export + ".part") || File.Exists(Export));
        using Process kill = Process.Start("kill", ["-TERM", $"{export.Id}"]);
        Finished end = await BuiltProgram.FinishAsync(export, TestContext.Current.CancellationToken);

        // A signal that comes when all is written changes nothing: the export is whole then.
        Assert.True(end.ExitCode is 143 or 0, end.ToString());
        Assert.Equal(end.ExitCode == 0 ? [Export] : [], Directory.EnumerateFiles(_folder.FullName));
    }

    [Fact]
    public async Task Export_WhileAServerRuns_NamesIt()
    {
        using Process serve = Start(Old);
        await ServedBatch.ListeningOn(serve);
        Finished run = await RefusedAsync("RF4010", Old, "--export", Export);
        Assert.Contains($"process {serve.Id} ", run.Error, StringComparison.Ordinal);
        serve.Kill();
        await serve.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task MoveAsync(string state, params string[] arguments)
    {
        Finished run = await new BuiltProgram().RunAsync(["serve", "--state", state, .. arguments]);
        Assert.True(run.ExitCode == 0, run.ToString());
    }

    private static async Task<Finished> RefusedAsync(string code, string state, params string[] arguments)
    {
        Finished run = await new BuiltProgram().RunAsync(["serve", "--state", state, .. arguments]);
        Assert.True(run.ExitCode == 64, run.ToString());
        Assert.Contains(code, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.Split('\n'), line => line.StartsWith("RF", StringComparison.Ordinal));
        return run;
    }

    private static Process Start(string state) =>
        new BuiltProgram().Start(
            "serve", "--urls", "http://127.0.0.1:0", "--state", state, "--runner", "simulated", "--allow-any-credentials");

    private Task<string> FillAsync() => ServedAsync(Old, async http =>
    {
        JsonNode submitted = await AskAsync(http, "submitjob", new JsonObject
        {
            ["jobName"] = "moved",
            ["jobQueue"] = "refrag-cpu-job-queue",
            ["jobDefinition"] = "refrag-cpu-job-def",
            ["containerOverrides"] = new JsonObject
            {
                ["environment"] = new JsonArray(new JsonObject { ["name"] = "REFRAG_SIM_SECONDS", ["value"] = "0" }),
            },
        });
        string id = (string)submitted["jobId"]!;
        await Eventually.HoldsAsync(async () =>
        {
            JsonNode described = await AskAsync(http, "describejobs", new JsonObject { ["jobs"] = new JsonArray(id) });
            return (string?)described["jobs"]![0]!["status"] == "SUCCEEDED";
        });
        return id;
    });

    // One server for all of it: a job that is asked for by servers that end at once may never come to its end.
    private static async Task<T> ServedAsync<T>(string state, Func<HttpClient, Task<T>> use)
    {
        using Process serve = Start(state);
        using var http = new HttpClient { BaseAddress = new Uri(await ServedBatch.ListeningOn(serve)) };
        http.DefaultRequestHeaders.Authorization = new("Any");
        T result = await use(http);
        using Process kill = Process.Start("kill", ["-TERM", $"{serve.Id}"]);
        await serve.WaitForExitAsync(TestContext.Current.CancellationToken);
        return result;
    }

    private static async Task<JsonNode> AskAsync(HttpClient http, string operation, JsonObject request)
    {
        using var body = new StringContent(request.ToJsonString());
        using HttpResponseMessage answer =
            await http.PostAsync(new Uri($"/v1/{operation}", UriKind.Relative), body, TestContext.Current.CancellationToken);
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }
}

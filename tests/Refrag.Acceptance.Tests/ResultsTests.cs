using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Refrag.Acceptance.Tests.Served;

namespace Refrag.Acceptance.Tests;

/// <summary>What a job writes comes home, and an attempt that is ended anywhere is continued by the next one.</summary>
public sealed partial class ResultsTests
{
    private const string Id = "5f0c4a52-6b9e-4b53-9a1c-0c4f4a2b7e11";

    // Sums that depend on every step before; an attempt waits at a step of its own for its end, and the last one does not.
    private const string Script = """
        import os, pickle, random, signal, sys, time
        folder, stop = os.environ["REFRAG_OUTPUT_DIR"], {1: 30, 2: 60, 3: 90}.get(int(os.environ["AWS_BATCH_JOB_ATTEMPT"]))
        path = os.path.join(folder, "state.pickle")
        state = (0, 1.0, random.Random(7).getstate())
        if os.path.exists(path): state = pickle.load(open(path, "rb"))
        print("begins at", state[0], flush=True)
        def save(state):
            with open(path + ".new", "wb") as file: pickle.dump(state, file)
            os.replace(path + ".new", path)
        def end(*_):
            with open(os.path.join(folder, "signals"), "a") as file: file.write("TERM\n")
            time.sleep(1)
            sys.exit(7)
        if "--handle" in sys.argv: signal.signal(signal.SIGTERM, end)
        while state[0] < 120:
            dice = random.Random()
            dice.setstate(state[2])
            state = (state[0] + 1, state[1] * dice.uniform(0.9, 1.1), dice.getstate())
            save(state)
            if state[0] == stop:
                open(os.path.join(folder, "waits-%d" % stop), "w").close()
                print("waits at", stop, flush=True)
                while True: time.sleep(0.05)
        print("ends with %r" % state[1], flush=True)
        """;

    private readonly string _folder = ScratchFolder.Make("results");
    private readonly string _store = ScratchFolder.Make("store");
    private readonly string _state = ScratchFolder.Make("state");
    private readonly string _runs = ScratchFolder.Make("runs");
    private readonly string _temporary = ScratchFolder.Make("tmp");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Exec_AttemptsThatAreEndedAnywhere_EndWithTheNumbersOfAnUninterruptedRun()
    {
        Write("train.py", Script);
        string expected = (await Exec("none", 4).With("REFRAG_RESULTS", null).With("REFRAG_OUTPUT_DIR", ScratchFolder.Make("plain"))
            .RunAsync("exec", "--", Stock.Python, "train.py")).Output.Split('\n')[1];
        Assert.StartsWith("ends with ", expected, StringComparison.Ordinal);

        // Killed with all that it started, once the store has its state.
        using (Process first = Exec(Id, 1).Start("exec", "--", Stock.Python, "train.py"))
        {
            Assert.Equal("begins at 0", await LineAsync(first));
            Assert.Equal("waits at 30", await LineAsync(first));
            await Eventually.HoldsAsync(() => Index(Id, 1).Contains("waits-30", StringComparison.Ordinal), "the state is stored");
            first.Kill(entireProcessTree: true);
            await first.WaitForExitAsync(Token);
        }
        // Asked to end, and the command handles it.
        using (Process second = Exec(Id, 2).With("REFRAG_RESULTS_INTERVAL", "3600")
            .Start("exec", "--", Stock.Python, "train.py", "--handle"))
        {
            Assert.Equal("begins at 30", await LineAsync(second));
            Assert.Equal("waits at 60", await LineAsync(second));
            await SignalAsync(second, "TERM");
            await second.WaitForExitAsync(Token);
            Assert.Equal(7, second.ExitCode);
        }
        // Asked to end, and the command does not.
        using (Process third = Exec(Id, 3).With("REFRAG_RESULTS_INTERVAL", "3600").Start("exec", "--", Stock.Python, "train.py"))
        {
            Assert.Equal("begins at 60", await LineAsync(third));
            Assert.Equal("waits at 90", await LineAsync(third));
            await SignalAsync(third, "TERM");
            await third.WaitForExitAsync(Token);
            Assert.Equal(143, third.ExitCode);
        }
        Finished last = await Exec(Id, 4).RunAsync("exec", "--", Stock.Python, "train.py");
        Assert.True(last.ExitCode == 0, last.ToString());
        Assert.Equal(["begins at 90", expected, ""], last.Output.Split('\n'));
        Assert.Contains("Results: attempt 4 begins with 5 files of attempt 3", last.Error, StringComparison.Ordinal);
        Assert.Equal("TERM\n", File.ReadAllText(Path.Combine(_store, Id, "attempt-2", "files", "signals")));
        Assert.Empty(Directory.EnumerateDirectories(_temporary, "refrag-results-*"));
    }

    [Fact]
    public async Task Exec_TrainThatIsStopped_GivesTheSameMetrics()
    {
        int steps;
        // It would take hours: it is stopped wherever it is then.
        using (Process first = Exec(Id, 1).Start("exec", "train", """{"epochs":1000000}"""))
        {
            string line;
            do line = await LineAsync(first);
            while (!line.StartsWith("epoch 1/", StringComparison.Ordinal));
            await SignalAsync(first, "TERM");
            string rest = await first.StandardOutput.ReadToEndAsync(Token);
            await first.WaitForExitAsync(Token);
            Assert.Equal(143, first.ExitCode);
            steps = int.Parse(StoppedAt().Match(rest).Groups["step"].Value, CultureInfo.InvariantCulture);
        }
        // 100 steps an epoch: some more.
        string[] train = ["exec", "train", string.Create(CultureInfo.InvariantCulture, $"{{\"epochs\":{(steps / 100) + 5}}}")];
        string plain = ScratchFolder.Make("plain");
        Finished whole = await Exec(Id, 1).With("REFRAG_RESULTS", null).With("REFRAG_OUTPUT_DIR", plain).RunAsync(train);
        Assert.True(whole.ExitCode == 0, whole.ToString());
        Finished second = await Exec(Id, 2).RunAsync(train);
        Assert.True(second.ExitCode == 0, second.ToString());
        Assert.StartsWith($"continuing from step {steps} of ", second.Output, StringComparison.Ordinal);
        Assert.Equal(
            File.ReadAllText(Path.Combine(plain, "outputs", "train", "metrics.jsonl")),
            File.ReadAllText(Path.Combine(_store, Id, "attempt-2", "files", "outputs", "train", "metrics.jsonl")));
    }

    [Theory]
    [InlineData("exit 0", 74)]
    [InlineData("exit 3", 3)]
    public async Task Exec_LastStoringThatFails_KeepsTheFilesAndIsNoSuccess(string end, int code)
    {
        Finished run = await Exec(Id, 1).RunAsync(
            "exec", "--", "sh", "-c", $"echo kept >\"$REFRAG_OUTPUT_DIR/model\"; rm -r '{_store}'; {end}");

        Assert.True(run.ExitCode == code, run.ToString());
        Assert.Contains("RF8035", run.Error, StringComparison.Ordinal);
        // The variable is set.
        Assert.DoesNotContain("not set", run.Error, StringComparison.Ordinal);
        string kept = Assert.Single(Directory.EnumerateDirectories(_temporary, "refrag-kept-results-*"));
        Assert.Contains($"What the job has written is in {kept}", run.Error, StringComparison.Ordinal);
        Assert.Equal("kept\n", File.ReadAllText(Path.Combine(kept, "results", "model")));
    }

    [Theory]
    [InlineData("REFRAG_RESULTS", "file:///nowhere/results", "RF8035")]
    [InlineData("REFRAG_RESULTS", "nowhere", "RF8033")]
    [InlineData("AWS_BATCH_JOB_ID", null, "RF8033")]
    [InlineData("REFRAG_OUTPUT_DIR", "/proc/none", "RF8039")]
    public async Task Exec_StoreThatCannotBeUsed_DoesNotBegin(string name, string? value, string problem)
    {
        Finished run = await Exec(Id, 1).With(name, value).RunAsync("exec", "--", "echo", "it ran");

        Assert.True(run.ExitCode == 2, run.ToString());
        Assert.Contains(problem, run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData("no-such-command", 127, "RF7007")]
    [InlineData("sh", 0, "")]
    public async Task Exec_Command_IsAsWithoutAStore(string command, int code, string problem)
    {
        // Its variables, its input, and the signal that .NET ignores.
        Finished run = await Exec(Id, 1).RunAsync(
            "exec", "--", command, "-c",
            "echo \"$RANK <$REFRAG_RESULTS$REFRAG_RESULTS_INTERVAL>\"; sh -c 'kill -PIPE $$; echo alive'; read line || echo end");

        Assert.True(run.ExitCode == code, run.ToString());
        Assert.Equal(code == 0 ? "0 <>\nend\n" : "", run.Output);
        Assert.Contains(problem, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Local_ResultsAreListedAndBrought()
    {
        Finished run = await Mine().RunAsync(
            "run", "env.results=file://" + _store, "env.job_name=mine", "--", "sh", "-c",
            "mkdir -p $REFRAG_OUTPUT_DIR/a; echo one >$REFRAG_OUTPUT_DIR/a/model; : >$REFRAG_OUTPUT_DIR/empty; echo done");
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal(("done\n", ""), (run.Output, run.Error));

        JsonNode[] outputs = Lines(await Mine().RunAsync("outputs", "mine", "--json"));
        Assert.Equal(["a/model 4 1", "empty 0 1"], outputs.Select(line => $"{line["path"]} {line["bytes"]} {line["attempt"]}"));
        string id = (string)outputs[0]["jobId"]!;
        // printf 'one\n' | sha256sum
        Assert.Equal("2c8b08da5ce60398e1f19af0e5dccc744df274b826abe585eaba68c525434806", (string?)outputs[0]["sha256"]);

        Finished pulled = await Mine().RunAsync("pull", id[..8]);
        Assert.True(pulled.ExitCode == 0, pulled.ToString());
        Assert.Equal($"results/{id}: 2 files, 2 brought, 4 bytes\n", pulled.Output);
        Assert.Equal("one\n", File.ReadAllText(Path.Combine(_folder, "results", id, "a", "model")));
        Assert.Equal($"results/{id}: 2 files, nothing new\n", (await Mine().RunAsync("pull", id, "--watch")).Output);
        File.Delete(Path.Combine(_folder, "results", id, "empty"));
        JsonNode again = Assert.Single(Lines(await Mine().RunAsync("pull", id, "--json")));
        Assert.Equal((id, 2, 1, 0L), ((string?)again["jobId"], (int)again["files"]!, (int)again["brought"]!, (long)again["broughtBytes"]!));
        Assert.True(File.Exists(Path.Combine(_folder, "results", id, "empty")));
    }

    [Fact]
    public async Task Run_Sweep_HasAFolderForEachJob()
    {
        Finished run = await Mine().RunAsync(
            "run", "-m", "env.results=file://" + _store, "env.job_name=sweep", "--", "sh", "-c", "echo $1 >$REFRAG_OUTPUT_DIR/value", "x",
            "v=1,2,3");
        Assert.True(run.ExitCode == 0, run.ToString());
        string id = (string)Assert.Single(Lines(await Mine().RunAsync("jobs", "--json")))["jobId"]!;

        Assert.Equal([$"{id}:0", $"{id}:1", $"{id}:2"],
            Lines(await Mine().RunAsync("outputs", id, "--json")).Select(line => (string?)line["jobId"]));
        Finished pulled = await Mine().RunAsync("pull", id, "--to", "home");
        Assert.Equal("home: 3 files, 3 brought, 12 bytes\n", pulled.Output);
        Assert.Equal(["v=1\n", "v=2\n", "v=3\n"],
            Enumerable.Range(0, 3).Select(index => File.ReadAllText(Path.Combine(_folder, "home", $"{index}", "value"))));
        Assert.Equal("one: 1 file, 1 brought, 4 bytes\n", (await Mine().RunAsync("pull", $"{id}:1", "--to", "one")).Output);
        Assert.Equal("v=2\n", File.ReadAllText(Path.Combine(_folder, "one", "value")));
    }

    [Fact]
    public async Task SweepShow_JobsWithMetrics_AreSortedByTheirLastLine()
    {
        Write("job.sh", """
            echo '{"loss":9}' >"$REFRAG_OUTPUT_DIR/metrics.jsonl"
            echo "{\"loss\":${1#v=},\"note\":\"a,b\"}" >>"$REFRAG_OUTPUT_DIR/metrics.jsonl"
            printf '{"loss":' >>"$REFRAG_OUTPUT_DIR/metrics.jsonl"
            """);
        Finished run = await Mine().RunAsync(
            "run", "-m", "env.results=file://" + _store, "--manifest", "m.jsonl", "--", "sh", "job.sh", "v=3,1,2");
        Assert.True(run.ExitCode == 0, run.ToString());

        JsonNode[] jobs = Lines(await Mine().RunAsync("sweep", "show", "m.jsonl", "--sort", "loss", "--json"));
        Assert.Equal(["1 SUCCEEDED 1", "2 SUCCEEDED 2", "0 SUCCEEDED 3"],
            jobs.Select(job => $"{job["job"]} {job["status"]} {job["metrics"]!["loss"]}"));
        Assert.Contains("v=1", jobs[0]["overrides"]!.ToJsonString(), StringComparison.Ordinal);
        Finished csv = await Mine().RunAsync("sweep", "show", "m.jsonl", "--sort=-loss", "--csv");
        string[] lines = csv.Output.Split('\n');
        Assert.StartsWith("job,status,jobId,", lines[0], StringComparison.Ordinal);
        Assert.EndsWith(",loss,note", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("0,SUCCEEDED,", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(",3,\"a,b\"", lines[1], StringComparison.Ordinal);
        Finished table = await Mine().RunAsync("sweep", "show", "m.jsonl", "--sort", "speed");
        Assert.StartsWith("JOB  OVERRIDES", table.Output, StringComparison.Ordinal);
        Assert.Contains("No job has a metric speed; there are loss, note.", table.Error, StringComparison.Ordinal);

        Finished none = await Mine().RunAsync("sweep", "show", "nowhere.jsonl");
        Assert.Equal(64, none.ExitCode);
        Assert.Contains("RF2062", none.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Nodes_HaveAFolderEach()
    {
        // The end of the main node ends the other: it waits until that has stored what it wrote.
        Finished run = await Mine().RunAsync(
            "run", "env.nodes=2", "env.results=file://" + _store, "--", "sh", "-c",
            "echo $RANK >$REFRAG_OUTPUT_DIR/rank; "
                + $"[ $RANK = 1 ] || until grep -qs rank {_store}/*/node-1/attempt-1/index.json; do sleep 0.05; done");
        Assert.True(run.ExitCode == 0, run.ToString());
        string id = (string)Assert.Single(Lines(await Mine().RunAsync("jobs", "--json")))["jobId"]!;

        Assert.Equal("home: 2 files, 2 brought, 4 bytes\n", (await Mine().RunAsync("pull", id, "--to", "home")).Output);
        Assert.Equal("1\n", File.ReadAllText(Path.Combine(_folder, "home", "node-1", "rank")));
    }

    [Fact]
    public async Task Pull_JobWithoutResults_SaysSo()
    {
        await Mine().RunAsync("run", "env.job_name=plain", "--", "true");
        foreach (string verb in (string[])["outputs", "pull"])
        {
            Finished run = await Mine().RunAsync(verb, "plain");
            Assert.Equal(66, run.ExitCode);
            Assert.Contains("has no store for results", run.Error, StringComparison.Ordinal);
        }
        Finished none = await Mine().RunAsync("pull");
        Assert.Equal(64, none.ExitCode);
        Assert.Contains("RF5022 No job is named", none.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pull_StoreWithAPathThatLeaves_WritesNothing()
    {
        await Mine().RunAsync("run", "env.results=file://" + _store, "env.job_name=mine", "--", "sh", "-c", ": >$REFRAG_OUTPUT_DIR/x");
        string index = Assert.Single(Directory.EnumerateFiles(_store, "index.json", SearchOption.AllDirectories));
        File.WriteAllText(index, File.ReadAllText(index).Replace("\"path\":\"x\"", "\"path\":\"../evil\"", StringComparison.Ordinal));

        Finished run = await Mine().RunAsync("pull", "mine", "--to", "home");
        Assert.Equal(69, run.ExitCode);
        Assert.Contains("RF8037", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "evil")));
    }

    [Theory]
    [InlineData("RF8030", "env.results=/mnt")]
    [InlineData("RF8030", "env.results=s3://Bucket")]
    [InlineData("RF8031", "env.results=s3://bucket", "env.results_interval=0")]
    [InlineData("RF8031", "env.results=s3://bucket", "env.results_interval=2d")]
    [InlineData("RF8032", "env=awsbatch", "env.results=s3://bucket", "env.entry_point=shell")]
    [InlineData("RF8032", "env=awsbatch", "env.results=s3://bucket", "env.image=python:3.12")]
    [InlineData("RF8038", "env.results=file:///proc/none")]
    public async Task Run_ResultsThatCannotBeStored_AreRefused(string code, params string[] overrides)
    {
        Finished run = await Mine().RunAsync(["run", .. overrides, "--", "true"]);

        Assert.Equal(64, run.ExitCode);
        Assert.Contains(code, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Peer", "boto3")]
    public async Task Run_OnAFleetWhoseHostsAreReclaimed_EndsWithTheNumbersOfAnUninterruptedRun()
    {
        Write("train.py", Script);
        string expected = (await Exec("none", 4).With("REFRAG_RESULTS", null).With("REFRAG_OUTPUT_DIR", ScratchFolder.Make("plain"))
            .RunAsync("exec", "--", Stock.Python, "train.py")).Output.Split('\n')[1];
        await using ServedProcessFleet served = new();
        await served.InitializeAsync();
        BuiltProgram client = (await served.ClientAsync()) with { WorkingDirectory = _folder };
        client.With("XDG_STATE_HOME", _state).With("TMPDIR", _temporary);

        Finished submitted = await client.RunAsync(
            "run", "env=awsbatch", "env.results=file://" + _store, "env.results_interval=1s", "env.retries=5", "--json", "--",
            Stock.Python, Path.Combine(_folder, "train.py"));
        Assert.True(submitted.ExitCode == 0, submitted.ToString());
        string id = (string)JsonNode.Parse(submitted.Output)!["jobId"]!;
        foreach (int attempt in (int[])[1, 2, 3])
        {
            // A reclaimed host of a rehearsal leaves no time to store anything.
            await Eventually.HoldsAsync(
                () => Index(id, attempt).Contains($"waits-{attempt * 30}", StringComparison.Ordinal), $"attempt {attempt} has stored");
            await served.PythonAsync(ServedFleets.Prelude + """
                happen([dict(what="spot_reclaim", part=1)])
                print("{}")
                """);
        }
        await Eventually.HoldsAsync(async () => (string?)JsonNode.Parse(
            (await client.RunAsync("job", id, "env=awsbatch", "--json")).Output)!["status"] == "SUCCEEDED", "the job has succeeded");

        Finished log = await client.RunAsync("logs", id, "env=awsbatch", "--attempt", "4");
        Assert.Contains(expected, log.Output, StringComparison.Ordinal);
        Assert.Contains("begins at 90", log.Output, StringComparison.Ordinal);
        Finished pulled = await client.RunAsync("pull", id, "env=awsbatch", "--to", "home");
        Assert.True(pulled.ExitCode == 0, pulled.ToString());
        Assert.Equal(["state.pickle", "waits-30", "waits-60", "waits-90"],
            Directory.EnumerateFiles(Path.Combine(_folder, "home")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Run_OnAServer_ASignalReachesTheCommandOnceAndWhatItWritesThenIsStored()
    {
        Write("train.py", Script);
        await using ServedBatch served = new();
        await served.InitializeAsync();
        BuiltProgram client = (await served.ClientAsync()) with { WorkingDirectory = _folder };
        Finished submitted = await client.RunAsync(
            "run", "env=awsbatch", "env.results=file://" + _store, "env.results_interval=1s", "--json", "--",
            Stock.Python, Path.Combine(_folder, "train.py"), "--handle");
        Assert.True(submitted.ExitCode == 0, submitted.ToString());
        string id = (string)JsonNode.Parse(submitted.Output)!["jobId"]!;
        await Eventually.HoldsAsync(() => Index(id, 1).Contains("waits-30", StringComparison.Ordinal), "it waits");

        Finished ended = await client.RunAsync("terminate", id, "env=awsbatch", "--yes");
        Assert.True(ended.ExitCode == 0, ended.ToString());
        await Eventually.HoldsAsync(async () => (string?)JsonNode.Parse(
            (await client.RunAsync("job", id, "env=awsbatch", "--json")).Output)!["status"] == "FAILED", "the job has ended");
        // The runner signals the whole group, and the command waits a second for another.
        Assert.Equal("TERM\n", File.ReadAllText(Path.Combine(_store, id, "attempt-1", "files", "signals")));
    }

    [Fact]
    [Trait("Peer", "moto")]
    public async Task Run_ResultsInABucket_AreStoredAndBrought()
    {
        Stock.Has("moto_server");
        await using MotoProcess? moto = await MotoProcess.StartAsync();
        if (moto is null) Assert.Skip("moto_server is not on PATH.");
        using var http = new HttpClient();
        (await http.PutAsync(new Uri(moto.Endpoint, "/home"), content: null, Token)).EnsureSuccessStatusCode();
        BuiltProgram WithBucket(BuiltProgram program) => program.With("AWS_ENDPOINT_URL_S3", moto.Endpoint.ToString())
            .With("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE").With("AWS_SECRET_ACCESS_KEY", "a-secret-of-a-test");

        Finished run = await WithBucket(Mine()).RunAsync(
            "run", "env.results=s3://home/a/b", "env.job_name=mine", "--", "sh", "-c",
            "cd $REFRAG_OUTPUT_DIR; echo one >'a b+ü'; : >empty; dd if=/dev/urandom of=large bs=1M count=9 2>/dev/null; cksum <large");
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.DoesNotContain("a-secret-of-a-test", run.ToString(), StringComparison.Ordinal);
        Finished pulled = await WithBucket(Mine()).RunAsync("pull", "mine", "--to", "home");
        Assert.True(pulled.ExitCode == 0, pulled.ToString());
        Assert.Equal("home: 3 files, 3 brought, 9.0 MiB\n", pulled.Output);
        Assert.Equal("one\n", File.ReadAllText(Path.Combine(_folder, "home", "a b+ü")));
        Finished sum = await BuiltProgram.FinishAsync(Mine().StartProgram("sh", "-c", "cksum <home/large"), Token);
        Assert.Equal(run.Output, sum.Output);

        // The next attempt has it all, and stores only what it changes.
        Finished first = await WithBucket(Exec(Id, 1)).With("REFRAG_RESULTS", "s3://home/exec").RunAsync(
            "exec", "--", "sh", "-c", "cd $REFRAG_OUTPUT_DIR; echo one >log; echo model >model; : >empty");
        Assert.True(first.ExitCode == 0, first.ToString());
        Finished second = await WithBucket(Exec(Id, 2)).With("REFRAG_RESULTS", "s3://home/exec").RunAsync(
            "exec", "--", "sh", "-c", "cd $REFRAG_OUTPUT_DIR; cat log model empty; echo two >>log; rm empty");
        Assert.True(second.ExitCode == 0, second.ToString());
        Assert.Equal("one\nmodel\n", second.Output);
        string list = await http.GetStringAsync(new Uri(moto.Endpoint, $"/home?prefix=exec/{Id}/attempt-2"), Token);
        Assert.Contains("/files/log</Key>", list, StringComparison.Ordinal);
        Assert.DoesNotContain("model", list, StringComparison.Ordinal);

        Finished away = await WithBucket(Exec(Id, 1)).With("REFRAG_RESULTS", "s3://none/exec").RunAsync("exec", "--", "echo", "it ran");
        Assert.Equal(2, away.ExitCode);
        Assert.Contains("RF8035", away.Error, StringComparison.Ordinal);
        Assert.Contains("NoSuchBucket", away.Error, StringComparison.Ordinal);
    }

    private string Index(string id, int attempt)
    {
        string path = Path.Combine(_store, id, $"attempt-{attempt}", "index.json");
        return File.Exists(path) ? File.ReadAllText(path) : "";
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);

    private static JsonNode[] Lines(Finished run)
    {
        Assert.True(run.ExitCode == 0, run.ToString());
        return [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }

    private static async Task<string> LineAsync(Process process) =>
        await process.StandardOutput.ReadLineAsync(Token).AsTask().Soon() ?? await process.StandardError.ReadToEndAsync(Token);

    private static async Task SignalAsync(Process process, string name)
    {
        using Process kill = Process.Start("/bin/sh", ["-c", $"kill -{name} {process.Id}"]);
        await kill.WaitForExitAsync(Token);
    }

    // As a container of an attempt is started.
    private BuiltProgram Exec(string id, int attempt) => Mine()
        .With("AWS_BATCH_JOB_ID", id).With("AWS_BATCH_JOB_ATTEMPT", $"{attempt}")
        .With("REFRAG_RESULTS", "file://" + _store).With("REFRAG_RESULTS_INTERVAL", "1");

    private BuiltProgram Mine() => new BuiltProgram { WorkingDirectory = _folder }
        .With("HOME", _folder + "-home").With("XDG_STATE_HOME", _state).With("REFRAG_RUNS", _runs).With("TMPDIR", _temporary);

    [GeneratedRegex("^stopped at step (?<step>[0-9]+) ", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex StoppedAt();
}

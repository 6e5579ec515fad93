using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Refrag.Acceptance.Tests.Served;

/// <summary>The app <c>train</c> on hosts that are taken away.</summary>
public sealed partial class ReclaimedTrainingTests
{
    // An attempt that is reclaimed would train for hours. The last one does five epochs more than it finds, of 100 steps each.
    private const string Script = """
        epochs=1000000
        if [ "$AWS_BATCH_JOB_ATTEMPT" -gt 3 ]; then
          newest=$(ls "$REFRAG_OUTPUT_DIR/outputs/train/checkpoints" | sed -n 's/^step-0*\([0-9]*\)\.ckpt$/\1/p' | sort -n | tail -n 1)
          epochs=$((newest / 100 + 5))
        fi
        exec "$1" exec train "{\"epochs\":$epochs,\"checkpoint_every\":2000,\"keep_checkpoints\":1000}"
        """;

    private readonly string _folder = ScratchFolder.Make("training");
    private readonly string _store = ScratchFolder.Make("store");

    [Fact]
    [Trait("Peer", "boto3")]
    public async Task Train_ReclaimedThreeTimes_EndsWithTheMetricsOfAnUninterruptedRun()
    {
        string script = Path.Combine(_folder, "train.sh");
        File.WriteAllText(script, Script);
        await using ServedProcessFleet served = new();
        await served.InitializeAsync();
        BuiltProgram client = (await served.ClientAsync()) with { WorkingDirectory = _folder };
        Finished submitted = await client.RunAsync(
            "run", "env=awsbatch", "env.results=file://" + _store, "env.results_interval=1s", "env.retries=5",
            "+env.environment.TMPDIR=" + ScratchFolder.Make("tmp"), "--json", "--", "sh", script, BuiltProgram.Path);
        Assert.True(submitted.ExitCode == 0, submitted.ToString());
        string id = (string)JsonNode.Parse(submitted.Output)!["jobId"]!;

        for (int attempt = 1; attempt <= 3; attempt++)
        {
            int now = attempt;
            await Eventually.HoldsAsync(() => Newest(id, now) > Newest(id, now - 1), $"attempt {now} has stored a checkpoint of its own");
            // A reclaimed host of a rehearsal leaves no time to store anything.
            await served.PythonAsync(ServedFleets.Prelude + """
                happen([dict(what="spot_reclaim", part=1)])
                print("{}")
                """);
        }
        await Eventually.HoldsAsync(async () => (string?)JsonNode.Parse(
            (await client.RunAsync("job", id, "env=awsbatch", "--json")).Output)!["status"] == "SUCCEEDED", "the job has succeeded");

        int steps = 0;
        for (int attempt = 2; attempt <= 4; attempt++)
        {
            Finished log = await client.RunAsync("logs", id, "env=awsbatch", "--attempt", $"{attempt}");
            Match begins = Continuing().Match(log.Output);
            Assert.Equal(Newest(id, attempt - 1), Number(begins, "from"));
            steps = Number(begins, "to");
        }
        Assert.Equal(await UninterruptedAsync(steps), File.ReadAllText(
            Path.Combine(_store, id, "attempt-4", "files", "outputs", "train", "metrics.jsonl")));
    }

    private async Task<string> UninterruptedAsync(int steps)
    {
        string plain = ScratchFolder.Make("plain");
        Finished whole = await new BuiltProgram { WorkingDirectory = _folder }.With("REFRAG_OUTPUT_DIR", plain).RunAsync(
            "exec", "train", string.Create(CultureInfo.InvariantCulture, $"{{\"epochs\":{steps / 100},\"checkpoint_every\":0}}"));
        Assert.True(whole.ExitCode == 0, whole.ToString());
        return File.ReadAllText(Path.Combine(plain, "outputs", "train", "metrics.jsonl"));
    }

    // The step of the newest checkpoint that an attempt has in the store; 0 if there is none.
    private int Newest(string id, int attempt)
    {
        string index = Path.Combine(_store, id, $"attempt-{attempt}", "index.json");
        if (!File.Exists(index)) return 0;
        return JsonNode.Parse(File.ReadAllText(index))!["files"]!.AsArray()
            .Select(file => Checkpoint().Match((string)file!["path"]!)).Where(match => match.Success)
            .Select(match => Number(match, "step")).DefaultIfEmpty(0).Max();
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("/step-(?<step>[0-9]+)[.]ckpt$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Checkpoint();

    [GeneratedRegex("^continuing from step (?<from>[0-9]+) of (?<to>[0-9]+) ", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Continuing();
}

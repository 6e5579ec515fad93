using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Refrag.Acceptance.Tests.Served;

namespace Refrag.Acceptance.Tests;

/// <summary>A folder with a script, as a new user has it: the job runs what was submitted, whatever the folder holds later.</summary>
[Trait("Peer", "git")]
public sealed partial class CodeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("refrag-code");
    private readonly string _state = ScratchFolder.Make("state");
    private readonly string _runs = ScratchFolder.Make("runs");
    private readonly string _temporary = ScratchFolder.Make("tmp");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Run_RepositoryWithAScript_RunsTheCodeAndARetryRunsItAgain()
    {
        await RepositoryAsync();
        Write("train.py", "import helper, os\nprint(helper.WORD, 'old', os.path.exists('ignored.bin'), os.listdir('.'))\n");
        Write("helper.py", "WORD = 'from helper'\n");
        Write("ignored.bin", "");
        Write(".gitignore", "*.bin\n");

        Finished first = await Mine().RunAsync("run", "env.code=.", "--", Stock.Python, "train.py");
        Assert.True(first.ExitCode == 0, first.ToString());
        Assert.StartsWith("from helper old False [", first.Output, StringComparison.Ordinal);
        Assert.Matches("^Code: 3 files, .* before the first commit, sha256 [0-9a-f]{12}", first.Error);

        Write("train.py", "print('new')\n");
        string id = (string)JsonNode.Parse((await Mine().RunAsync("jobs", "env=local", "--json")).Output)!["jobId"]!;
        Finished again = await Mine().RunAsync("retry", id, "env=local");
        Assert.True(again.ExitCode == 0, again.ToString());
        Assert.StartsWith("from helper old False [", again.Output, StringComparison.Ordinal);
        Assert.Equal("new\n", (await Mine().RunAsync("run", "env.code=.", "--", Stock.Python, "train.py")).Output);
        Assert.Equal(2, Archives().Length);
    }

    [Fact]
    public async Task Run_SweepThatIsResumed_RunsTheCodeItWasStartedWith()
    {
        await RepositoryAsync();
        string go = Path.Combine(_folder.FullName, ".git", "go");
        Write("job.sh", $"echo old $1; test -e '{go}' || test $1 = x=1\n");
        Finished first = await Mine().RunAsync("run", "-m", "env.code=.", "--manifest", ".git/m.jsonl", "--", "sh", "job.sh", "x=1,2,3");
        Assert.NotEqual(0, first.ExitCode);
        Assert.Equal(["old x=1", "old x=2", "old x=3"], Lines(first));

        Write("job.sh", "echo new $1\n");
        File.WriteAllText(go, "");
        Finished resumed = await Mine().RunAsync("run", "--resume", ".git/m.jsonl");
        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        Assert.Equal(["old x=2", "old x=3"], Lines(resumed));
        JsonNode header = File.ReadLines(Path.Combine(_folder.FullName, ".git", "m.jsonl")).Select(line => JsonNode.Parse(line)!)
            .Single(line => line["sweep"] is not null);
        Assert.Equal(Assert.Single(Archives()), $"{header["code"]!["sha256"]}.tar.gz");
        Assert.Equal(("main", true), ((string?)header["code"]!["branch"], (bool)header["code"]!["dirty"]!));
    }

    [Fact]
    public async Task Run_SweepWhoseCodeIsGone_IsNotResumed()
    {
        Write("job.sh", "exit 1\n");
        await Mine().RunAsync("run", "-m", "env.code=.", "--manifest", "m.jsonl", "--", "sh", "job.sh", "x=1,2");
        Directory.Delete(Store, recursive: true);

        Finished resumed = await Mine().RunAsync("run", "--resume", "m.jsonl");
        Assert.Equal(64, resumed.ExitCode);
        Assert.Contains("RF8018 The code that the sweep was started with is no longer at file://", resumed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OnceMore_UnpacksTheCodeAnew()
    {
        // A run that changed its folder leaves nothing to the next one.
        Write("job.sh", "ls; touch left; echo $PWD = $(pwd) = $REFRAG_CODE_DIR; echo $REFRAG_CODE; echo x >>\"$REFRAG_OUTPUT_DIR/log\"\n");
        foreach (int runs in (int[])[1, 2])
        {
            Finished run = await Mine().RunAsync("run", "env.code=.", "env.code_store=file://" + _state + "/mine", "--", "sh", "job.sh");
            Assert.True(run.ExitCode == 0, run.ToString());
            string[] lines = run.Output.Split('\n');
            Assert.Equal("job.sh", lines[0]);
            Match place = Places().Match(lines[runs]);
            Assert.True(place.Success, run.ToString());
            Assert.StartsWith(_temporary, place.Groups["place"].Value, StringComparison.Ordinal);
            Assert.Equal("", lines[runs + 1]);
            Assert.Equal(runs, File.ReadAllLines(Path.Combine(_folder.FullName, "log")).Length);
        }
        // The first folder went with the second run; the other waits for the next.
        Assert.Single(Directory.EnumerateDirectories(_temporary, "refrag-*"));
        Assert.Equal(2, Directory.EnumerateFiles(Path.Combine(_state, "mine")).Count());
    }

    [Fact]
    public async Task DryRun_Code_IsListedAndNotUploaded()
    {
        Write("train.py", "print(1)\n");
        Write("data/x.txt", new string('x', 2000));

        Finished run = await Mine().RunAsync("run", "env.code=.", "--dry-run", "--", "python3", "train.py");
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("     2.0 KiB  data/x.txt\n     9 bytes  train.py\n", run.Error, StringComparison.Ordinal);
        Assert.Contains("The largest files: data/x.txt (2.0 KiB), train.py (9 bytes)", run.Error, StringComparison.Ordinal);
        JsonNode request = JsonNode.Parse(run.Output)!["requests"]![0]!["request"]!;
        JsonNode[] variables = [.. request["containerOverrides"]!["environment"]!.AsArray().Select(one => one!)];
        Assert.Equal(["REFRAG_CODE", "REFRAG_CODE_SHA256"], variables.Select(one => (string?)one["name"]));
        Assert.Equal((string?)variables[1]["value"], (string?)request["tags"]!["refrag:code"]);
        Assert.False(Directory.Exists(Store));
    }

    [Theory]
    [InlineData("RF8014", "env=awsbatch")]
    [InlineData("RF8013", "env=awsbatch", "env.code_store=s3://Bucket/code")]
    [InlineData("RF8001", "env.code=nowhere")]
    public async Task Run_CodeThatCannotGoThere_IsRefused(string code, params string[] overrides)
    {
        Write("train.py", "");
        Finished run = await Mine().RunAsync(["run", "env.code=.", .. overrides, "--", "python3", "train.py"]);

        Assert.Equal(64, run.ExitCode);
        Assert.Contains(code, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Secret_IsRefusedUnlessNamed()
    {
        Write("job.sh", "cat .env\n");
        Write(".env", "KEY=1\n");

        Finished refused = await Mine().RunAsync("run", "env.code=.", "--", "sh", "job.sh");
        Assert.Contains("RF8004 The code has files that look like secrets: .env", refused.Error, StringComparison.Ordinal);
        Assert.Equal("KEY=1\n", (await Mine().RunAsync("run", "env.code=.", "env.code_include=[.env]", "--", "sh", "job.sh")).Output);
    }

    [Fact]
    public async Task Run_SameCodeTwiceAtOnce_BothHaveIt()
    {
        Write("job.sh", "cat data\n");
        Write("data", "same\n");

        Finished[] runs = await Task.WhenAll(
            Enumerable.Range(0, 2).Select(_ => Mine().RunAsync("run", "env.code=.", "--", "sh", "job.sh")));

        Assert.All(runs, run => Assert.Equal("same\n", run.Output));
        Assert.EndsWith(".tar.gz", Assert.Single(Archives()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_StoreOfResultsInTheFolder_IsNotPartOfTheCode()
    {
        Write("job.sh", "ls; echo x >\"$REFRAG_OUTPUT_DIR/model\"\n");
        foreach (int _ in (int[])[1, 2])
        {
            Finished run = await Mine().RunAsync("run", "env.code=.", $"env.results=file://{_folder.FullName}/store", "--", "sh", "job.sh");
            Assert.True(run.ExitCode == 0, run.ToString());
            Assert.Equal("job.sh\n", run.Output);
        }
        Assert.Equal(2, Directory.GetFiles(Path.Combine(_folder.FullName, "store"), "model", SearchOption.AllDirectories).Length);
        Assert.Single(Archives());
    }

    [Fact]
    public async Task Run_FullDisk_IsOneProblemAndLeavesNothing()
    {
        string small = ScratchFolder.Make("disk");
        using SmallDisk disk = await SmallDisk.MountAsync(small, mebiBytes: 1);
        if (!disk.IsMounted) Assert.Skip("Only root may mount a disk.");
        Write("job.sh", "echo it ran\n");
        File.WriteAllBytes(Path.Combine(_folder.FullName, "data"), RandomNumberGenerator.GetBytes(3_000_000));

        Finished store = await Mine().RunAsync("run", "env.code=.", $"env.code_store=file://{small}/store", "--", "sh", "job.sh");
        Assert.Equal(64, store.ExitCode);
        Assert.Contains("RF8015", store.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(small, "store")));

        Finished job = await Mine().With("TMPDIR", small).RunAsync("run", "env.code=.", "--", "sh", "job.sh");
        Assert.Equal(2, job.ExitCode);
        Assert.Contains("RF8023", job.ToString(), StringComparison.Ordinal);
        Assert.Contains("No space left on device", job.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("it ran", job.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateDirectories(small, "refrag-code-*"));
    }

    [Fact]
    public async Task Run_OnAServerOfThisMachine_JobsHaveTheCode()
    {
        await using ServedBatch served = new();
        await served.InitializeAsync();
        Write("job.sh", "echo $1 in $(ls); test -n \"$REFRAG_OUTPUT_DIR\"\n");
        BuiltProgram client = (await served.ClientAsync()) with { WorkingDirectory = _folder.FullName };
        client.With("XDG_STATE_HOME", _state);

        Finished run = await client.RunAsync("run", "-m", "env=awsbatch", "env.code=.", "--watch", "--", "sh", "job.sh", "x=1,2");
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal(["[0] x=1 in job.sh", "[1] x=2 in job.sh"], run.Output.Split('\n').Where(line => line.StartsWith('[')).Order());
        Assert.Single(Archives());
    }

    [Fact]
    public async Task Run_ImageOfOthersOnAServerOfThisMachine_BringsTheCodeByShell()
    {
        await using ServedBatch served = new();
        await served.InitializeAsync();
        Write("job.sh", "echo $1 in $(ls); cat data; exit $(($# - 1))\n");
        Write("data", "of the code\n");
        BuiltProgram client = (await served.ClientAsync()) with { WorkingDirectory = _folder.FullName };
        client.With("XDG_STATE_HOME", _state);

        Finished run = await client.RunAsync(
            "run", "env=awsbatch", "env.image=python:3.12", "env.code=.", "--watch", "--", "sh", "job.sh", "one", "two", "three");
        Assert.EndsWith("one in data job.sh\nof the code\n", run.Output, StringComparison.Ordinal);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(
            "python:3.12 is taken for an image without refrag; if it has refrag, set env.entry_point=refrag.", run.Error,
            StringComparison.Ordinal);

        Finished sweep = await client.RunAsync(
            "run", "-m", "env=awsbatch", "env.entry_point=shell", "env.code=.", "--watch", "--", "sh", "job.sh", "x=1,2");
        Assert.True(sweep.ExitCode == 0, sweep.ToString());
        Assert.Equal(
            ["[0] x=1 in data job.sh", "[1] x=2 in data job.sh"],
            sweep.Output.Split('\n').Where(line => line.Contains(" in ", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public async Task Run_FullDiskInAJobOfTheShell_IsOneProblemAndLeavesNothing()
    {
        string small = ScratchFolder.Make("disk");
        using SmallDisk disk = await SmallDisk.MountAsync(small, mebiBytes: 1);
        if (!disk.IsMounted) Assert.Skip("Only root may mount a disk.");
        await using ServedBatch served = new();
        await served.InitializeAsync();
        Write("job.sh", "echo it ran\n");
        File.WriteAllBytes(Path.Combine(_folder.FullName, "data"), RandomNumberGenerator.GetBytes(3_000_000));
        BuiltProgram client = (await served.ClientAsync()) with { WorkingDirectory = _folder.FullName };
        client.With("XDG_STATE_HOME", _state);

        Finished run = await client.RunAsync(
            "run", "env=awsbatch", "env.entry_point=shell", "env.code=.", $"+env.environment.TMPDIR={small}", "--watch", "--", "sh",
            "job.sh");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("refrag: RF8023 The code cannot be unpacked below ", run.ToString(), StringComparison.Ordinal);
        // GNU tar says of a file that had room for a part of it how large the part is.
        Assert.Matches("RF8023 .*: .*(Wrote only|No space)", run.ToString());
        Assert.DoesNotContain("it ran", run.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateDirectories(small, "refrag-code-*"));
    }

    [Fact]
    [Trait("Peer", "moto")]
    public async Task Run_CodeInABucket_IsUploadedOnceAndFetchedByTheJob()
    {
        Stock.Has("moto_server");
        await using MotoProcess? moto = await MotoProcess.StartAsync();
        if (moto is null) Assert.Skip("moto_server is not on PATH.");
        using var http = new HttpClient();
        (await http.PutAsync(new Uri(moto.Endpoint, "/code"), content: null, Token)).EnsureSuccessStatusCode();
        Write("job.sh", "cat data\n");
        Write("data", "of the bucket\n");
        BuiltProgram program = Mine().With("AWS_ENDPOINT_URL_S3", moto.Endpoint.ToString()).With("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
            .With("AWS_SECRET_ACCESS_KEY", "a-secret-of-a-test");

        foreach (int _ in (int[])[1, 2])
        {
            Finished run = await program.RunAsync("run", "env.code=.", "env.code_store=s3://code/a/b", "--", "sh", "job.sh");
            Assert.True(run.ExitCode == 0, run.ToString());
            Assert.Equal("of the bucket\n", run.Output);
            Assert.DoesNotContain("a-secret-of-a-test", run.Error, StringComparison.Ordinal);
        }
        string list = await http.GetStringAsync(new Uri(moto.Endpoint, "/code"), Token);
        Assert.Single(Keys().Matches(list));
        Assert.False(Directory.Exists(Store));

        Finished elsewhere = await program.RunAsync("run", "env.code=.", "env.code_store=s3://none/a", "--", "sh", "job.sh");
        Assert.Equal(69, elsewhere.ExitCode);
        Assert.Contains("S3 refused PutObject: NoSuchBucket", elsewhere.Error, StringComparison.Ordinal);
    }

    private string Store => Path.Combine(_state, "refrag", "code");

    private string[] Archives() => [.. Directory.EnumerateFiles(Store).Select(file => Path.GetFileName(file))];

    // Each line behind the index of its job.
    private static string[] Lines(Finished run) =>
        [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[(line.IndexOf(']') + 2)..])
            .Order(StringComparer.Ordinal)];

    private void Write(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private async Task RepositoryAsync()
    {
        if (!Stock.Has("git")) Assert.Skip("git is not on PATH.");
        Finished git = await BuiltProgram.FinishAsync(
            Mine().StartProgram("git", "-c", "init.defaultBranch=main", "init", "-q"), Token);
        Assert.True(git.ExitCode == 0, git.ToString());
    }

    private BuiltProgram Mine() => new BuiltProgram { WorkingDirectory = _folder.FullName }
        .With("HOME", _folder.FullName + "-home").With("XDG_STATE_HOME", _state).With("REFRAG_RUNS", _runs).With("TMPDIR", _temporary);

    [GeneratedRegex("<Key>a/b/[0-9a-f]{64}.tar.gz</Key>", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Keys();

    [GeneratedRegex(@"^(?<place>\S+) = \k<place> = \k<place>$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Places();
}

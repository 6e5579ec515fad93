using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json.Nodes;
using Refrag.Acceptance.Tests.Served;

namespace Refrag.Acceptance.Tests;

/// <summary>What SECURITY.md promises, seen from outside: modes of files, the environment of jobs, and what a terminal gets.</summary>
public sealed class PrivacyTests : IDisposable
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("refrag-privacy");

    private string State => Path.Combine(_folder.FullName, "state");

    [Fact]
    public async Task Files_UmaskZero_AreForTheirOwnerAlone()
    {
        // What existed before, as an older version or a copy leaves it.
        Directory.CreateDirectory(State);
        File.WriteAllText(Path.Combine(State, "state.db"), "");
        Allow(Path.Combine(State, "state.db"), "644");
        Allow(State, "755");
        File.WriteAllText(In("events.jsonl"), "");
        Allow(In("events.jsonl"), "644");
        using Process serve =
            Unmasked(
                $"serve --urls http://127.0.0.1:0 --state {State} --runner process --events-file events.jsonl --allow-any-credentials");
        string id = await SubmitAsync(await ServedBatch.ListeningOn(serve), ["sh", "-c", "umask; echo lines"], []);
        AssertPrivate(State, In("events.jsonl"));
        Assert.NotEmpty(id);
        await EndAsync(serve);
        Finished export =
            await BuiltProgram.FinishAsync(Unmasked($"serve --state {State} --export export.jsonl"), TestContext.Current.CancellationToken);
        Assert.True(export.ExitCode == 0, export.ToString());
        AssertPrivate(State, In("export.jsonl"));
        Assert.Empty(Directory.EnumerateFiles(_folder.FullName, "*.part"));
    }

    [Fact]
    public async Task Files_OfALocalRun_UmaskZero_AreForTheirOwnerAlone()
    {
        Configure("app: {name: mine, command: [sh, -c, 'umask; echo ${a}']}\na: 0");
        Finished run =
            await BuiltProgram.FinishAsync(
                Unmasked("run -m app=mine a=1,2 --manifest sweeps/m.jsonl"), TestContext.Current.CancellationToken);
        Assert.True(run.ExitCode == 0, run.ToString());
        // The job has the user's umask, not refrag's.
        Assert.Contains("[0] 0000", run.Output, StringComparison.Ordinal);
        AssertPrivate(In("runs"), In("sweeps"));
    }

    [Fact]
    public async Task Folder_ThatOthersMayWrite_IsRefusedByName()
    {
        Directory.CreateDirectory(State);
        File.WriteAllText(Path.Combine(State, "access-keys.json"), "[]");
        Allow(State, "777");
        Finished run = await Program().RunAsync("serve", "--state", State, "--urls", "http://127.0.0.1:0");
        Assert.True(run.ExitCode == 64, run.ToString());
        Assert.Contains($"RF4025 The folder {State} cannot hold secrets: other users may write to it", run.Error, StringComparison.Ordinal);
        Assert.Contains($"chmod go-rwx {State}", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chmod 777", "other users may write to it")]
    [InlineData("chown 65534", "it belongs to another user")]
    public async Task RunsFolder_ThatCannotBeTrusted_IsNeitherFilledNorRead(string change, string why)
    {
        Assert.SkipWhen(change[2] == 'o' && Environment.UserName != "root", "Only the superuser can give a folder away.");
        Configure("app: {name: mine, command: [echo, ran]}");
        Directory.CreateDirectory(In("runs"));
        using Process changing = Process.Start("sh", ["-c", $"{change} {In("runs")}"]);
        await changing.WaitForExitAsync(TestContext.Current.CancellationToken);
        Finished run = await Program().RunAsync("run", "app=mine");
        Assert.True((run.ExitCode, run.Output) == (0, "ran\n"), run.ToString());
        Assert.Contains($"The folder {In("runs")} cannot hold secrets: {why}", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(In("runs")));
        Finished jobs = await Program().RunAsync("jobs", "env=local");
        Assert.Contains($"RF4025 The folder {In("runs")} cannot hold secrets: {why}", jobs.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_OfAnotherUser_IsRefusedByName()
    {
        Assert.SkipUnless(Environment.UserName == "root", "Only the superuser can give a folder away.");
        Directory.CreateDirectory(State);
        using Process chown = Process.Start("chown", ["65534", State]);
        await chown.WaitForExitAsync(TestContext.Current.CancellationToken);
        Finished run = await Program().RunAsync("serve", "--state", State, "--urls", "http://127.0.0.1:0");
        Assert.True(run.ExitCode == 64, run.ToString());
        Assert.Contains($"RF4025 The folder {State} cannot hold secrets: it belongs to another user", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("FOO")]
    public async Task Serve_Job_GetsNothingOfTheServersEnvironmentButWhatIsNamed(string? named)
    {
        BuiltProgram program = Program()
            .With("AWS_SECRET_ACCESS_KEY", "of the server").With("FOO", "bar").With("LC_TIME", "C").With("CUDA_VISIBLE_DEVICES", "7");
        string[] arguments = ["serve", "--urls", "http://127.0.0.1:0", "--state", State, "--runner", "process", "--allow-any-credentials",
            .. named is null ? [] : new[] { "--pass-env", named }];
        using Process serve = program.Start(arguments);
        string url = await ServedBatch.ListeningOn(serve);
        JsonArray own = [new JsonObject { ["name"] = "OWN", ["value"] = "of the job" }];
        string id = await SubmitAsync(url, ["env"], own);
        string[] lines = await LogAsync(url, await StreamAsync(url, id));
        await EndAsync(serve);

        string[] names = [.. lines.Select(line => line.Split('=')[0])
            .Where(name => !name.StartsWith("AWS_BATCH_", StringComparison.Ordinal) && name is not ("PWD" or "OLDPWD" or "SHLVL" or "_"))
            .Order(StringComparer.Ordinal)];
        // UG job_env_vars: what Batch gives begins with AWS_BATCH; ECS gives its own; PWD and its like are the shell's own.
        string[] ofEcs = ["AWS_EXECUTION_ENV", "AWS_REGION", "AWS_DEFAULT_REGION", "ECS_CONTAINER_METADATA_URI_V4"];
        Assert.Empty(names.Except(
            ["PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "LC_TIME", "CUDA_VISIBLE_DEVICES", "OWN", .. ofEcs, named]));
        Assert.Equal(named is not null, lines.Contains("FOO=bar"));
        Assert.Contains("LC_TIME=C", lines);
        Assert.Contains("OWN=of the job", lines);
        Assert.Contains("CUDA_VISIBLE_DEVICES=", lines);
        Assert.Contains($"AWS_BATCH_JOB_ID={id}", lines);
    }

    [Fact]
    public async Task Serve_JobOfAProcess_RunsAsTheServersUser()
    {
        // What the user alone may read, and the environment of another process of the user's.
        File.WriteAllText(In("secret"), "for its owner\n");
        Allow(In("secret"), "600");
        using Process other = Program().With("OTHERS_SECRET", "of another process").StartProgram("sleep", "600");
        using Process serve =
            Program().Start("serve", "--urls", "http://127.0.0.1:0", "--state", State, "--runner", "process", "--allow-any-credentials");
        string url = await ServedBatch.ListeningOn(serve);
        string script = $"id -u; cat {In("secret")}; tr '\\0' '\\n' < /proc/{other.Id}/environ";
        string[] lines = await LogAsync(url, await StreamAsync(url, await SubmitAsync(url, ["sh", "-c", script], [])));
        await EndAsync(serve);
        other.Kill();

        Assert.Equal([await UserIdAsync(), "for its owner"], lines[..2]);
        if (OperatingSystem.IsLinux()) Assert.Contains("OTHERS_SECRET=of another process", lines);
    }

    [Fact]
    public async Task Run_Locally_HasTheUsersEnvironmentAndRights()
    {
        File.WriteAllText(In("secret"), "for its owner\n");
        Allow(In("secret"), "600");
        Configure("app: {name: mine, command: [sh, -c, 'id -u; cat secret; echo $AWS_SECRET_ACCESS_KEY $FOO']}");
        Finished run = await Program().With("AWS_SECRET_ACCESS_KEY", "of the user").With("FOO", "bar").RunAsync("run", "app=mine");
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal($"{await UserIdAsync()}\nfor its owner\nof the user bar\n", run.Output);
    }

    [Fact]
    public async Task Run_OnATerminal_ShowsControlCharactersAndAPipeGetsThem()
    {
        Configure("app: {name: mine, command: [sh, -c, 'printf \"a\\033[2Jb\\rc\\342\\200\\256d\\n\"']}");
        Finished piped = await Program().RunAsync("run", "app=mine");
        Assert.Contains("a\u001b[2Jb\rc\u202ed", piped.Output, StringComparison.Ordinal);

        string shown = await OnATerminalAsync(["run", "app=mine"]);
        Assert.Contains("a\\u001b[2Jb\\u000dc\\u202ed", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b[2J", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("\u202e", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task See_OnATerminal_ShowsControlCharactersOfOthers()
    {
        using Process serve =
            Program().Start("serve", "--urls", "http://127.0.0.1:0", "--state", State, "--runner", "process", "--allow-any-credentials");
        string url = await ServedBatch.ListeningOn(serve);
        // Whoever submits chooses the command, its output and the reason of an end. Names and tags are refused with such characters.
        string ended = await SubmitAsync(url, ["sh", "-c", "echo \"line $0\"", "of" + Attack], []);
        string stopped = await SubmitAsync(url, ["sleep", "600"], [], isAwaited: false);
        await AskAsync(url, "terminatejob", new JsonObject { ["jobId"] = stopped, ["reason"] = "reason" + Attack });
        await UntilEndedAsync(url, stopped);

        (string[] Verb, string[] Shown)[] verbs =
        [
            (["job", ended], ["line of", " of"]),
            (["job", stopped], ["reason"]),
            (["logs", ended], ["line of"]),
            (["why", stopped], ["reason"]),
            (["jobs"], []),
            (["top", "--once"], []),
        ];
        foreach ((string[] verb, string[] shown) in verbs)
        {
            string screen = await OnATerminalAsync([.. verb, "env=awsbatch", $"env.endpoint_url={url}"]);
            Assert.DoesNotContain(Attack[..4], screen, StringComparison.Ordinal);
            Assert.DoesNotContain("\u202e", screen, StringComparison.Ordinal);
            foreach (string one in shown) Assert.Contains(one + AttackShown, screen, StringComparison.Ordinal);
        }
        await EndAsync(serve);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    // Runs a command with a terminal as its output and error.
    private const string Pty = "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)";

    // Clears the screen, and turns the direction of what follows.
    private const string Attack = "\u001b[2Jx\u202ey";
    private const string AttackShown = "\\u001b[2Jx\\u202ey";

    private async Task<string> OnATerminalAsync(string[] arguments)
    {
        BuiltProgram client = Program()
            .With("COLUMNS", "400").With("AWS_ACCESS_KEY_ID", "any").With("AWS_SECRET_ACCESS_KEY", "any").With("AWS_REGION", "us-east-1");
        Finished run = await BuiltProgram.FinishAsync(
            client.StartProgram(Stock.Python, ["-c", Pty, BuiltProgram.Path, .. arguments]), TestContext.Current.CancellationToken);
        // `why` has a code of its own for what it found; from 64 on nothing was shown.
        Assert.True(run.ExitCode < 64, run.ToString());
        return run.Output;
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);

    private BuiltProgram Program() => new BuiltProgram { WorkingDirectory = _folder.FullName }.With("REFRAG_RUNS", In("runs"));

    private Process Unmasked(string arguments) =>
        Program().StartProgram("/bin/sh", "-c", $"umask 000; exec '{BuiltProgram.Path}' {arguments}");

    private void Configure(string app)
    {
        Directory.CreateDirectory(In("conf/app"));
        File.WriteAllText(In("conf/app/mine.yaml"), $"# @package _global_\n{app}\n");
    }

    private static void Allow(string path, string mode)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(mode, 8));
    }

    [UnsupportedOSPlatform("windows")]
    private static UnixFileMode? ModeOf(string path)
    {
        try
        {
            return File.GetUnixFileMode(path);
        }
        catch (FileNotFoundException)
        {
            // It is gone since the folder was listed, as an attempt's folder is when the attempt has ended.
            return null;
        }
    }

    private static void AssertPrivate(params string[] paths)
    {
        if (OperatingSystem.IsWindows()) return;
        string[] all = [.. paths,
            .. paths.Where(Directory.Exists)
                .SelectMany(path => Directory.EnumerateFileSystemEntries(path, "*", SearchOption.AllDirectories))];
        Assert.True(all.Length > paths.Length || all.All(File.Exists));
        foreach (string path in all) Assert.Equal(UnixFileMode.None, (ModeOf(path) ?? UnixFileMode.None) & Others);
    }

    private static async Task EndAsync(Process serve)
    {
        using Process kill = Process.Start("kill", ["-TERM", $"{serve.Id}"]);
        Finished end = await BuiltProgram.FinishAsync(serve, TestContext.Current.CancellationToken);
        Assert.True(end.ExitCode == 0, end.ToString());
    }

    // A job that has ended, unless it is not awaited.
    private static async Task<string> SubmitAsync(string url, string[] command, JsonArray environment, bool isAwaited = true)
    {
        var container = new JsonObject
        {
            ["command"] = new JsonArray([.. command.Select(word => (JsonNode)word)]),
            ["environment"] = environment,
        };
        JsonNode submitted =
            await AskAsync(url, "submitjob",
                new JsonObject
                {
                    ["jobName"] = "env",
                    ["jobQueue"] = "refrag-cpu-job-queue",
                    ["jobDefinition"] = Definition,
                    ["containerOverrides"] = Small(container),
                });
        string id = (string)submitted["jobId"]!;
        if (isAwaited) await UntilEndedAsync(url, id);
        return id;
    }

    private static Task UntilEndedAsync(string url, string id) => Eventually.HoldsAsync(async () =>
    {
        JsonNode answer = await AskAsync(url, "describejobs", new JsonObject { ["jobs"] = new JsonArray(id) });
        return (string?)answer["jobs"]![0]!["status"] is "SUCCEEDED" or "FAILED";
    }, "the job has ended");

    private const string Definition = "refrag-cpu-job-def";

    private static JsonObject Small(JsonObject container)
    {
        container["resourceRequirements"] = new JsonArray(
            new JsonObject { ["type"] = "VCPU", ["value"] = "1" }, new JsonObject { ["type"] = "MEMORY", ["value"] = "64" });
        return container;
    }

    private static async Task<string> UserIdAsync() =>
        (await BuiltProgram.FinishAsync(new BuiltProgram().StartProgram("id", "-u"), TestContext.Current.CancellationToken)).Output.Trim();

    private static async Task<string> StreamAsync(string url, string id) =>
        (string)(await AskAsync(url, "describejobs", new JsonObject { ["jobs"] = new JsonArray(id) }))["jobs"]![0]!["container"]![
            "logStreamName"]!;

    private static async Task<string[]> LogAsync(string url, string stream)
    {
        var request = new JsonObject { ["logGroupName"] = "/aws/batch/job", ["logStreamName"] = stream, ["startFromHead"] = true };
        JsonNode answer = await AskAsync(url, "", request, "Logs_20140328.GetLogEvents");
        return [.. answer["events"]!.AsArray().Select(line => (string)line!["message"]!)];
    }

    private static async Task<JsonNode> AskAsync(string url, string operation, JsonObject request, string? target = null)
    {
        using var http = new HttpClient();
        using var message = new HttpRequestMessage(HttpMethod.Post, target is null ? $"{url}/v1/{operation}" : $"{url}/");
        message.Content = new StringContent(request.ToJsonString(), Encoding.UTF8, "application/x-amz-json-1.1");
        message.Headers.TryAddWithoutValidation("Authorization", "any");
        if (target is not null) message.Headers.Add("X-Amz-Target", target);
        using HttpResponseMessage answer = await http.SendAsync(message, TestContext.Current.CancellationToken);
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Refrag.Acceptance.Tests.Crash;

namespace Refrag.Acceptance.Tests.Served;

/// <summary>
/// <c>refrag serve</c> on a free port, with a state folder of its own, and stock clients pointed at it as <c>--print-env</c> says.
/// </summary>
public class ServedBatch : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("refrag-served");
    private readonly ConcurrentQueue<string> _errors = new();
    private Process? _process;

    public string Url { get; private set; } = "";

    public virtual string State => Path.Combine(_folder.FullName, "state");

    /// <summary>The options of <c>refrag serve</c> beside address, state and events.</summary>
    protected virtual string[] Options => ["--runner", "process"];

    /// <summary>Variables of the server beside the usual.</summary>
    protected virtual IEnumerable<(string Name, string Value)> Variables => [];

    public virtual ValueTask InitializeAsync() => new(StartAsync());

    /// <summary>The server's process.</summary>
    public Process Process => _process ?? throw new InvalidOperationException("The server has not been started.");

    /// <summary>What the servers have written to standard error.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>SIGKILL to the server alone, and another on its state.</summary>
    /// <param name="clock">How far the other's clock is ahead of the machine's.</param>
    public async Task KillAndStartAsync(TimeSpan clock = default)
    {
        await KillAsync();
        await StartAsync(clock);
    }

    /// <summary>SIGKILL to the server alone.</summary>
    public async Task KillAsync()
    {
        Process.Kill();
        await Process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Process.Dispose();
    }

    /// <summary>Starts a server on the state.</summary>
    /// <param name="clock">How far its clock is ahead of the machine's.</param>
    public async Task StartAsync(TimeSpan clock = default)
    {
        BuiltProgram program = CrashClock.Set(new() { WorkingDirectory = _folder.FullName }, clock);
        foreach (var (name, value) in Variables) program.With(name, value);
        _process = program.Start(["serve", "--urls", "http://127.0.0.1:0", "--state", State, "--events-file", "events.jsonl", .. Options]);
        Url = await ListeningOn(_process);
        // What it says later must not fill its pipes.
        _process.OutputDataReceived += static (_, _) => { };
        _process.ErrorDataReceived += (_, line) => { if (line.Data is { } text) _errors.Enqueue(text); };
        _process.BeginErrorReadLine();
    }

    /// <summary>The server's first line, without its words.</summary>
    public static async Task<string> ListeningOn(Process process)
    {
        using CancellationTokenSource limit = Eventually.Stop();
        string line = await process.StandardOutput.ReadLineAsync(limit.Token)
            ?? throw new InvalidOperationException(await process.StandardError.ReadToEndAsync(limit.Token));
        return line["Listening on ".Length..];
    }

    /// <summary>Events so far: the whole lines of their file, which may be read while one is being written.</summary>
    public IReadOnlyList<JsonNode> Events()
    {
        using var file =
            new StreamReader(
                new FileStream(Path.Combine(_folder.FullName, "events.jsonl"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return [.. file.ReadToEnd().Split('\n')[..^1].Select(line => JsonNode.Parse(line)!)];
    }

    /// <summary>A program with the variables that <c>--print-env</c> prints.</summary>
    public async Task<BuiltProgram> ClientAsync()
    {
        Finished printed = await new BuiltProgram().RunAsync("serve", "--print-env", "--state", State, "--urls", Url);
        BuiltProgram client = new() { WorkingDirectory = _folder.FullName };
        // What AWS added to Batch since the botocore that may be installed, so that boto3 has it too.
        client.With("AWS_DATA_PATH", Path.Combine(AppContext.BaseDirectory, "botocore"));
        foreach (string line in printed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = line["export ".Length..].Split('=', 2);
            client.With(pair[0], pair[1].Trim('\''));
        }
        return client;
    }

    /// <summary>
    /// Runs a Python program that has <c>batch</c> and <c>logs</c>, clients of boto3 with nothing but the variables, and prints JSON.
    /// </summary>
    public async Task<JsonNode> PythonAsync(string source)
    {
        string prelude = $$"""
            import boto3, json, time
            batch, logs = boto3.client("batch"), boto3.client("logs")
            def until(question, describe=lambda: ""):
                end = time.monotonic() + {{Eventually.Limit.TotalSeconds}}
                while time.monotonic() < end:
                    if (answer := question()): return answer
                    time.sleep(0.05)
                raise TimeoutError(describe())
            def wait(*ids, statuses=("SUCCEEDED", "FAILED")):
                jobs = []
                def ended():
                    jobs[:] = batch.describe_jobs(jobs=list(ids))["jobs"]
                    return all(j["status"] in statuses for j in jobs) and [next(j for j in jobs if j["jobId"] == i) for i in ids]
                return until(ended, lambda: [(j["jobName"], j["status"]) for j in jobs])
            def define(name, command, vcpus="1", **more):
                # Parts of a vCPU exist on Fargate only.
                small = dict(executionRoleArn="arn:aws:iam::000000000000:role/run") if "." in vcpus else {}
                if small: more["platformCapabilities"] = ["FARGATE"]
                return batch.register_job_definition(jobDefinitionName=name, type="container",
                    containerProperties=dict(image="busybox", command=command, **small, resourceRequirements=[
                        dict(type="VCPU", value=vcpus), dict(type="MEMORY", value="512" if small else "64")]), **more)["jobDefinitionArn"]
            def submit(name, definition, **more):
                return batch.submit_job(jobName=name, jobQueue="refrag-cpu-job-queue", jobDefinition=definition, **more)["jobId"]

            """;
        Finished run =
            await BuiltProgram.FinishAsync(
                (await ClientAsync()).StartProgram(Stock.Python, "-c", prelude + source), TestContext.Current.CancellationToken);
        Assert.True(run.ExitCode == 0, run.ToString());
        return JsonNode.Parse(run.Output)!;
    }

    /// <summary>Runs the AWS CLI.</summary>
    public async Task<Finished> AwsAsync(params string[] arguments) =>
        await BuiltProgram.FinishAsync((await ClientAsync()).StartProgram(Stock.Aws, arguments), TestContext.Current.CancellationToken);

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }
        _process?.Dispose();
        _folder.Delete(recursive: true);
    }
}

/// <summary>AWS's own programs. A test is skipped where one is absent, or fails where REFRAG_REQUIRE_PEERS=1.</summary>
internal static class Stock
{
    public static string Python => Find("python3");

    public static string Aws => Find("aws");

    /// <summary>Whether a program is on PATH; fails the test if it is not, where REFRAG_REQUIRE_PEERS=1.</summary>
    public static bool Has(string program)
    {
        bool has = OnPath(program) is not null;
        if (!has && Environment.GetEnvironmentVariable("REFRAG_REQUIRE_PEERS") == "1") Assert.Fail($"{program} is not on PATH.");
        return has;
    }

    private static string? OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator).Select(d => Path.Combine(d, program)).FirstOrDefault(File.Exists);

    private static string Find(string program)
    {
        if (OnPath(program) is { } path) return path;
        if (Environment.GetEnvironmentVariable("REFRAG_REQUIRE_PEERS") == "1") Assert.Fail($"{program} is not on PATH.");
        Assert.Skip($"{program} is not on PATH.");
        return "";
    }
}

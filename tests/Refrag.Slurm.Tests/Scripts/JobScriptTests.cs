using System.Diagnostics;
using Refrag.Aws.Batch;
using Refrag.Slurm.Scripts;

namespace Refrag.Slurm.Tests.Scripts;

/// <summary>The script as a shell runs it, with the variables that Slurm sets.</summary>
public sealed class JobScriptTests : IDisposable
{
    private const string Id = "01a22e9d-9256-7064-ba7c-9c40ffa500d1";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Script_OfACommand_WritesLogExitCodeAndId()
    {
        int code = await RunAsync(Job(["sh", "-c", "echo \"$1 $SPECIAL\"; exit 200", "sh", "it's $HOME"]), ("SLURM_JOB_ID", "7"));

        Assert.Equal(200, code);
        Assert.Equal("it's $HOME a,b 'c' \"d\"\n", Read("attempt-1/node-0.log"));
        Assert.StartsWith("200 ", Read("attempt-1/exit"), StringComparison.Ordinal);
        Assert.Equal("7\n", Read("slurm"));
    }

    [Fact]
    public async Task Script_ThatSlurmStartsAgain_KeepsTheFirstLog()
    {
        SlurmJob job = Job(["sh", "-c", "echo attempt $AWS_BATCH_JOB_ATTEMPT"], retries: 1);
        await RunAsync(job, ("SLURM_JOB_ID", "7"));
        int code = await RunAsync(job, ("SLURM_JOB_ID", "7"), ("SLURM_RESTART_COUNT", "1"));

        Assert.Equal(0, code);
        Assert.Equal("attempt 1\n", Read("attempt-1/node-0.log"));
        Assert.Equal("attempt 2\n", Read("attempt-2/node-0.log"));
    }

    [Fact]
    public async Task Script_StartedMoreOftenThanAllowed_DoesNotRunTheProgram()
    {
        SlurmJob job = Job(["touch", _folder.At("ran")], retries: 1);
        int code = await RunAsync(job, ("SLURM_JOB_ID", "7"), ("SLURM_RESTART_COUNT", "2"));

        Assert.Equal(JobScript.TooManyStarts, code);
        Assert.False(File.Exists(_folder.At("ran")));
        Assert.Contains("env.retries allows 1", Read("ended-by"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Script_OfASecondJobOfTheSubmission_DoesNothing()
    {
        SlurmJob job = Job(["sh", "-c", $"echo x >>{_folder.At("ran")}"]);
        await RunAsync(job, ("SLURM_JOB_ID", "7"));
        int code = await RunAsync(job, ("SLURM_JOB_ID", "8"));

        Assert.Equal(120, code);
        Assert.Equal("x\n", await File.ReadAllTextAsync(_folder.At("ran"), TestContext.Current.CancellationToken));
        Assert.Equal("7\n", Read("slurm"));
    }

    // Slurm calls a job that ended so TIMEOUT or CANCELLED, and forgets it: the file still says that it was no success.
    [Fact]
    public async Task Script_OfAProgramThatEndsWell_AfterSigterm_SaysThatItWasStopped()
    {
        SlurmJob job = Job(["sh", "-c", "trap 'exit 0' TERM; kill -TERM $PPID; kill -TERM $$; sleep 60"]);
        int code = await RunAsync(job, ("SLURM_JOB_ID", "7"));

        Assert.Equal(0, code);
        Assert.Matches("^0 [0-9]+ [0-9]+ stopped\n$", Read("attempt-1/exit"));
    }

    [Fact]
    public async Task Script_WithoutItsWorkingDirectory_FailsAndSaysSoInTheLog()
    {
        int code = await RunAsync(Job(["true"], directory: "/nonexistent"), ("SLURM_JOB_ID", "7"));

        Assert.Equal(JobScript.NoWorkingDirectory, code);
        Assert.Contains("/nonexistent", Read("attempt-1/node-0.log"), StringComparison.Ordinal);
        Assert.StartsWith("125 ", Read("attempt-1/exit"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Script_OfAnArrayTask_HasAFolderOfItsOwn()
    {
        SlurmJob job = Job(["sh", "-c", "echo $AWS_BATCH_JOB_ARRAY_INDEX of $AWS_BATCH_JOB_ARRAY_SIZE, $AWS_BATCH_JOB_ID"], size: 5);
        await RunAsync(job, ("SLURM_JOB_ID", "9"), ("SLURM_ARRAY_JOB_ID", "7"), ("SLURM_ARRAY_TASK_ID", "3"));

        Assert.Equal($"3 of 5, {Id}:3\n", Read("3/attempt-1/node-0.log"));
        Assert.Equal("7\n", Read("slurm"));
    }

    [Fact]
    public async Task Script_WithExportNone_LeavesNoTrapForSrun()
    {
        await RunAsync(Job(["sh", "-c", "echo ${SLURM_EXPORT_ENV:-unset}"]), ("SLURM_JOB_ID", "7"), ("SLURM_EXPORT_ENV", "NONE"));

        Assert.Equal("unset\n", Read("attempt-1/node-0.log"));
    }

    private SlurmJob Job(string[] command, int retries = 0, string? directory = null, int? size = null) => new()
    {
        Id = Id,
        Request = new SubmitJobRequest
        {
            JobName = "train",
            JobQueue = "cpu",
            JobDefinition = SlurmJob.Definition,
            ArrayProperties = size is null ? null : new ArrayProperties { Size = size },
            RetryStrategy = new RetryStrategy { Attempts = retries + 1 },
            Parameters = new Dictionary<string, string>(StringComparer.Ordinal) { ["chdir"] = directory ?? _folder.Path },
            ContainerOverrides = new ContainerOverrides
            {
                Command = command,
                Environment = [new KeyValuePair { Name = "SPECIAL", Value = "a,b 'c' \"d\"" }],
            },
        },
    };

    private string Read(string path) => File.ReadAllText(_folder.At($"{Id}/{path}"));

    private async Task<int> RunAsync(SlurmJob job, params (string Name, string Value)[] variables)
    {
        Directory.CreateDirectory(_folder.At(Id));
        string script = _folder.At($"{Id}/script");
        await File.WriteAllTextAsync(script, JobScript.Of(job, new SlurmPlace(null, _folder.Path)), TestContext.Current.CancellationToken);
        ProcessStartInfo start = new("sh", [script]) { RedirectStandardError = true, UseShellExecute = false };
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("SLURM_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        foreach ((string name, string value) in variables) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).Soon();
        return process.ExitCode;
    }
}

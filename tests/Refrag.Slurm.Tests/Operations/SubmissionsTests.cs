using System.Diagnostics;
using System.Text;
using Refrag.Aws.Batch;
using Refrag.Slurm.Jobs;
using Refrag.Slurm.Operations;
using Refrag.Slurm.Scripts;

namespace Refrag.Slurm.Tests.Operations;

/// <summary>The script that submits, as a shell runs it with an sbatch of the tests' own.</summary>
public sealed class SubmissionsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Sites put a program of their own before sbatch, which may say something.
    [Theory]
    [InlineData("echo 105", "105\n")]
    [InlineData("echo '105;rehearsal'", "105\n")]
    [InlineData("echo 'Your project is lab1'; echo 105", "105\n")]
    public async Task Script_OfASubmission_WritesTheLastLinesNumber(string sbatch, string number)
    {
        (int code, string output, SlurmJob job) = await SubmitAsync(sbatch);

        Assert.Equal((0, number), (code, output));
        Assert.Equal(number, File.ReadAllText(_folder.At($"jobs/{job.Id}/slurm")));
    }

    [Theory]
    [InlineData("echo 105; echo 'Thank you'")]
    [InlineData("true")]
    public async Task Script_WhoseSbatchPrintsNoNumber_WritesNone(string sbatch)
    {
        (int code, string output, SlurmJob job) = await SubmitAsync(sbatch);

        Assert.Equal((0, ""), (code, output));
        Assert.False(File.Exists(_folder.At($"jobs/{job.Id}/slurm")));
    }

    private async Task<(int Code, string Output, SlurmJob Job)> SubmitAsync(string sbatch)
    {
        Directory.CreateDirectory(_folder.At("bin"));
        string program = _folder.At("bin/sbatch");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\n{sbatch}\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        SlurmPlace place = new(null, _folder.At("jobs"));
        var job = SlurmJob.Of(new SubmitJobRequest { JobName = "train", JobQueue = "cpu", JobDefinition = SlurmJob.Definition });
        TurningCommands commands = new([""], [""]);
        using ClusterReader reader = new(commands, place);
        ProcessStartInfo start = new("sh", ["-c", new Submissions(commands, place, reader).Script(job, [])])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment["PATH"] = $"{_folder.At("bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        using Process process = Process.Start(start)!;
        string request = Encoding.UTF8.GetString(BatchOperations.SubmitJob.Write(job.Request));
        await process.StandardInput.WriteAsync($"{request}\n{JobScript.Of(job, place)}");
        process.StandardInput.Close();
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).Soon();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).Soon();
        return (process.ExitCode, output, job);
    }
}

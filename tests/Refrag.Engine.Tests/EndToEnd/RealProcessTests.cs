using System.Diagnostics;
using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Engine.Logs;
using Refrag.Engine.Options;

namespace Refrag.Engine.Tests.EndToEnd;

/// <summary>The whole way, with real processes.</summary>
public sealed class RealProcessTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LocalBatch _batch = new(new LocalBatchOptions { WorkingDirectory = "/", GpuIds = [] });

    public async ValueTask DisposeAsync()
    {
        await _batch.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Submit_Command_PrintsAndGivesItsExitCode()
    {
        string id = await Submit("echo $AWS_BATCH_JQ_NAME; echo $AWS_BATCH_JOB_ID >&2; exit 5");
        List<string> lines = await _batch.FollowAsync(id, Token)
            .Select(line => $"{line.Source} {line.Message}").ToListAsync(Token).AsTask().Soon();
        JobDetail job = await Ended(id);
        Assert.Equal(["Error " + id, "Out refrag-cpu-job-queue"], lines.Order(StringComparer.Ordinal));
        Assert.Equal((JobStatus.Failed, 5, "Essential container in task exited"), (job.Status, job.Container?.ExitCode, job.StatusReason));
    }

    [Fact]
    public async Task Submit_NoSuchCommand_FailsWith127AndTheReason()
    {
        SubmitJobResponse answer = await _batch.SendAsync(BatchOperations.SubmitJob, Request() with
        {
            ContainerOverrides = new ContainerOverrides { Command = ["no-such-command"] },
        }, Token);
        JobDetail job = await Ended(answer.JobId);
        Assert.Equal((JobStatus.Failed, 127, "Task failed to start", null),
            (job.Status, job.Container?.ExitCode, job.StatusReason, job.Attempts![0].StartedAt));
        Assert.StartsWith("CannotStartContainerError: RF4001", job.Container?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terminate_ProgramThatHandlesIt_EndsWithItsChildren()
    {
        string id = await Submit("trap 'echo stopping; exit 0' TERM; sleep 600 & echo $!; wait");
        await using IAsyncEnumerator<LogEvent> lines = _batch.FollowAsync(id, Token).GetAsyncEnumerator(Token);
        Assert.True(await lines.MoveNextAsync().AsTask().Soon());
        string child = lines.Current.Message;
        await _batch.SendAsync(BatchOperations.TerminateJob, new TerminateJobRequest { JobId = id, Reason = "enough" }, Token);
        Assert.True(await lines.MoveNextAsync().AsTask().Soon());
        Assert.Equal("stopping", lines.Current.Message);
        Assert.Equal((JobStatus.Failed, "enough", 0),
            ((await Ended(id)) is { } job ? (job.Status, job.StatusReason, job.Container?.ExitCode) : default));
        await Limits.Gone(child);
    }

    [Fact]
    public async Task Stop_WithoutGrace_LeavesNothingBehind()
    {
        string id = await Submit("trap '' TERM; sleep 600 & echo $$ $!; while :; do wait; done");
        string pids = (await _batch.FollowAsync(id, Token).FirstAsync(Token).AsTask().Soon()).Message;
        await _batch.StopAsync(TimeSpan.Zero).Soon();
        foreach (string pid in pids.Split(' ')) await Limits.Gone(pid);
        Assert.Equal((JobStatus.Failed, 137), ((await Ended(id)) is { } job ? (job.Status, job.Container?.ExitCode) : default));
    }

    [Fact]
    public async Task MultiNode_FourNodes_SeeEachOther()
    {
        // The main node ends when all have printed.
        string there = _folder.At("node-");
        await _batch.SendAsync(BatchOperations.RegisterJobDefinition, new RegisterJobDefinitionRequest
        {
            JobDefinitionName = "nodes",
            Type = "multinode",
            NodeProperties = new NodeProperties
            {
                NumNodes = 4,
                MainNode = 0,
                NodeRangeProperties =
                [
                    new NodeRangeProperty
                    {
                        TargetNodes = "0:",
                        Container = new ContainerProperties
                        {
                            Image = "none",
                            Command = ["sh", "-c",
                                "echo $AWS_BATCH_JOB_NODE_INDEX/$AWS_BATCH_JOB_NUM_NODES "
                                    + $"${{AWS_BATCH_JOB_MAIN_NODE_PRIVATE_IPV4_ADDRESS-main}}; : >{there}$AWS_BATCH_JOB_NODE_INDEX; "
                                    + "[ $AWS_BATCH_JOB_NODE_INDEX = 0 ] || exec sleep 600; "
                                    + $"until [ -e {there}1 ] && [ -e {there}2 ] && [ -e {there}3 ]; do sleep 0.02; done"],
                            ResourceRequirements = [new ResourceRequirement { Type = "VCPU", Value = "1" },
                                new ResourceRequirement { Type = "MEMORY", Value = "4" }],
                        },
                    },
                ],
            },
        }, Token);
        SubmitJobResponse answer =
            await _batch.SendAsync(BatchOperations.SubmitJob, Request() with { JobDefinition = "nodes", ContainerOverrides = null }, Token);
        List<string> lines = await _batch.FollowAsync(answer.JobId, Token).Select(line => line.Message).ToListAsync(Token).AsTask().Soon();
        Assert.Equal(["0/4 main", "1/4 127.0.0.1", "2/4 127.0.0.1", "3/4 127.0.0.1"], lines.Order(StringComparer.Ordinal));
        Assert.Equal(JobStatus.Succeeded, (await Ended(answer.JobId)).Status);
    }

    [Fact]
    public async Task Array_ManyChildren_AllRun()
    {
        SubmitJobRequest request = Request("echo $AWS_BATCH_JOB_ARRAY_INDEX") with { ArrayProperties = new ArrayProperties { Size = 40 } };
        string id = (await _batch.SendAsync(BatchOperations.SubmitJob, request, Token)).JobId;
        List<int> lines = await _batch.FollowAsync(id, Token)
            .Select(line => int.Parse(line.Message, CultureInfo.InvariantCulture)).ToListAsync(Token).AsTask().Soon();
        Assert.Equal(Enumerable.Range(0, 40), lines.Order());
        Assert.Equal(40, (await Ended(id)).ArrayProperties!.StatusSummary!["SUCCEEDED"]);
    }

    [Fact]
    public async Task Submit_OtherProcessesOfThisProgram_KeepTheirExitCodes()
    {
        // .NET's own Process class collects children too; neither may take the other's.
        Task<int>[] others = [.. Enumerable.Range(0, 10).Select(async code =>
        {
            using Process process =
                Process.Start(
                    new ProcessStartInfo("sh") { ArgumentList = { "-c", string.Create(CultureInfo.InvariantCulture, $"exit {code}") } })!;
            await process.WaitForExitAsync(Token);
            return process.ExitCode;
        })];
        string[] ids =
            await Task.WhenAll(Enumerable.Range(0, 10).Select(code => Submit(string.Create(CultureInfo.InvariantCulture, $"exit {code}"))));
        JobDetail[] jobs = await Task.WhenAll(ids.Select(Ended));
        Assert.Equal(Enumerable.Range(0, 10), await Task.WhenAll(others).Soon());
        Assert.Equal(Enumerable.Range(0, 10), jobs.Select(job => job.Container!.ExitCode!.Value));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static SubmitJobRequest Request(string script = "true") => new()
    {
        JobName = "job",
        JobQueue = "refrag-cpu-job-queue",
        JobDefinition = "refrag-cpu-job-def",
        ContainerOverrides = new ContainerOverrides
        {
            Command = ["sh", "-c", script],
            ResourceRequirements = [new ResourceRequirement { Type = "VCPU", Value = "1" },
                new ResourceRequirement { Type = "MEMORY", Value = "4" }],
        },
    };

    private async Task<string> Submit(string script) => (await _batch.SendAsync(BatchOperations.SubmitJob, Request(script), Token)).JobId;

    private Task<JobDetail> Ended(string id) => _batch.WatchAsync(id, Token).LastAsync(Token).AsTask().Soon();
}

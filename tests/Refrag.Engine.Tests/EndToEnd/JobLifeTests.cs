using System.Text.RegularExpressions;
using Refrag.Aws.Batch;
using Refrag.Runners.Attempts;

namespace Refrag.Engine.Tests.EndToEnd;

public sealed partial class JobLifeTests : EngineTest
{
    [Fact]
    public async Task Submit_Job_RunsAndSucceeds()
    {
        string id = await Submit(Request());
        FakeAttempt attempt = await Runner.Next();
        JobDetail running = await Until(id, JobStatus.Running);
        Assert.Equal((Time.GetUtcNow().ToUnixTimeMilliseconds(), null, null), (running.StartedAt, running.StoppedAt, running.StatusReason));
        Time.Advance(TimeSpan.FromSeconds(5));
        attempt.End(0);
        JobDetail ended = await Ended(id);
        Assert.Equal(
            (JobStatus.Succeeded, 0, "Essential container in task exited"), (ended.Status, ended.Container?.ExitCode, ended.StatusReason));
        Assert.Equal(5000, ended.StoppedAt - ended.StartedAt);
    }

    [Fact]
    public async Task Submit_Job_NamesAreWellFormed()
    {
        string id = await Submit(Request());
        (await Runner.Next()).End(0);
        JobDetail job = await Ended(id);
        Assert.True(Guid.TryParseExact(id, "D", out _));
        Assert.Equal($"arn:aws:batch:us-east-1:000000000000:job/{id}", job.JobArn);
        Assert.Equal("arn:aws:batch:us-east-1:000000000000:job-queue/refrag-cpu-job-queue", job.JobQueue);
        Assert.Equal("arn:aws:batch:us-east-1:000000000000:job-definition/def:1", job.JobDefinition);
        Assert.Matches(StreamName(), job.Container!.LogStreamName!);
    }

    // What resource requirements ask for is answered there alone (UG batch_cwe_events: their container has no vcpus and no memory), and
    // what the old fields ask for in them, beside an empty list (Terraform AWS provider, its test of empty resourceRequirements).
    [Theory]
    [InlineData(false, false, null, null, "MEMORY=64 VCPU=1")]
    [InlineData(true, false, 1, 64, "")]
    [InlineData(true, true, null, 64, "VCPU=2")]
    public async Task Describe_OfAContainer_HasItsRequirementsWhereTheyWereGiven(
        bool old, bool overrides, int? vCpus, int? memory, string requirements)
    {
        await Batch.SendAsync(BatchOperations.RegisterJobDefinition, new RegisterJobDefinitionRequest
        {
            JobDefinitionName = "asked",
            Type = JobDefinitionType.Container,
            ContainerProperties = new ContainerProperties
            {
                Image = "image",
                Command = ["run"],
                Vcpus = old ? 1 : null,
                Memory = old ? 64 : null,
                ResourceRequirements = old ? null : [new() { Type = "MEMORY", Value = "64" }, new() { Type = "VCPU", Value = "1" }],
            },
        }, Token);
        string id = await Submit(Request() with
        {
            JobDefinition = "asked",
            ContainerOverrides = overrides ? new() { ResourceRequirements = [new() { Type = "VCPU", Value = "2" }] } : null,
        });
        (await Runner.Next()).End(0);
        ContainerDetail container = (await Ended(id)).Container!;
        Assert.Equal((vCpus, memory), (container.Vcpus, container.Memory));
        Assert.Equal(requirements, string.Join(' ', container.ResourceRequirements!.Select(one => $"{one.Type}={one.Value}")));
    }

    [Fact]
    public async Task Submit_StatesAreWatched_ComeInOrder()
    {
        SubmitJobRequest large = Request() with
        {
            ContainerOverrides = Request().ContainerOverrides! with { ResourceRequirements = [new() { Type = "VCPU", Value = "4" }] },
        };
        string first = await Submit(large);
        FakeAttempt running = await Runner.Next();
        string second = await Submit(large);
        Task<List<string>> states = Batch.WatchAsync(second, Token).Select(job => job.Status).ToListAsync(Token).AsTask();
        await Until(second, JobStatus.Runnable);
        running.End(0);
        (await Runner.Next()).End(0);
        Assert.Equal(["RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED"], await states.Soon());
        Assert.Equal(JobStatus.Succeeded, (await Describe(first)).Status);
    }

    [Fact]
    public async Task Submit_LargerThanTheMachine_RunsAloneAndSaysSo()
    {
        string small = await Submit(Request("small"));
        FakeAttempt first = await Runner.Next();
        string large =
            await Submit(Request("large") with
            {
                ContainerOverrides = new() { Command = ["run"], ResourceRequirements = [new() { Type = "VCPU", Value = "64" }] },
            });
        string behind = await Submit(Request("behind"));
        first.End(0);
        FakeAttempt second = await Runner.Next();
        Assert.Equal(large, second.JobId);
        Assert.Equal("The job asks for 64 vCPUs and 100 MiB; this machine has 4 vCPUs and 1000 MiB. It runs alone.",
            (await Until(large, JobStatus.Running)).StatusReason);
        Assert.Equal(JobStatus.Runnable, (await Describe(behind)).Status);
        second.End(0);
        (await Runner.Next()).End(0);
        await Ended(behind);
        Assert.Equal(JobStatus.Succeeded, (await Describe(small)).Status);
    }

    [Fact]
    public async Task Submit_Fails_IsTriedAgainAsOftenAsItMay()
    {
        string id = await Submit(Request() with { RetryStrategy = new RetryStrategy { Attempts = 3 } });
        foreach (string number in new[] { "1", "2", "3" })
        {
            FakeAttempt attempt = await Runner.Next();
            Assert.Equal(number, attempt.Environment["AWS_BATCH_JOB_ATTEMPT"]);
            attempt.End(7);
        }
        JobDetail job = await Ended(id);
        Assert.Equal((JobStatus.Failed, 3, 7), (job.Status, job.Attempts!.Count, job.Container?.ExitCode));
        Assert.Equal(3, job.Attempts.Select(attempt => attempt.Container?.LogStreamName).Distinct().Count());
    }

    [Fact]
    public async Task Submit_ExitRule_EndsTheRetries()
    {
        string id = await Submit(Request() with
        {
            RetryStrategy = new RetryStrategy { Attempts = 3, EvaluateOnExit = [new EvaluateOnExit { OnExitCode = "7", Action = "exit" }] },
        });
        (await Runner.Next()).End(8);
        (await Runner.Next()).End(7);
        Assert.Equal(2, (await Ended(id)).Attempts!.Count);
    }

    [Fact]
    public async Task Timeout_Passes_TerminatesThenKillsAndDoesNotRetry()
    {
        string id =
            await Submit(
                Request() with
                {
                    Timeout = new JobTimeout { AttemptDurationSeconds = 60 },
                    RetryStrategy = new RetryStrategy { Attempts = 3 },
                });
        FakeAttempt attempt = await Runner.Next();
        await Until(id, JobStatus.Running);
        Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(JobStatus.Running, (await Describe(id)).Status);
        Assert.False(attempt.WasSignalled);
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(StopSignal.Terminate, await attempt.NextSignal());
        await Describe(id);
        Time.Advance(TimeSpan.FromSeconds(29));
        await Describe(id);
        Assert.False(attempt.WasSignalled);
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(StopSignal.Kill, await attempt.NextSignal());
        attempt.End(137);
        JobDetail job = await Ended(id);
        Assert.Equal((JobStatus.Failed, "Job attempt duration exceeded timeout", 1), (job.Status, job.StatusReason, job.Attempts!.Count));
    }

    [Fact]
    public async Task Terminate_Running_FailsWithTheReason()
    {
        string id = await Submit(Request() with { RetryStrategy = new RetryStrategy { Attempts = 3 } });
        FakeAttempt attempt = await Runner.Next();
        await Until(id, JobStatus.Running);
        await Terminate(id, "not needed");
        Assert.Equal(StopSignal.Terminate, await attempt.NextSignal());
        attempt.End(0);
        JobDetail job = await Ended(id);
        Assert.Equal((JobStatus.Failed, "not needed", true, false), (job.Status, job.StatusReason, job.IsTerminated, job.IsCancelled));
    }

    [Fact]
    public async Task Cancel_Running_AnswersAndDoesNothing()
    {
        string id = await Submit(Request());
        FakeAttempt attempt = await Runner.Next();
        await Until(id, JobStatus.Running);
        await Cancel(id, "too late");
        Assert.False(attempt.WasSignalled);
        attempt.End(0);
        Assert.Equal(JobStatus.Succeeded, (await Ended(id)).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CancelOrTerminate_Waiting_FailsWithTheReason(bool cancel)
    {
        string first = await Submit(Request());
        string waiting = await Submit(Request() with { DependsOn = [new JobDependency { JobId = first }] });
        await (cancel ? Cancel(waiting, "changed my mind") : Terminate(waiting, "changed my mind"));
        JobDetail job = await Ended(waiting);
        Assert.Equal(
            (JobStatus.Failed, "changed my mind", cancel, !cancel), (job.Status, job.StatusReason, job.IsCancelled, job.IsTerminated));
        Assert.Null(job.StartedAt);
        (await Runner.Next()).End(0);
    }

    [Fact]
    public async Task Submit_Output_CanBeFollowedToTheEnd()
    {
        string id = await Submit(Request() with { RetryStrategy = new RetryStrategy { Attempts = 2 } });
        Task<List<string>> lines = Batch.FollowAsync(id, Token)
            .Select(line => $"{line.Attempt} {line.Message}").ToListAsync(Token).AsTask();
        foreach (int code in new[] { 1, 0 })
        {
            FakeAttempt attempt = await Runner.Next();
            attempt.Print($"ends with {code}");
            attempt.End(code);
        }
        Assert.Equal(["1 ends with 1", "2 ends with 0"], await lines.Soon());
    }

    [GeneratedRegex("^def/default/[0-9a-f]{32}$", RegexOptions.NonBacktracking)]
    private static partial Regex StreamName();
}

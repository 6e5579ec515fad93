using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Infrastructure;

namespace Refrag.Tests.Infrastructure;

public sealed class LayoutMoverTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly FakeBackend _backend = new();
    private readonly PassingTime _time = new();
    private readonly List<string> _done = [];
    private int _actsUntilKilled = int.MaxValue;
    private readonly List<string> _locks = [];
    private int _jobs;
    private int _busyLooks;
    private int _refusals;
    private bool _isClosed;
    private string _applyError = "";
    private int _failures;
    private bool _jobsEnd = true;
    private bool _tainted;
    private bool _isRead;
    private string _newEnvironment = "";
    private string _lastPlan =
        """{ "resource_changes": [{ "address": "aws_batch_job_queue.queue[0]", "change": { "actions": ["delete"] } }] }""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public LayoutMoverTests() => File.WriteAllText(Path.Combine(_folder.FullName, "instance_types.json"), """{ "types": {} }""");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task MoveAsync_KilledAtAnyAct_FinishesWhenRunAgain(int acts)
    {
        _actsUntilKilled = acts;
        try
        {
            await MoveAsync(new LayoutMoveOptions());
        }
        catch (IOException)
        {
            _actsUntilKilled = int.MaxValue;
        }
        // Where the kill came too late to matter, there is nothing left to move.
        IReadOnlyList<Problem> again = await MoveAsync(new LayoutMoveOptions());
        Assert.All(again, p => Assert.Equal("RF6013", p.Code));
        // Whatever was repeated, the old queue was closed before it was removed, and the new stood before that.
        Assert.Equal("apply both", _done[0]);
        Assert.True(_done.IndexOf("close old-queue") < _done.IndexOf("apply separate"));
        Assert.Equal("apply separate", _done[^1]);
        Assert.DoesNotContain(Journal, _backend.States.Keys);
    }

    [Fact]
    public async Task MoveAsync_JobsLeftWithoutPatience_RefusesAndRemovesNothing()
    {
        _jobs = 1;
        Problem problem = Assert.Single(await MoveAsync(new LayoutMoveOptions { Patience = TimeSpan.Zero }));
        Assert.Equal("RF6017", problem.Code);
        Assert.DoesNotContain("apply separate", _done);
        Assert.Contains(Journal, _backend.States.Keys);
    }

    [Fact]
    public async Task MoveAsync_KillJobs_TerminatesThemAndThenRemoves()
    {
        _jobs = 2;
        Assert.Empty(await MoveAsync(new LayoutMoveOptions { KillJobs = true }));
        Assert.Equal(["apply both", "close old-queue", "terminate 0", "terminate 1", "apply separate"], _done);
    }

    [Fact]
    public async Task MoveAsync_TakenUpAgain_WaitsForTheLockOfATerraformThatIsStillAtWork()
    {
        _actsUntilKilled = 0;
        await Assert.ThrowsAsync<IOException>(() => MoveAsync(new LayoutMoveOptions()));
        _actsUntilKilled = int.MaxValue;
        Assert.Equal("-lock-timeout=0s", _locks.Distinct().Single());
        Assert.Empty(await MoveAsync(new LayoutMoveOptions()));
        Assert.Equal("-lock-timeout=600s", _locks[^1]);
    }

    [Fact]
    public async Task MoveAsync_QueueLeftHalfMade_TakesItOverAndContinues()
    {
        _tainted = true;
        Assert.Empty(await MoveAsync(new LayoutMoveOptions()));
        Assert.Equal(["untaint aws_batch_job_queue.cpu_queue[0]", "apply both", "close old-queue", "apply separate"], _done);
    }

    [Fact]
    public async Task MoveAsync_QueueTaintedByHand_LeavesTheMarkToItsOwner()
    {
        (_tainted, _isRead) = (true, true);
        Problem problem = Assert.Single(await MoveAsync(new LayoutMoveOptions()));
        Assert.Equal("RF6044", problem.Code);
        Assert.Contains("terraform untaint 'aws_batch_job_queue.cpu_queue[0]'", problem.Cure);
        Assert.Empty(_done);
    }

    [Theory]
    [InlineData("\"create\"")]
    [InlineData("\"create\", \"delete\"")]
    public async Task MoveAsync_SettingsChangedMeanwhile_RemovesNothing(string actions)
    {
        _lastPlan = $$"""{ "resource_changes": [{ "address": "aws_vpc.own[0]", "change": { "actions": [{{actions}}] } }] }""";
        Problem problem = Assert.Single(await MoveAsync(new LayoutMoveOptions()));
        Assert.Equal("RF6016", problem.Code);
        Assert.Contains("aws_vpc.own[0] would be made", problem.What);
        Assert.DoesNotContain("apply separate", _done);
    }

    [Fact]
    public async Task MoveAsync_KillJobsThatStay_TerminatesEachOnceAndKeepsItsPatience()
    {
        (_jobs, _jobsEnd) = (2, false);
        Problem problem = Assert.Single(await MoveAsync(
            new LayoutMoveOptions { KillJobs = true, Patience = TimeSpan.FromMilliseconds(20) }));
        Assert.Equal("RF6017", problem.Code);
        Assert.Equal(["apply both", "close old-queue", "terminate 0", "terminate 1"], _done);
    }

    [Fact]
    public async Task MoveAsync_QueueIsBeingChanged_WaitsAndSendsAgain()
    {
        (_busyLooks, _refusals) = (2, 1);
        Assert.Empty(await MoveAsync(new LayoutMoveOptions()));
        Assert.Equal(["apply both", "close old-queue", "apply separate"], _done);
        Assert.True(_busyLooks <= 0 && _refusals <= 0);
    }

    [Theory]
    [InlineData("Cannot delete, found existing JobQueue relationship", 2, "")]
    [InlineData("Cannot delete, found existing JobQueue relationship", 100, "RF6040")]
    [InlineData(
        "unexpected state 'INVALID', wanted target 'VALID'. last error: User is not authorized to perform: ecs:DescribeClusters "
            + "(AccessDeniedException)", 2, "")]
    [InlineData("AccessDenied: not authorized to perform: batch:DeleteJobQueue", 1, "RF6005")]
    public async Task MoveAsync_AwsIsBehindItself_AppliesAgain(string error, int failures, string code)
    {
        (_applyError, _failures) = ($"waiting for Batch Compute Environment (x): {error}", failures);
        IReadOnlyList<Problem> problems = await MoveAsync(new LayoutMoveOptions());
        Assert.Equal(code, string.Join(',', problems.Select(p => p.Code)));
        if (code.Length == 0) Assert.Equal(["apply both", "close old-queue", "apply separate"], _done);
        // AWS needs its time, however often the jobs are listed.
        Assert.Equal(code.Length > 0 ? failures == 1 ? 0 : 7 : 2, _time.Waits.Count(wait => wait >= Transient.Pause));
        if (code == "RF6040") Assert.Contains("Likely a queue outside this stack", problems[0].Cure, StringComparison.Ordinal);
    }

    // An interrupted run has left it half-made, and its role was too new then.
    [Fact]
    public async Task MoveAsync_NewEnvironmentIsInvalid_IsCheckedAgainBeforeTheQueueIsCreated()
    {
        _newEnvironment = "INVALID";
        (_applyError, _failures) = ("creating Batch Job Queue: CreateJobQueue: arn:aws:batch:r:1:compute-environment/new is not VALID", 0);
        Assert.Empty(await MoveAsync(new LayoutMoveOptions()));
        Assert.Equal(["check new", "apply both", "close old-queue", "apply separate"], _done);
    }

    [Fact]
    public async Task MoveAsync_DryRun_ChangesNothing()
    {
        Assert.Empty(await MoveAsync(new LayoutMoveOptions { DryRun = true }));
        Assert.Empty(_done);
        Assert.DoesNotContain(Journal, _backend.States.Keys);
    }

    private const string Journal = "refrag-move";

    private Task<IReadOnlyList<Problem>> MoveAsync(LayoutMoveOptions options)
    {
        var stack = new Deployment(new FakeTerraform(this), _folder.FullName, []);
        return new LayoutMover(stack, new FakeQueues(this), new LayoutJournal(_backend, workspace: null), _time)
            .MoveAsync(LayoutDirection.Migrate, options with { Pause = TimeSpan.FromMilliseconds(1) }, static _ => { }, Stop);
    }

    private void Act(string what)
    {
        if (_actsUntilKilled-- <= 0) throw new IOException("killed");
        _done.Add(what);
    }

    private sealed class FakeTerraform(LayoutMoverTests test) : ITerraform
    {
        private string _layout = "";

        public ITerraform In(string workspace) => throw new NotSupportedException();

        public Task<TerraformRun> RunAsync(IReadOnlyList<string> arguments, Action<string>? onLine, CancellationToken cancellationToken)
        {
            if (arguments[0] == "plan")
                _layout = arguments.First(a => a.StartsWith("-var=batch_queue_layout=", StringComparison.Ordinal)).Split('=')[^1];
            test._locks.AddRange(arguments.Where(a => a.StartsWith("-lock-timeout=", StringComparison.Ordinal)));
            if (arguments[0] == "untaint")
            {
                test._tainted = false;
                test.Act($"untaint {arguments[^1]}");
            }
            if (arguments[0] == "apply" && (test._failures-- > 0 || test._newEnvironment == "INVALID"))
                return Task.FromResult(new TerraformRun(1, "", test._applyError));
            if (arguments[0] == "apply") test.Act($"apply {_layout}");
            string output = arguments is ["show", "-json"]
                ? State()
                : arguments[0] == "show" ? (test._tainted ? TaintedPlan : _layout == "separate" ? test._lastPlan : Plan) : "";
            return Task.FromResult(new TerraformRun(0, output, ""));
        }

        private const string Plan =
            """{ "resource_changes": [{ "address": "aws_batch_job_queue.cpu_queue[0]", "change": { "actions": ["create"] } }] }""";

        private const string TaintedPlan = """
            { "resource_changes": [{ "address": "aws_batch_job_queue.cpu_queue[0]", "action_reason": "replace_because_tainted",
                "change": { "actions": ["create", "delete"] } }] }
            """;

        private string State() => test._done.Contains("apply separate") ? "{}" : $$"""
            { "values": { "root_module": { "resources": [
              { "address": "aws_batch_job_queue.queue[0]", "type": "aws_batch_job_queue", "name": "queue",
                  "values": { "name": "old-queue" } },
              { "address": "aws_batch_job_queue.cpu_queue[0]", "type": "aws_batch_job_queue", "name": "cpu_queue",
                  "tainted": {{(test._tainted ? "true" : "false")}},
                "values": { "id": "arn:q", "name": null, "arn": {{(test._isRead ? "\"arn:q\"" : "null")}} } },
              { "address": "aws_batch_compute_environment.cpu[\"new\"]", "type": "aws_batch_compute_environment", "name": "cpu",
                "index": "new", "values": { "arn": "arn:aws:batch:us-east-1:1:compute-environment/new" } }
            ] } } }
            """;
    }

    private sealed class FakeQueues(LayoutMoverTests test) : IAwsTransport
    {
        public Task<TResponse> SendAsync<TRequest, TResponse>(
            AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
            where TRequest : class
            where TResponse : class
        {
            if (request is DescribeJobQueuesRequest) return Task
                .FromResult((TResponse)(object)new DescribeJobQueuesResponse { JobQueues = [Queue()] });
            if (request is DescribeComputeEnvironmentsRequest) return Task.FromResult((TResponse)(object)Environments());
            if (request is UpdateComputeEnvironmentRequest check)
            {
                test.Act($"check {check.ComputeEnvironment}");
                test._newEnvironment = "VALID";
                return Task.FromResult((TResponse)(object)new UpdateComputeEnvironmentResponse());
            }
            if (request is UpdateJobQueueRequest update)
            {
                if (test._refusals-- > 0) throw BatchException.Client("UpdateJobQueue", "Cannot update, resource is being modified.");
                test.Act($"close {update.JobQueue}");
                test._isClosed = true;
            }
            if (request is TerminateJobRequest terminate)
            {
                test.Act($"terminate {terminate.JobId}");
                if (test._jobsEnd) test._jobs--;
                return Task.FromResult((TResponse)(object)new TerminateJobResponse());
            }
            object answer = request is ListJobsRequest { JobStatus: JobStatus.Running }
                ? new ListJobsResponse
                {
                    JobSummaryList = [.. Enumerable.Range(0, test._jobs).Select(i => new JobSummary { JobId = $"{i}", JobName = "job" })],
                }
                : request is ListJobsRequest ? new ListJobsResponse() : new UpdateJobQueueResponse();
            return Task.FromResult((TResponse)answer);
        }

        private DescribeComputeEnvironmentsResponse Environments() => new()
        {
            ComputeEnvironments = test._newEnvironment.Length == 0 ? [] : [new()
            {
                ComputeEnvironmentName = "new", ComputeEnvironmentArn = "arn", EcsClusterArn = "c", State = "ENABLED", Status =
                    test._newEnvironment,
            }],
        };

        private JobQueueDetail Queue() => new()
        {
            JobQueueName = "old-queue",
            JobQueueArn = "arn",
            Priority = 1,
            ComputeEnvironmentOrder = [],
            State = test._isClosed ? "DISABLED" : "ENABLED",
            Status = test._busyLooks-- > 0 ? "UPDATING" : "VALID",
        };
    }
}

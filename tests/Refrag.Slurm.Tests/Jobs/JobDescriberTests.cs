using Refrag.Aws.Batch;
using Refrag.Slurm.Jobs;
using Refrag.Slurm.Reading;

namespace Refrag.Slurm.Tests.Jobs;

public sealed class JobDescriberTests
{
    private const string Id = "01a22e9d-9256-7064-ba7c-9c40ffa500d1";
    private const string Request = """{"jobName":"train","jobQueue":"cpu","jobDefinition":"sbatch"}""";
    private const string Array = """{"jobName":"train","jobQueue":"cpu","jobDefinition":"sbatch","arrayProperties":{"size":3}}""";

    private const string Nodes = """{"jobName":"train","jobQueue":"cpu","jobDefinition":"sbatch","nodeOverrides":{"numNodes":2}}""";

    [Fact]
    public void Find_AJobThatSlurmHasForgotten_HasItsOwnExitCode()
    {
        JobDetail job = Describe([], $"./{Id}/request.json:{Request}", $"./{Id}/slurm:7",
            $"./{Id}/attempt-1/exit:137 1790000000 1790000009")!;

        Assert.Equal((JobStatus.Failed, 137), (job.Status, job.Container!.ExitCode!.Value));
        Assert.Equal(("exit code 137", 1790000009000), (job.StatusReason!, job.StoppedAt!.Value));
    }

    [Fact]
    public void Find_AJobThatLeftNothing_SaysThatItsEndIsNotKnown()
    {
        JobDetail job = Describe([], $"./{Id}/request.json:{Request}", $"./{Id}/slurm:7")!;

        Assert.Equal(JobStatus.Failed, job.Status);
        Assert.Contains("not known", job.StatusReason, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_ARequestThatWasNeverAccepted_IsNoJob() => Assert.Null(Describe([], $"./{Id}/request.json:{Request}"));

    [Fact]
    public void Find_AJobThatArrivedTwice_IsTheOneThatBegan()
    {
        JobDetail job = Describe(
            [Row("8", "PENDING", "Dependency"), Row("7", "RUNNING", "None")], $"./{Id}/request.json:{Request}", $"./{Id}/slurm:7",
            $"./{Id}/attempt-1/started:7 1790000000 n1")!;

        Assert.Equal((JobStatus.Running, "7"), (job.Status, job.Container!.TaskArn!));
        Assert.Equal($"{Id}/attempt-1/node-0.log", job.Container.LogStreamName);
    }

    [Fact]
    public void Find_ANodeFailureThatIsTriedAgain_IsNotTheEnd()
    {
        JobDetail job = Describe(
            [Row("7", "PENDING", "BeginTime")], $"./{Id}/request.json:{Request}", $"./{Id}/slurm:7",
                $"./{Id}/attempt-1/started:7 1790000000 n1")!;

        Assert.Equal(JobStatus.Pending, job.Status);
        Assert.Null(Assert.Single(job.Attempts!).Container!.ExitCode);
    }

    [Theory]
    [InlineData("TIMEOUT", "TimeLimit", "TIMEOUT: TimeLimit")]
    [InlineData("CANCELLED", "None", "CANCELLED")]
    [InlineData("OUT_OF_MEMORY", "OutOfMemory", "OUT_OF_MEMORY: OutOfMemory")]
    public void Find_AnEndBySlurm_IsInItsWords(string state, string reason, string said) => Assert.Equal(
        (JobStatus.Failed, said),
        (Describe([Row("7", state, reason)], $"./{Id}/slurm:7", $"./{Id}/request.json:{Request}") is { } job ? (job.Status,
            job.StatusReason!) : default));

    // A state that is newer than this program is no end, whatever the files say.
    [Fact]
    public void Find_AStateThatIsNotKnown_IsNotTheEnd()
    {
        JobDetail job = Describe([Row("7", "REVOKED", "None")], $"./{Id}/slurm:7", $"./{Id}/request.json:{Request}")!;

        Assert.Equal(JobStatus.Running, job.Status);
        Assert.Contains("REVOKED", job.StatusReason, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_AJobWhoseReservationWasDeleted_IsHeld() => Assert.Equal(JobStatus.Pending, Describe(
        [Row("7", "RESV_DEL_HOLD", "Reservation")], $"./{Id}/slurm:7", $"./{Id}/request.json:{Request}")!.Status);

    [Fact]
    public void Find_AFirstAttemptWithoutACode_DoesNotGetTheSecondsReason()
    {
        JobDetail job = Describe(
            [], $"./{Id}/request.json:{Request}", $"./{Id}/slurm:7", $"./{Id}/attempt-1/started:7 1790000000 n1",
            $"./{Id}/attempt-2/exit:5 1790000200 1790000201")!;

        Assert.Equal([null, 5], job.Attempts!.Select(one => one.Container!.ExitCode));
        Assert.Contains("its node was lost", job.Attempts![0].StatusReason, StringComparison.Ordinal);
        Assert.Equal("exit code 5", job.Attempts[1].StatusReason);
    }

    // Started and ended in the same second, long after the attempt.
    [Fact]
    public void Find_AJobThatWasCancelledWhileItWaitedAgain_HasNoExitCode()
    {
        JobDetail job = Describe(
            [Row("7", "CANCELLED", "None") with { Started = 1790000100, Ended = 1790000100 }], $"./{Id}/request.json:{Request}",
            $"./{Id}/slurm:7", $"./{Id}/attempt-1/exit:143 1790000000 1790000009 stopped")!;

        Assert.Equal((JobStatus.Failed, "CANCELLED"), (job.Status, job.StatusReason));
        Assert.Null(job.Container!.ExitCode);
        Assert.Equal(1790000100000, job.StoppedAt);
    }

    // Ended by its deadline while it waited, and started again where its output could not be opened: nothing is written of either.
    [Theory]
    [InlineData("DEADLINE", 1790000100, "DEADLINE")]
    [InlineData("NODE_FAIL", 1790000109, "NODE_FAIL")]
    [InlineData("FAILED", 1790000101, "FAILED")]
    public void Find_AnEndThatIsNotOfTheLastAttempt_HasNoneOfItsCode(string state, long ended, string reason)
    {
        JobDetail job = Describe(
            [Row("7", state, "None") with { Started = 1790000100, Ended = ended }], $"./{Id}/request.json:{Request}",
            $"./{Id}/slurm:7", $"./{Id}/attempt-1/exit:5 1790000000 1790000009")!;

        Assert.Equal((JobStatus.Failed, reason), (job.Status, job.StatusReason));
        Assert.Null(job.Container!.ExitCode);
        Assert.Equal((5, "exit code 5"), (job.Attempts![0].Container!.ExitCode!.Value, job.Attempts[0].StatusReason));
        Assert.Equal(ended * 1000, job.StoppedAt);
    }

    // The array was cancelled when this task had ended by itself, in a way that left no files.
    [Theory]
    [InlineData("NODE_FAIL", "NODE_FAIL")]
    [InlineData("CANCELLED", "not wanted")]
    [InlineData(null, "not wanted")]
    public void Find_ATaskOfAnArrayThatWasEnded_HasItsReasonOnlyIfItWasCancelled(string? state, string reason)
    {
        QueueRow[] rows = state is null ? [] : [Row("7", state, "None") with { Task = 0 }];
        JobDetail job = new JobDescriber(
            View(rows, $"./{Id}/request.json:{Array}", $"./{Id}/slurm:7", $"./{Id}/ended-by:not wanted")).Find($"{Id}:0")!;

        Assert.Equal((JobStatus.Failed, reason), (job.Status, job.StatusReason));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void HasSlurmsCode_OfANode_IsSaidOfTheFirstAlone(int node, bool has) => Assert.Equal(
        has, new JobDescriber(View([Row("7", "FAILED", "None")], $"./{Id}/slurm:7", $"./{Id}/request.json:{Nodes}"))
            .HasSlurmsCode($"{Id}#{node}"));

    [Theory]
    [InlineData("143 1790000000 1790000009 stopped")]
    [InlineData("0 1790000000 1790000009 stopped")]
    public void Find_AJobThatWasCancelledWhileItWaitedAgainAndForgotten_HasTheReasonAlone(string exit)
    {
        JobDetail job = Describe(
            [], $"./{Id}/request.json:{Request}", $"./{Id}/slurm:7", $"./{Id}/attempt-1/exit:{exit}", $"./{Id}/ended-by:not wanted")!;

        Assert.Equal((JobStatus.Failed, "not wanted"), (job.Status, job.StatusReason));
        Assert.Null(job.Container!.ExitCode);
    }

    [Theory]
    [InlineData("FAILED", true)]
    [InlineData("TIMEOUT", false)]
    [InlineData("NODE_FAIL", false)]
    [InlineData("CANCELLED", false)]
    public void HasSlurmsCode_OfAnEnd_IsOnlySaidOfTheProgramsOwn(string state, bool has) => Assert.Equal(
        has, new JobDescriber(View([Row("7", state, "None")], $"./{Id}/slurm:7", $"./{Id}/request.json:{Request}")).HasSlurmsCode(Id));

    [Fact]
    public void Find_AnArray_CountsRowsAndFiles()
    {
        JobDetail job = Describe(
            [Row("7", "PENDING", "Resources") with { Task = 2 }], $"./{Id}/request.json:{Array}", $"./{Id}/slurm:7",
            $"./{Id}/0/attempt-1/exit:0 1790000000 1790000001", $"./{Id}/1/attempt-1/exit:4 1790000000 1790000001")!;

        Assert.Equal(JobStatus.Pending, job.Status);
        Assert.Equal(
            [(JobStatus.Failed, 1), (JobStatus.Runnable, 1), (JobStatus.Succeeded, 1)],
            job.ArrayProperties!.StatusSummary!.Select(one => (one.Key, one.Value)).Order());
    }

    private static QueueRow Row(string id, string state, string reason) =>
        new(id, null, state, "cpu", 1790000000, null, null, "", reason, $"train.{Id}");

    private static JobDetail? Describe(QueueRow[] rows, params string[] files) => new JobDescriber(View(rows, files)).Find(Id);

    private static ClusterView View(QueueRow[] rows, params string[] files) =>
        new(rows.ToLookup(_ => Id), JobFileReader.Parse(string.Join('\n', files)));
}

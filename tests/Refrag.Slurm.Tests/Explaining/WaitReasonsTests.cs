using Refrag.Slurm.Explaining;
using Refrag.Slurm.Reading;

namespace Refrag.Slurm.Tests.Explaining;

/// <summary>The reasons are those that Slurm 22.05.8 gave, or that its documentation lists (job_reason_codes).</summary>
public sealed class WaitReasonsTests
{
    [Theory]
    [InlineData("Resources", "environment-full")]
    [InlineData("Priority", "behind-others")]
    [InlineData("ReqNodeNotAvail, UnavailableNodes:n2", "nodes-down")]
    [InlineData("ReqNodeNotAvail, Reserved for maintenance", "reserved")]
    [InlineData("Nodes required for job are DOWN, DRAINED or reserved for jobs in higher priority partitions", "nodes-down")]
    [InlineData("PartitionDown", "queue-disabled")]
    [InlineData("PartitionTimeLimit", "time-limit-too-long")]
    [InlineData("PartitionNodeLimit", "too-many-nodes")]
    [InlineData("QOSMaxCpuPerUserLimit", "limit")]
    [InlineData("AssocGrpCPUMinutesLimit", "limit")]
    [InlineData("InvalidAccount", "account")]
    [InlineData("DependencyNeverSatisfied", "dependency-failed")]
    [InlineData("JobArrayTaskLimit", "own-throttle")]
    [InlineData("BeginTime", "not-before")]
    [InlineData("JobHeldUser", "held")]
    [InlineData("JobHeldAdmin", "held")]
    [InlineData("launch failed requeued held", "held")]
    [InlineData("Licenses", "consumable-short")]
    [InlineData("SomethingNew", "undetermined")]
    public void Of_AReason_IsACause(string reason, string code) => Assert.Equal(code, WaitReasons.Of(Row(reason), [], 0)!.Code);

    [Fact]
    public void Of_NoReasonYet_IsNoCause() => Assert.Null(WaitReasons.Of(Row("None"), [], 0));

    [Fact]
    public void Of_ABeginTimeAfterAStart_IsTheWaitForTheNextAttempt() =>
        Assert.Equal("waits-to-start-again", WaitReasons.Of(Row("BeginTime"), [], 1)!.Code);

    private static QueueRow Row(string reason) => new("5", null, "PENDING", "cpu", null, null, null, "", reason, "a.b");
}

using Refrag.Diagnosis;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Fitting;
using Refrag.Scheduling.Queues;

namespace Refrag.Tests.Diagnosis;

/// <summary>Each reason that Batch gives for a blocked queue has an explanation of its own.</summary>
public sealed class BlockedReasonsTests
{
    private static readonly Situation s_situation = new()
    {
        QueueName = "cpu",
        DefinitionName = "app",
        Needs = new Requirement { Amount = default },
        Catalogue = InstanceCatalogue.Load(),
        Now = DateTimeOffset.UnixEpoch,
    };

    [Fact]
    public void Of_TheReasonOfEachCause_IsExplainedByItsOwnCode()
    {
        BlockedCause[] causes = Enum.GetValues<BlockedCause>();
        Assert.Distinct(causes.Select(cause => Assert.IsType<Cause>(BlockedReasons.Of(cause.Reason("m5.large"), s_situation)).Code));
        Assert.All(causes, cause => Assert.Equal(
            BlockedReasons.Of(cause.Reason("m5.large"), s_situation)!.Code, BlockedReasons.Of(cause.CanceledReason(), s_situation)?.Code));
    }

    [Fact]
    public void Of_AnyOtherReason_IsNotExplained() => Assert.Null(BlockedReasons.Of("Essential container in task exited", s_situation));
}

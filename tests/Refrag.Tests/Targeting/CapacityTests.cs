using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Submission;
using Refrag.Targeting;

namespace Refrag.Tests.Targeting;

/// <summary>Spot, on demand and priorities: which queue, and in words why.</summary>
public sealed class CapacityTests
{
    private static readonly JobSpec s_spec = Specs.Command() with
    {
        Capacity = new CapacityChoice
        {
            OnDemand = new("cpu-od", "gpu-od"),
            High = new("cpu-high", "gpu-high"),
            Low = new("cpu-low", "gpu-low"),
        },
    };

    [Theory]
    [InlineData(SpotUse.First, 0, "cpu-q", "gpus=0 asks for no GPU: CPU queue and definition")]
    [InlineData(SpotUse.Only, 1, "gpu-q", "gpus=1 asks for GPUs: GPU queue and definition")]
    [InlineData(SpotUse.Never, 1, "gpu-od", "gpus=1 asks for GPUs: GPU queue and definition; spot=never: the on-demand queue")]
    public void Choose_Spot_GoesToTheQueueOfItsKind(SpotUse spot, int gpus, string queue, string reason)
    {
        Target target = TargetChooser.Choose(s_spec with
        {
            Requirements = new(new Gpus(gpus), null, null),
            Capacity = s_spec.Capacity with { Spot = spot },
        });

        Assert.Equal((queue, reason), (target.Queue, target.Reason));
    }

    [Fact]
    public void Choose_SpotFirst_SaysWhatHappensThen()
    {
        JobSpec spec = s_spec with { Retries = 2, Capacity = s_spec.Capacity with { Spot = SpotUse.First } };
        Target target = TargetChooser.Choose(spec);

        Assert.Equal("spot=first: 3 attempts may lose the host on Spot, then on demand in cpu-od", target.Fallback);
        Assert.Equal("cpu-od", TargetChooser.OnDemand(spec, target).Queue);
        Assert.Null(TargetChooser.OnDemand(spec, target).Fallback);
    }

    [Theory]
    [InlineData(PriorityClass.High, 0, "cpu-high", "priority_class=high: the queue for it")]
    [InlineData(PriorityClass.Low, 2, "gpu-low", "priority_class=low: the queue for it")]
    [InlineData(PriorityClass.Normal, 2, "gpu-q", "priority_class=normal: the plain queue")]
    public void Choose_PriorityClass_GoesToTheQueueForIt(PriorityClass priority, int gpus, string queue, string reason)
    {
        Target target = TargetChooser.Choose(s_spec with
        {
            Requirements = new(new Gpus(gpus), null, null),
            Capacity = s_spec.Capacity with { Priority = priority },
        });

        Assert.Equal(queue, target.Queue);
        Assert.EndsWith(reason, target.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PriorityClass.High, 200)]
    [InlineData(PriorityClass.Normal, 100)]
    [InlineData(PriorityClass.Low, 0)]
    public void Plan_PriorityClassInAShare_IsASchedulingPriority(PriorityClass priority, int expected)
    {
        JobSpec spec = s_spec with { ShareIdentifier = "ann", Capacity = s_spec.Capacity with { Priority = priority } };
        Target target = TargetChooser.Choose(spec);
        LaunchPlan plan = LaunchPlanner.Plan(spec, target, new Submitter("ann", new SubmissionId("x"))).Value;

        Assert.Equal(("cpu-q", expected), (plan.Submit.JobQueue, plan.Submit.SchedulingPriorityOverride));
        Assert.EndsWith($"scheduling priority {expected} in share ann", target.Reason, StringComparison.Ordinal);
    }
}

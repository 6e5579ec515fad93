using Refrag.Targeting;

namespace Refrag.Tests.Targeting;

public sealed class TargetChooserTests
{
    [Theory]
    [InlineData(0, null, null, "cpu-q", "cpu-d")]
    [InlineData(1, null, null, "gpu-q", "gpu-d")]
    [InlineData(8, null, null, "gpu-q", "gpu-d")]
    [InlineData(0, "mine", null, "mine", "cpu-d")]
    [InlineData(2, null, "mine:3", "gpu-q", "mine:3")]
    [InlineData(2, "gpu-q", "gpu-d", "gpu-q", "gpu-d")]
    [InlineData(0, "gpu-q", null, "gpu-q", "cpu-d")]
    public void Choose_Gpus_GoesByKindUnlessNamed(
        int gpus, string? queue, string? definition, string expectedQueue, string expectedDefinition)
    {
        Target target = TargetChooser.Choose(Specs.Command() with
        {
            Requirements = new(new Gpus(gpus), null, null),
            Queues = new("cpu-q", "gpu-q", queue),
            Definitions = new("cpu-d", "gpu-d", definition),
        });

        Assert.Equal((expectedQueue, expectedDefinition), (target.Queue, target.Definition));
        Assert.NotEmpty(target.Reason);
    }

    [Theory]
    [InlineData(1, 0, null, "cpu-q", "cpu-d", "gpus=0 asks for no GPU: CPU queue and definition")]
    [InlineData(2, 8, null, "nodes-q", "nodes-d", "nodes=2 asks for hosts that work together: multi-node queue and definition")]
    [InlineData(2, 8, "mine", "mine", "nodes-d",
        "queue named by env.job_queue; nodes=2 asks for hosts that work together: multi-node definition")]
    public void Choose_SeveralNodes_GoToTheQueueForThem(
        int nodes, int gpus, string? manual, string queue, string definition, string reason)
    {
        Target target = TargetChooser.Choose(Specs.Command() with
        {
            Nodes = nodes,
            Requirements = new(new Gpus(gpus), null, null),
            Queues = new("cpu-q", "gpu-q", manual, "nodes-q"),
            Definitions = new("cpu-d", "gpu-d", null, "nodes-d"),
        });

        Assert.Equal((queue, definition, reason), (target.Queue, target.Definition, target.Reason));
    }

    [Fact]
    public void Choose_SeveralNodesAndOnlyAQueueForThem_TakesTheDefinitionByGpus()
    {
        Target target = TargetChooser.Choose(Specs.Command() with
        {
            Nodes = 2,
            Requirements = new(new Gpus(1), null, null),
            Queues = new("cpu-q", "gpu-q", null, "nodes-q"),
            Definitions = new("cpu-d", "gpu-d", null),
        });

        Assert.Equal(("nodes-q", "gpu-d"), (target.Queue, target.Definition));
        Assert.Contains("gpus=1 asks for GPUs: GPU definition", target.Reason, StringComparison.Ordinal);
    }
}

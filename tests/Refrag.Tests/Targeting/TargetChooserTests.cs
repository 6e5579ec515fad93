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
}

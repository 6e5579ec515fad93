using Refrag.Jobs;

namespace Refrag.Tests.Jobs;

public sealed class NamedTargetsTests
{
    [Fact]
    public void Contradictions_GpusWithCpuQueueAndDefinitionNamed_AreBothReported()
    {
        JobSpec spec = Specs.Command() with
        {
            Requirements = new(new Gpus(2), null, null),
            Queues = new("cpu-q", "gpu-q", "arn:aws:batch:us-east-1:123456789012:job-queue/cpu-q"),
            Definitions = new("cpu-d", "gpu-d", "cpu-d:7"),
        };

        Assert.Equal(["RF2010", "RF2010"], NamedTargets.Contradictions(spec).Select(p => p.Code));
    }

    [Fact]
    public void Contradictions_OneQueueForBothKinds_AreNone() => Assert.Empty(NamedTargets.Contradictions(
        Specs.Command() with { Requirements = new(new Gpus(2), null, null), Queues = new("all", "all", "all") }));
}

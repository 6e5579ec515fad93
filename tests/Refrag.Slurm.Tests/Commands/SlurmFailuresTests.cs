using Refrag.Slurm.Commands;

namespace Refrag.Slurm.Tests.Commands;

/// <summary>What sbatch 22.05.8 said.</summary>
public sealed class SlurmFailuresTests
{
    [Theory]
    [InlineData("sbatch: error: Batch job submission failed: Requested node configuration is not available", true, false)]
    [InlineData("sbatch: error: a first line\nsbatch: error: Batch job submission failed: Invalid partition name specified", true, false)]
    [InlineData("sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)", false, true)]
    [InlineData("sbatch: error: Batch job submission failed: Socket timed out on send/recv operation", false, false)]
    [InlineData("sbatch: error: Batch job submission failed: Zero Bytes were transmitted or received", false, false)]
    // These three come after the request was sent. (slurm_errno.c, _remap_slurmctld_errno)
    [InlineData("sbatch: error: Batch job submission failed: Unable to contact slurm controller (receive failure)", false, false)]
    [InlineData("sbatch: error: Batch job submission failed: Unable to contact slurm controller (send failure)", false, false)]
    [InlineData("sbatch: error: Batch job submission failed: Unable to contact slurm controller (shutdown failure)", false, false)]
    [InlineData("sbatch: error: Batch job submission failed: Unexpected message received", false, false)]
    [InlineData("", false, false)]
    public void Submission_ThatFailed_IsRefusedOrUnreachedOnlyWhereThatIsSure(string error, bool isRefused, bool isUnreached)
    {
        CommandAnswer answer = new(1, [], error);

        Assert.Equal((isRefused, isUnreached), (SlurmFailures.IsRefused(answer), SlurmFailures.IsUnreached(answer)));
    }

    [Fact]
    public void Submission_ThatWasCutOff_IsNeither()
    {
        CommandAnswer answer = new(1, [], "sbatch: error: Batch job submission failed: Invalid account", IsCutOff: true);

        Assert.False(SlurmFailures.IsRefused(answer) || SlurmFailures.IsUnreached(answer));
    }
}

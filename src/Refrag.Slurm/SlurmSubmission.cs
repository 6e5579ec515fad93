using Refrag.Aws.Batch;
using Refrag.Slurm.Scripts;

namespace Refrag.Slurm;

/// <summary>What a submission would give to sbatch.</summary>
/// <param name="Command">The command line, as a line of shell.</param>
/// <param name="Script">The script.</param>
public sealed record SlurmSubmission(string Command, string Script)
{
    /// <summary>The submission of a request. Jobs that it waits for are left out: the cluster alone knows their ids.</summary>
    /// <param name="request">The request, with the submission's id among its tags.</param>
    /// <param name="place">The cluster.</param>
    public static SlurmSubmission Of(SubmitJobRequest request, SlurmPlace place)
    {
        var job = SlurmJob.Of(request);
        return new SlurmSubmission(SbatchCommand.Line(SbatchCommand.Of(job, place, [])), JobScript.Of(job, place));
    }
}

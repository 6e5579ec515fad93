using Refrag.Aws.Batch;
using Refrag.Diagnosis;
using Refrag.Slurm;
using Refrag.Slurm.Explaining;

namespace Refrag.Cli.Commands.Diagnose;

/// <summary>What a Slurm cluster says of why a job waits or would not start, as a diagnosis.</summary>
internal static class SlurmDiagnosis
{
    /// <summary>The diagnosis; null if the job itself says more: it runs, or its program has failed.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="situation">The job, if there is one.</param>
    /// <param name="planned">The submission that is planned; null for a job.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Diagnosis.Diagnosis?> OfAsync(
        SlurmTransport cluster, Situation situation, SubmitJobRequest? planned, CancellationToken cancellationToken)
    {
        if (planned is not null) return Of(await cluster.CheckAsync(planned, cancellationToken), "Nothing is known that would keep it waiting");
        if (situation.Job is not { } job || await cluster.ExplainAsync(job, cancellationToken) is not { } causes) return null;
        return Of(causes, "Slurm has not evaluated it yet; ask again in some seconds");
    }

    private static Diagnosis.Diagnosis Of(IReadOnlyList<SlurmCause> causes, string without) => new(
        [.. causes.Select(cause => new Cause(
            cause.Code, cause.What, cause.IsCertain ? Confidence.Certain : Confidence.Possible,
            [.. cause.Evidence.Select(text => (Evidence)text)], [.. cause.Cures.Select(cure => new Cure(cure.Text, cure.Command))]))],
        causes is [{ } first, ..] ? first.What : without, []);
}

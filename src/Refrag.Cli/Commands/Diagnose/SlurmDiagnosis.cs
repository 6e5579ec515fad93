using Refrag.Aws.Batch;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Diagnosis;
using Refrag.Slurm.Explaining;

namespace Refrag.Cli.Commands.Diagnose;

/// <summary>What a Slurm cluster says of why a job waits or would not start, as a diagnosis.</summary>
internal static class SlurmDiagnosis
{
    /// <summary>Prints why a job waits or how Slurm ended it; null if no cluster is asked, or the job itself says more.</summary>
    public static async Task<int?> PrintAsync(QuerySession session, JobDetail job, CancellationToken cancellationToken) =>
        session.Slurm is { } cluster && await cluster.ExplainAsync(job, cancellationToken) is { } causes
            ? Print(session, job, causes, "Slurm has not evaluated it yet; ask again in some seconds")
            : null;

    /// <summary>Prints what would keep a submission waiting for good; null if no cluster is asked.</summary>
    public static async Task<int?> PrintAsync(QuerySession session, SubmitJobRequest planned, CancellationToken cancellationToken) =>
        session.Slurm is { } cluster
            ? Print(session, null, await cluster.CheckAsync(planned, cancellationToken), "Nothing is known that would keep it waiting")
            : null;

    private static int Print(QuerySession session, JobDetail? job, IReadOnlyList<SlurmCause> causes, string without)
    {
        Diagnosis.Diagnosis diagnosis = new([.. causes.Select(Of)], causes is [{ } first, ..] ? first.What : without, []);
        DiagnosisOutput.Print(session, job?.JobId, job?.Status, diagnosis);
        return diagnosis.IsHealthy ? ExitCodes.Success : ExitCodes.Trouble;
    }

    private static Cause Of(SlurmCause cause) => new(
        cause.Code, cause.What, cause.IsCertain ? Confidence.Certain : Confidence.Possible,
        [.. cause.Evidence.Select(text => (Evidence)text)], [.. cause.Cures.Select(cure => new Cure(cure.Text, cure.Command))]);
}

using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Slurm;
using Refrag.Slurm.Explaining;
using Refrag.Targeting;

namespace Refrag.Cli.Connections;

/// <summary>Refuses a job that its partition would take and never start.</summary>
/// <param name="cluster">The cluster.</param>
internal sealed class SlurmHostCheck(SlurmTransport cluster) : IHostCheck
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<Problem>> CheckAsync(
        JobSpec spec, LaunchPlan plan, CheckedTarget target, CancellationToken cancellationToken)
    {
        IReadOnlyList<SlurmCause> causes = await cluster.CheckAsync(plan.Sent, cancellationToken);
        return [.. causes.Select(cause => Misfit(spec, cause))];
    }

    private static Problem Misfit(JobSpec spec, SlurmCause cause) => new()
    {
        Code = "RF8218",
        What = cause.What,
        Cause = string.Join("; ", cause.Evidence),
        Cure = cause.Cures is [{ Command: { } command } cure, ..]
            ? $"{cure.Text}: {command}. Or send it anyway: --force."
            : "Ask for less, or name another partition: env.job_queue=NAME. Or send it anyway: --force.",
        Place = cause.Key is { } key ? spec.Places.Of(key) : null,
    };
}

using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Jobs;
using Refrag.Results;
using Refrag.Submission;
using Refrag.Targeting;

namespace Refrag.Launching;

/// <summary>Carries out a plan: checks the target, derives a definition where one is needed, and submits exactly once.</summary>
/// <param name="transport">Where to launch.</param>
/// <param name="time">The clock.</param>
/// <param name="progress">Gets what happens to the submission; null for none.</param>
public sealed class Launcher(IAwsTransport transport, TimeProvider time, IProgress<SubmissionEvent>? progress = null)
{
    /// <summary>Asks whether hosts of the target can run the job; null to send without asking.</summary>
    public IHostCheck? Hosts { get; init; }

    /// <summary>
    /// Asks Batch whether the targets of all jobs can take them, each target once. Everything that is wrong is reported; empty where
    /// nothing is.
    /// </summary>
    public async Task<IReadOnlyList<Problem>> CheckAsync(
        IEnumerable<(JobSpec Spec, LaunchPlan Plan)> jobs, CancellationToken cancellationToken)
    {
        List<Problem> problems = [];
        Dictionary<(string Queue, string Definition, int Nodes, DefinitionChanges Changes), Result<CheckedTarget>> targets = [];
        foreach ((JobSpec spec, LaunchPlan plan) in jobs)
        {
            (string, string, int, DefinitionChanges) key = (plan.Target.Queue, plan.Target.Definition, spec.Nodes, spec.Changes);
            if (!targets.TryGetValue(key, out Result<CheckedTarget>? target))
            {
                targets[key] = target = await TargetCheck.CheckAsync(transport, spec, plan.Target, cancellationToken);
                problems.AddRange(target.Problems.Except(problems));
            }
            if (!target.IsSuccess) continue;
            IReadOnlyList<Problem> wrong = DerivationCheck.Check(spec, plan, target.Value);
            if (wrong.Count == 0) wrong = await HostsAsync(spec, plan, target.Value, cancellationToken);
            problems.AddRange(wrong.Except(problems));
        }
        return problems;
    }

    /// <summary>
    /// Launches. Problems mean that nothing was submitted. Throws <see cref="AwsException"/> where Batch fails, and then nothing was
    /// submitted either.
    /// </summary>
    public Task<Result<Launched>> LaunchAsync(JobSpec spec, LaunchPlan plan, CancellationToken cancellationToken) =>
        LaunchAsync(spec, plan, sentAt: null, cancellationToken);

    /// <summary>
    /// The same for a launch that may have been carried out before, under the same submission id: it is looked for, and submitted only
    /// where it is not found.
    /// </summary>
    /// <param name="spec">The job.</param>
    /// <param name="plan">Its requests.</param>
    /// <param name="sentAt">When it was perhaps submitted; null if it surely was not.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Result<Launched>> LaunchAsync(
        JobSpec spec, LaunchPlan plan, DateTimeOffset? sentAt, CancellationToken cancellationToken)
    {
        // A bug: the job would run whatever its image or folder happens to hold.
        if (spec is { Code: not null, CodeReference: null }) throw new InvalidOperationException("The job's code was not archived.");
        Result<CheckedTarget> target = await TargetCheck.CheckAsync(transport, spec, plan.Target, cancellationToken);
        if (!target.IsSuccess) return Result<Launched>.Failure(target.Problems);
        // What was perhaps sent already is looked for, whatever the queue looks like now.
        if (sentAt is null && DerivationCheck.Check(spec, plan, target.Value) is { Count: > 0 } wrong)
            return Result<Launched>.Failure(wrong);
        if (sentAt is null && await HostsAsync(spec, plan, target.Value, cancellationToken) is { Count: > 0 } misfits)
            return Result<Launched>.Failure(misfits);
        if (sentAt is null && await DependencyCheck.CheckAsync(transport, spec, cancellationToken) is { Count: > 0 } movable)
            return Result<Launched>.Failure(movable);
        if (ResultStores.Prepare(spec.Results, spec.Places.Of("env.results")) is { } unusable) return unusable;

        SubmitJobRequest submit = WithPriority(plan.Submit, target.Value.Definition);
        if (plan.Derivation is { } derivation && derivation.IsAlready(target.Value.Definition))
        {
            submit = submit with { JobDefinition = derivation.Base };
        }
        else if (plan.Derivation is { } needed)
        {
            DefinitionRevision definition =
                await DefinitionRegistry.EnsureAsync(transport, needed.Derive(target.Value.Definition), cancellationToken);
            // This very revision: another launch may register a newer one of the same name meanwhile.
            submit = submit with { JobDefinition = $"{definition.Name}:{definition.Revision}" };
        }
        SubmissionOutcome outcome =
            await new JobSubmitter(transport, time, progress: progress)
            {
                Region = spec.Connection.Region,
                IsOfCluster = spec.Kind == EnvironmentKind.Slurm,
            }.SubmitAsync(submit, plan.Id, sentAt, cancellationToken);
        return outcome is SubmissionOutcome.NotSubmitted refused ? throw refused.Failure : new Launched(outcome, submit.JobDefinition);
    }

    private Task<IReadOnlyList<Problem>> HostsAsync(
        JobSpec spec, LaunchPlan plan, CheckedTarget target, CancellationToken cancellationToken) =>
        Hosts?.CheckAsync(spec, plan, target, cancellationToken) ?? Task.FromResult<IReadOnlyList<Problem>>([]);

    // A job of a share needs a priority, in its definition or its submission: AWS refuses it otherwise.
    private static SubmitJobRequest WithPriority(SubmitJobRequest submit, JobDefinition definition) =>
        submit.ShareIdentifier is null || submit.SchedulingPriorityOverride is not null || definition.SchedulingPriority is not null
            ? submit
            : submit with { SchedulingPriorityOverride = 0 };
}

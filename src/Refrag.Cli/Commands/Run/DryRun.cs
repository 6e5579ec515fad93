using System.Text.Json;
using Refrag.Aws.Batch;
using Refrag.Cli.Configuration;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.CommandTables;
using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Regions;
using Refrag.Slurm;
using Refrag.Slurm.Scripts;
using Refrag.Sweeps;

namespace Refrag.Cli.Commands.Run;

/// <summary><c>--dry-run</c>: the requests that would be sent, in their order.</summary>
internal static class DryRun
{
    /// <summary>One job, as an object.</summary>
    public static int Print(
        Terminal.Terminal terminal, PlannedJob job, string? fallback, string? moves, IReadOnlyList<RankedOffer> offers)
    {
        PlannedSubmission planned = Of(job.Spec, job.Plan, jobs: null, fallback);
        if (offers.Count > 0)
            planned = planned with
            {
                Region = job.Spec.Connection.Region,
                Failover = moves,
                Offers = [.. offers.Select(OfferLine.Of)],
            };
        terminal.Output(JsonOutput.Indented(planned, DryRunJson.Default.PlannedSubmission));
        return ExitCodes.Success;
    }

    /// <summary>A sweep's submissions, as a list of objects, each with the jobs of the sweep that it is.</summary>
    public static int Print(Terminal.Terminal terminal, IEnumerable<SweepLaunch> launches, bool isWatched)
    {
        IReadOnlyList<PlannedSubmission> all =
        [
            .. launches.Select(launch => Of(
                launch.Spec, launch.Plan, launch.Jobs, FallbackText.Of(launch.Spec, launch.Plan, isWatched, isSweep: true))),
        ];
        terminal.Output(JsonOutput.Indented(all, DryRunJson.Default.IReadOnlyListPlannedSubmission));
        return ExitCodes.Success;
    }

    private static PlannedSubmission Of(JobSpec spec, LaunchPlan plan, JobSet? jobs, string? fallback)
    {
        var submit = new PlannedRequest
        {
            Operation = BatchOperations.SubmitJob.Name,
            Request = JsonElement.Parse(BatchOperations.SubmitJob.Write(plan.Sent)),
            Slurm = ScriptOf(spec, plan),
        };
        return new PlannedSubmission
        {
            Jobs = jobs?.ToString(),
            Queue = plan.Target.Queue,
            Definition = plan.Target.Definition,
            Reason = plan.Target.Reason,
            Fallback = fallback,
            Requests = plan.Derivation is { } derivation ? [Of(derivation), submit] : [submit],
        };
    }

    private static PlannedScript? ScriptOf(JobSpec spec, LaunchPlan plan)
    {
        if (spec.Connection.Slurm is not { } cluster) return null;
        var submission = SlurmSubmission.Of(plan.Sent, new SlurmPlace(cluster.Host, cluster.Folder));
        return new PlannedScript { Command = submission.Command, Script = submission.Script };
    }

    // What the chosen definition says is not known without asking, so only what is changed is shown.
    private static PlannedRequest Of(DefinitionDerivation derivation) => new()
    {
        Operation = BatchOperations.RegisterJobDefinition.Name,
        DerivedFrom = derivation.Base,
        Unless = "an active revision with the same content exists",
        Changes = new PlannedChanges
        {
            JobDefinitionName = derivation.Name,
            Type = derivation.Nodes > 1 ? JobDefinitionType.Multinode : null,
            NumNodes = derivation.Nodes > 1 ? derivation.Nodes : null,
            Image = derivation.Changes.Image,
            JobRoleArn = derivation.Changes.JobRoleArn,
            ExecutionRoleArn = derivation.Changes.ExecutionRoleArn,
            LogGroup = derivation.Changes.LogGroup,
            EnableExecuteCommand = derivation.Changes.AllowsShell ? true : null,
            PlatformCapabilities = derivation.Changes.Container?.Platform is { } platform ? [platform] : null,
            ContainerProperties = derivation.Changes.Container?.Members(),
        },
    };
}

using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Catalogues;
using Refrag.Engine.Options;
using Refrag.Engine.Placement.Fleets;
using Refrag.Monitoring;
using Refrag.Scheduling.Environments;
using Refrag.Scheduling.Simulation;
using Refrag.WhatIf;

namespace Refrag.Cli.Connections;

/// <summary>The queues and environments that are deployed, as a world, read as the engine reads them.</summary>
internal static class DeployedWorld
{
    public const string Name = "deployed";

    /// <summary>Reads it; a problem where the region has no managed queue.</summary>
    /// <param name="session">Where.</param>
    /// <param name="batch">Batch, at the pace of the caller.</param>
    /// <param name="known">Instance types and prices.</param>
    /// <param name="scenario">What goes wrong in it.</param>
    /// <param name="isNow">
    /// Whether the workload is that of this moment. Any other finds the minimum of instances and not those that happen to be there.
    /// </param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<Result<World>> ReadAsync(
        QuerySession session, IAwsTransport batch, KnownCatalogue known, Scenario scenario, bool isNow,
        CancellationToken cancellationToken)
    {
        var reader = new QueueReader(batch);
        IReadOnlyList<JobQueueDetail> queues = await reader.QueuesAsync([], cancellationToken);
        IReadOnlyList<ComputeEnvironmentDetail> environments = await reader.EnvironmentsAsync([], cancellationToken);
        List<ComputeEnvironment> fleets = [.. environments
            .Select(one => ModelOf(one, known, session.Region))
            .Where(one => one.Kind is not ComputeEnvironmentKind.Unmanaged)
            .Select(one => isNow ? one : one with { DesiredVCpus = 0 })];
        HashSet<string> names = [.. fleets.Select(one => one.Name)];
        List<Scheduling.Queues.JobQueue> managed = [];
        foreach (JobQueueDetail queue in queues)
        {
            Scheduling.Queues.JobQueue model = FleetModel.Queue(queue, await PolicyAsync(batch, queue, cancellationToken));
            if (model.Environments.All(names.Contains)) managed.Add(model);
        }
        if (managed.Count == 0)
        {
            return new Problem
            {
                Code = "RF8160",
                What = $"{session.Region} has no queue whose compute environments are all managed, so there is no world to simulate",
                Cure = "Deploy one with `refrag infra apply`, or describe a world in a file: --world=world.yaml.",
            };
        }
        return new World
        {
            Name = Name,
            Environments = fleets,
            Queues = managed,
            Scenario = scenario,
            Types = known.Types,
            Prices = known.Prices,
        };
    }

    /// <summary>A compute environment as the engine reads it.</summary>
    public static ComputeEnvironment ModelOf(ComputeEnvironmentDetail environment, KnownCatalogue known, string region)
    {
        var options = new FleetOptions
        {
            CatalogueSource = () => known.Types,
            PriceSource = () => known.Prices,
            IsExcluded = known.ExcludedIn(region),
        };
        return FleetModel.Environment(environment, options, region, hasRoleFault: false);
    }

    private static async Task<FairsharePolicy?> PolicyAsync(
        IAwsTransport batch, JobQueueDetail queue, CancellationToken cancellationToken)
    {
        if (queue.SchedulingPolicyArn is not { Length: > 0 } arn) return null;
        DescribeSchedulingPoliciesResponse answer = await batch.SendAsync(
            BatchOperations.DescribeSchedulingPolicies, new DescribeSchedulingPoliciesRequest { Arns = [arn] }, cancellationToken);
        return answer.SchedulingPolicies is [{ } policy, ..] ? policy.FairsharePolicy : null;
    }
}

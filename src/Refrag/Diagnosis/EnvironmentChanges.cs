using System.Globalization;
using System.Text.Json;
using Refrag.Aws.Batch;
using Refrag.Monitoring;

namespace Refrag.Diagnosis;

/// <summary>Changes of compute environments as commands that Batch takes, each with the situation after it.</summary>
internal static class EnvironmentChanges
{
    // UG service_limits: compute environments of a queue.
    private const int MostOfQueue = 3;
    private const string LinkedRole = "/AWSServiceRoleForBatch";

    /// <summary>The situation with one environment changed.</summary>
    public static Situation With(Situation s, string name, ComputeEnvironmentDetail detail) =>
        s with { Environments = [.. s.Environments.Select(e => e.Name == name ? e with { Detail = detail } : e)] };

    /// <summary>Enables an environment.</summary>
    public static Cure Enable(string name, ComputeEnvironmentDetail detail) =>
        new("Enable it", $"aws batch update-compute-environment --compute-environment {name} --state ENABLED")
        {
            Changed = s => With(s, name, detail with { State = CEState.Enabled }),
        };

    /// <summary>Raises the maximum of an environment, which every one takes.</summary>
    public static Cure Raise(string text, string name, ComputeEnvironmentDetail detail, int most) => new(text,
        string.Create(CultureInfo.InvariantCulture,
            $"aws batch update-compute-environment --compute-environment {name} --compute-resources maxvCpus={most}"))
    {
        Changed = s => With(s, name, detail with { ComputeResources = detail.ComputeResources! with { MaxvCpus = most } }),
    };

    /// <summary>Lets an environment have one more instance type, or its queue another environment where it takes no such change.</summary>
    public static Cure AddType(Situation s, QueueEnvironment environment, string type)
    {
        ComputeEnvironmentDetail detail = environment.Detail!;
        ComputeResource resources = detail.ComputeResources!;
        ComputeResource changed = resources with { InstanceTypes = [.. resources.InstanceTypes ?? [], type] };
        if (!TakesInfrastructureUpdates(detail)) return Another(s, environment, changed, type);
        return new Cure($"Add {type} to the instance types of {environment.Name}",
            $"aws batch update-compute-environment --compute-environment {environment.Name} --compute-resources "
                + $"instanceTypes={string.Join(",", changed.InstanceTypes)}")
        {
            Changed = c => With(c, environment.Name, detail with { ComputeResources = changed }),
        };
    }

    /// <summary>
    /// Whether types, image and network of an environment can be changed: not with BEST_FIT, nor with a service role of the user's own. (UG
    /// updating-compute-environments)
    /// </summary>
    public static bool TakesInfrastructureUpdates(ComputeEnvironmentDetail detail) =>
        detail.ComputeResources?.AllocationStrategy is not (null or CRAllocationStrategy.BestFit)
        && (string.IsNullOrEmpty(detail.ServiceRole) || detail.ServiceRole.EndsWith(LinkedRole, StringComparison.Ordinal));

    // The queue must wait until the new environment is VALID: AWS answers the first call while it is CREATING.
    private static Cure Another(Situation s, QueueEnvironment environment, ComputeResource resources, string type)
    {
        bool isBestFit = environment.Detail!.ComputeResources?.AllocationStrategy is null or CRAllocationStrategy.BestFit;
        string why = isBestFit ? CRAllocationStrategy.BestFit : "a service role of its own";
        string text = $"Make another environment that has {type} too, and once it is VALID put it into the queue: with {why}, "
            + $"{environment.Name} takes no other types";
        if (environment.Detail.EksConfiguration is not null || s.Queue is null) return new Cure(text);
        string name = Unused(s, environment.Name);
        ComputeResource made = resources with
        {
            AllocationStrategy = resources.Type == CRType.Spot
                ? CRAllocationStrategy.SpotPriceCapacityOptimized
                : CRAllocationStrategy.BestFitProgressive,
            DesiredvCpus = null,
            MinvCpus = 0,
            SpotIamFleetRole = null,
        };
        string[] order = Order(s, environment.Name, name);
        string json = JsonSerializer.Serialize(made, BatchJson.Options.GetTypeInfo(typeof(ComputeResource)));
        return new Cure(text,
            $"aws batch create-compute-environment --compute-environment-name {name} --type MANAGED --compute-resources "
                + $"{ShellWord.Quote(json)} && until aws batch describe-compute-environments --compute-environments {name} "
                + "--query 'computeEnvironments[0].status' --output text | grep -qx VALID; do sleep 5; done "
                + $"&& aws batch update-job-queue --job-queue {s.QueueName} --compute-environment-order "
                + string.Join(' ', order.Select((one, at) =>
                    string.Create(CultureInfo.InvariantCulture, $"order={at + 1},computeEnvironment={one}"))))
        {
            Changed = c => c with { Environments = [.. order.Select((one, at) => Placed(c, one, at + 1, name, environment, made))] },
        };
    }

    private static string Unused(Situation s, string name)
    {
        for (int number = 2; ; number++)
        {
            string next = string.Create(CultureInfo.InvariantCulture, $"{name}-{number}");
            if (s.Environments.All(e => e.Name != next)) return next;
        }
    }

    // A full queue has the new environment in the place of the old one.
    private static string[] Order(Situation s, string old, string name)
    {
        string[] names = [.. s.Environments.Select(e => e.Name)];
        return names.Length < MostOfQueue ? [.. names, name] : [.. names.Select(one => one == old ? name : one)];
    }

    private static QueueEnvironment Placed(
        Situation s, string name, int order, string added, QueueEnvironment old, ComputeResource resources) => name == added
        ? new QueueEnvironment(name, order, old.Detail! with
        {
            ComputeEnvironmentName = name,
            State = CEState.Enabled,
            Status = CEStatus.Valid,
            StatusReason = null,
            ServiceRole = null,
            ComputeResources = resources,
        })
        : s.Environments.First(e => e.Name == name) with { Order = order };
}

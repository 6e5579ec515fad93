using System.Globalization;
using Refrag.Aws.Batch;

namespace Refrag.Engine.Jobs.Plans;

/// <summary>Plans pods, which cannot run on this machine: they are checked and simulated.</summary>
internal static class EksPlanner
{
    /// <summary>Why jobs of a definition are simulated; null if they run.</summary>
    public static string? Simulated(JobDefinition definition)
    {
        IReadOnlyList<NodeRangeProperty> ranges = definition.NodeProperties?.NodeRangeProperties ?? [];
        return definition.EksProperties is not null || ranges.Any(range => range.EksProperties is not null)
            ? "there is no Kubernetes here"
            : null;
    }

    /// <summary>A node that runs nothing.</summary>
    public static NodePlan Node(IReadOnlyList<KeyValuePair> environment, Demand demand) => new()
    {
        Command = [],
        Environment = environment,
        Demand = demand,
        Requirements = [],
        Container = s_none,
    };

    /// <summary>One pod.</summary>
    public static NodePlan Plan(
        EksProperties properties, EksPropertiesOverride? above, IReadOnlyDictionary<string, string> parameters, Action<string> wrong)
    {
        IReadOnlyList<EksContainer> containers = properties.PodProperties?.Containers ?? [];
        if (containers.Count == 0) wrong("eksProperties.podProperties.containers is empty. Give at least one container");
        EksContainerOverride? first = above?.PodProperties?.Containers is [var given, ..] ? given : null;
        List<KeyValuePair> environment =
            [.. containers.Take(1)
                .SelectMany(one => one.Env ?? [])
                .Concat(first?.Env ?? [])
                .GroupBy(one => one.Name).Select(one => new KeyValuePair { Name = one.Key, Value = one.Last().Value })];
        NodePlan node = Node(environment, containers.Aggregate(default(Demand), (sum, one) => sum + Demand(one.Resources, wrong)));
        return node with
        {
            Command = Placeholders.Fill(first?.Command ?? (containers is [{ Command: { } command }, ..] ? command : []), parameters),
        };
    }

    private static readonly ContainerProperties s_none = new();

    private static Demand Demand(EksContainerResourceRequirements? resources, Action<string> wrong)
    {
        string? Text(string name) => resources?.Limits?.GetValueOrDefault(name) ?? resources?.Requests?.GetValueOrDefault(name);
        return new Demand(
            new VCpus(Number(Text("cpu"), "", ResourceType.Vcpu, wrong)),
            new MebiBytes((long)Number(Text("memory"), "Mi", ResourceType.Memory, wrong)),
            new Gpus((int)Number(Text("nvidia.com/gpu"), "", ResourceType.Gpu, wrong)));
    }

    // Memory is written in whole MiB, as 2048Mi. (API EksContainerResourceRequirements)
    private static decimal Number(string? text, string unit, string type, Action<string> wrong)
    {
        if (text is null) return 0;
        string digits = text.EndsWith(unit, StringComparison.Ordinal) ? text[..^unit.Length] : "";
        if (decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)
            && number <= RequirementRules.Most(type)) return number;
        wrong($"\"{text}\" is not an amount that a pod can ask for. Write a number of at most "
            + $"{RequirementRules.Most(type)}{(unit.Length > 0 ? $" followed by {unit}" : "")}");
        return 0;
    }
}

using System.Globalization;
using Refrag.Aws.Ecs;
using Refrag.Engine.Jobs;
using Refrag.Scheduling;

namespace Refrag.Engine.Operations.Jobs;

/// <summary>
/// The resources of a host in ECS's words: what was there when it registered, or what no task has. (ECS API ContainerInstance and Resource)
/// </summary>
internal static class HostResources
{
    private const int UnitsOfAVCpu = 1024;

    // Ports are the reserved ones, and tasks of Batch reserve no more. (ECS API ContainerInstance; the example of the AWS CLI's
    // describe-container-instances, and answers in public, which have the agent's second port too)
    private static readonly string[] s_ports = ["22", "2376", "2375", "51678", "51679"];

    /// <summary>The resources of a host.</summary>
    /// <param name="host">The host.</param>
    /// <param name="capacity">What tasks can have of it, all together.</param>
    /// <param name="used">What tasks have of it.</param>
    public static IReadOnlyList<Resource> Of(FleetInstance host, Amount capacity, Amount used)
    {
        Amount left = capacity - used;
        List<Resource> resources =
        [
            Number("CPU", left.MilliVCpus * UnitsOfAVCpu / 1000L), Number("MEMORY", left.MemoryMiB), Set("PORTS", s_ports),
            Set("PORTS_UDP", []),
        ];
        if (capacity.Gpus > 0) resources.Add(Set("GPU", [.. Gpus(host, capacity.Gpus).Skip(used.Gpus)]));
        return resources;
    }

    // Made up like the instance itself; the same whenever it is asked.
    private static IEnumerable<string> Gpus(FleetInstance host, int count) => Enumerable.Range(0, count)
        .Select(index => string.Create(CultureInfo.InvariantCulture, $"GPU-{host.Number:x8}-0000-0000-0000-{index:x12}"));

    private static Resource Number(string name, long value) =>
        new() { Name = name, Type = "INTEGER", DoubleValue = 0, LongValue = 0, IntegerValue = checked((int)value) };

    private static Resource Set(string name, IReadOnlyList<string> values) =>
        new() { Name = name, Type = "STRINGSET", DoubleValue = 0, LongValue = 0, IntegerValue = 0, StringSetValue = values };
}

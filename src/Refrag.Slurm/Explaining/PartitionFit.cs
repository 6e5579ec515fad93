using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Slurm.Reading;
using Refrag.Slurm.Scripts;

namespace Refrag.Slurm.Explaining;

/// <summary>
/// What of a job a partition can never start. By default Slurm takes such jobs and lets them wait without an end, and <c>sbatch
/// --test-only</c> names a start for some of them. Pure.
/// </summary>
internal static class PartitionFit
{
    public static IReadOnlyList<SlurmCause> Check(SlurmJob job, Partition partition, IReadOnlyList<Node> all, int? mostOfArray)
    {
        Node[] nodes = [.. all.Where(node => node.Partitions.Contains(partition.Name, StringComparer.Ordinal))];
        List<SlurmCause> causes = [];
        if (job.ArraySize is { } size && mostOfArray is { } most && size > most)
            causes.Add(new SlurmCause("array-too-large", Text($"An array of {size} is larger than the {most} that this cluster takes"),
                true,
                [Text($"MaxArraySize {most}")],
                    [("Make it smaller, or several arrays", Text($"env.array_size={most}"))])
            { Key = "env.array_size" });
        if (job.Minutes is { } minutes && partition.MostTime is { } longest && minutes > longest.TotalMinutes)
            causes.Add(new SlurmCause("time-limit-too-long",
                $"Its time limit is longer than partition {partition.Name} allows, and Slurm would let it wait without an end", true,
                [Text($"timeout {minutes} min, MaxTime {longest.TotalMinutes:0} min")],
                [("Ask for no more", Text($"env.timeout={longest.TotalMinutes:0}m"))])
            { Key = "env.timeout" });
        int largest = Math.Min(partition.MostNodes ?? int.MaxValue, partition.Nodes);
        if (job.Nodes > largest)
            causes.Add(new SlurmCause("too-many-nodes", $"It asks for more nodes than partition {partition.Name} gives one job", true,
                [Text($"nodes {job.Nodes}, the partition {largest}")],
                    [("Ask for fewer", Text($"env.nodes={largest}"))])
            { Key = "env.nodes" });
        Add("too-many-vcpus", "CPUs", "vcpus", Number(ResourceType.Vcpu), node => node.Cpus);
        Add("too-much-memory", "MiB of memory", "memory", Number(ResourceType.Memory), node => node.MemoryMiB);
        Add("too-many-gpus", "GPUs", "gpus", Number(ResourceType.Gpu), node => node.Gpus);
        if (causes.Count == 0 && nodes.Length > 0 && !nodes.Any(Fits))
            causes.Add(new SlurmCause("no-node-has-all", $"No node of partition {partition.Name} has all that it asks for at once", true,
                [.. nodes.Take(5).Select(node => Text($"{node.Name}: {node.Cpus} CPUs, {node.MemoryMiB} MiB, {node.Gpus} GPUs"))], []));
        return causes;

        long Number(string type) =>
            long.TryParse(job.Resource(type), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0;

        bool Fits(Node node) => node.Cpus >= Number(ResourceType.Vcpu) && node.MemoryMiB >= Number(ResourceType.Memory)
            && node.Gpus >= Number(ResourceType.Gpu);

        void Add(string code, string what, string key, long wanted, Func<Node, long> has)
        {
            long best = nodes.Length == 0 ? 0 : nodes.Max(has);
            if (nodes.Length == 0 || wanted <= best) return;
            causes.Add(new SlurmCause(code, $"No node of partition {partition.Name} has as many {what} as it asks for", true,
                [Text($"{key} {wanted}, the largest node {best}")],
                [(best > 0 ? "Ask for no more" : "Name another partition",
                    best > 0 ? Text($"env.{key}={best}") : "env.job_queue=PARTITION")])
            {
                Key = $"env.{key}",
            });
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

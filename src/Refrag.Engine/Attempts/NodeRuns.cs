using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Jobs.Plans;
using Refrag.Engine.Jobs.Tasks;
using Refrag.Engine.Logs;
using Refrag.Engine.Placement;

namespace Refrag.Engine.Attempts;

/// <summary>Makes the records of an attempt that starts.</summary>
internal static class NodeRuns
{
    // CloudWatch stream names hold 512 characters; Batch cuts the definition's name.
    private const int LongestNameInStream = 200;

    /// <summary>One record a node, with its share of the GPUs.</summary>
    /// <param name="job">The job.</param>
    /// <param name="placed">Its place.</param>
    /// <param name="runsTasks">Whether the containers of a task are run one by one.</param>
    public static IEnumerable<NodeRun> Of(Job job, Placed placed, bool runsTasks)
    {
        IReadOnlyList<string> gpus = placed.Gpus;
        int used = 0;
        for (int node = 0; node < job.Plan.Nodes.Count; node++)
        {
            NodePlan plan = job.Plan.Nodes[node];
            int wanted = Math.Min(plan.Demand.Gpus.Value, gpus.Count - used);
            NodeRun run = New(job, plan.Container) with
            {
                Gpus = wanted > 0 ? [.. gpus.Skip(used).Take(wanted)] : null,
                Instance = placed.Instances.ElementAtOrDefault(node),
            };
            yield return runsTasks ? WithContainers(job, node, run) : run;
            used += wanted;
        }
    }

    /// <summary>The record of a node whose containers are to be run one by one, where it has several.</summary>
    public static NodeRun WithContainers(Job job, int node, NodeRun run)
    {
        IReadOnlyList<TaskContainer> containers = job.Plan.Nodes[node].Containers;
        if (containers.Count == 0) return run;
        List<ContainerRun> runs =
            [.. containers.Select(one => new ContainerRun { LogStream = Stream(job, one.Name, run.TaskId, one.Plan.Container) })];
        // Until the end of a container decides, the node's log is that of the first essential container.
        return run with
        {
            Containers = runs,
            LogStream = runs[Math.Max(0, containers.ToList().FindIndex(one => one.IsEssential))].LogStream,
        };
    }

    private static NodeRun New(Job job, ContainerProperties container)
    {
        string task = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
        return new NodeRun { TaskId = task, LogStream = Stream(job, "default", task, container) };
    }

    // PREFIX/CONTAINER/TASK. (UG using_awslogs)
    private static string Stream(Job job, string container, string task, ContainerProperties properties)
    {
        string name = job.Plan.Service is null ? job.Plan.Definition.JobDefinitionName : job.Plan.Name;
        return $"{Cut(AwslogsOptions.Prefix(properties.LogConfiguration) ?? name)}/{Cut(container)}/{task}";
    }

    private static string Cut(string name) => name[..Math.Min(name.Length, LongestNameInStream)];
}

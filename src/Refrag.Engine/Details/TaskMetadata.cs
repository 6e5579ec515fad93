using System.Globalization;
using System.Text.Json.Nodes;
using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Jobs.Plans;
using Refrag.Engine.Jobs.Tasks;
using Refrag.Engine.Logs;

namespace Refrag.Engine.Details;

/// <summary>
/// What the task metadata endpoint of ECS says of a container that runs and of its task, as far as it is known here: networks, image ids
/// and statistics are not. (ECS developer guide, task-metadata-endpoint-v4-response)
/// </summary>
internal static class TaskMetadata
{
    // ECS's word for it is Batch's.
    private const string Running = JobStatus.Running;
    private const string Cluster = "refrag-local";
    private const int UnitsPerVCpu = 1024;

    /// <summary>The document of the container whose run has a key, or of the task that it belongs to; null if the job has none.</summary>
    /// <param name="job">A job that starts or runs.</param>
    /// <param name="key">The key.</param>
    /// <param name="isWhole">Whether the task is asked for.</param>
    public static string? Find(Job job, string key, bool isWhole)
    {
        for (int node = 0; node < job.Nodes.Count; node++)
        {
            if (!job.Nodes[node].Keys.Contains(key)) continue;
            List<(string Key, JsonObject Container)> all = [.. Containers(job, node)];
            return (isWhole ? Task(job, node, all.Select(one => one.Container)) : all.Find(one => one.Key == key).Container)
                ?.ToJsonString();
        }
        return null;
    }

    private static JsonObject Task(Job job, int node, IEnumerable<JsonObject> containers) => new()
    {
        ["Cluster"] = Cluster,
        ["TaskARN"] = JobArn.Task(job, job.Nodes[node]),
        ["Family"] = job.Plan.Definition.JobDefinitionName,
        ["Revision"] = Revision(job),
        ["DesiredStatus"] = Running,
        ["KnownStatus"] = Running,
        ["Limits"] = Limits(job.Plan.Nodes[node].Demand),
        ["LaunchType"] = TaskVariables.Platform(job.Plan.Definition),
        ["Containers"] = new JsonArray([.. containers]),
    };

    private static IEnumerable<(string Key, JsonObject Container)> Containers(Job job, int node)
    {
        NodeRun run = job.Nodes[node];
        if (run.Containers is not { } runs)
        {
            yield return (run.TaskId, Container(job, run, run.TaskId, "default", job.Plan.Nodes[node], run.LogStream, run.StartedAt));
            yield break;
        }
        IReadOnlyList<TaskContainer> planned = TaskContainer.Of(job, node);
        for (int at = 0; at < runs.Count; at++)
        {
            string key = ContainerRun.Key(run.TaskId, at);
            yield return (key, Container(job, run, key, planned[at].Name, planned[at].Plan, runs[at].LogStream, runs[at].StartedAt));
        }
    }

    private static JsonObject Container(
        Job job, NodeRun run, string key, string name, NodePlan plan, string stream, long? startedAt)
    {
        var document = new JsonObject
        {
            ["DockerId"] = key,
            ["Name"] = name,
            ["DockerName"] = key,
            ["Image"] = plan.Container.Image,
            ["Labels"] = new JsonObject
            {
                ["com.amazonaws.ecs.cluster"] = Cluster,
                ["com.amazonaws.ecs.container-name"] = name,
                ["com.amazonaws.ecs.task-arn"] = JobArn.Task(job, run),
                ["com.amazonaws.ecs.task-definition-family"] = job.Plan.Definition.JobDefinitionName,
                ["com.amazonaws.ecs.task-definition-version"] = Revision(job),
            },
            ["DesiredStatus"] = Running,
            ["KnownStatus"] = Running,
            ["Limits"] = Limits(plan.Demand),
            ["Type"] = "NORMAL",
            ["LogDriver"] = LogDriver.Awslogs,
            ["LogOptions"] = new JsonObject
            {
                ["awslogs-group"] = AwslogsOptions.Group(plan.Container.LogConfiguration),
                ["awslogs-region"] = job.Plan.Arns.Region,
                ["awslogs-stream"] = stream,
            },
        };
        // A program may ask before its start is noted.
        if (startedAt is { } at)
            document["StartedAt"] =
                DateTimeOffset.FromUnixTimeMilliseconds(at).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        return document;
    }

    private static string Revision(Job job) => (job.Plan.Definition.Revision ?? 0).ToString(CultureInfo.InvariantCulture);

    private static JsonObject Limits(Demand demand) => new()
    {
        ["CPU"] = (double)(demand.VCpus.Value * UnitsPerVCpu),
        ["Memory"] = demand.Memory.Value,
    };
}

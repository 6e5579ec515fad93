using Refrag.Aws.Ecs;
using Refrag.Engine.Names;
using Refrag.Engine.State;

namespace Refrag.Engine.Operations.Jobs;

/// <summary>
/// ECS's ListTasks over the attempts that run: how a client sees, on AWS too, whether a compute environment still has jobs.
/// </summary>
internal static class TaskQueries
{
    /// <summary>The tasks in an environment's cluster, one for each node of each attempt that is starting or running.</summary>
    public static ListTasksResponse List(EngineState state, ListTasksRequest request)
    {
        if (Unknown(request) is { } member)
            throw new Refusal(
                $"{member} is not known to the embedded engine. Ask by cluster and desiredStatus.", EcsException.InvalidParameter);
        string cluster = request.Cluster ?? "default";
        ClusterQueries.CheckStatus("desiredStatus", request.DesiredStatus, DesiredStatus.All);
        string environment = ClusterQueries.EnvironmentOf(state, cluster);
        bool isRunning = request.DesiredStatus is null or DesiredStatus.Running;
        IEnumerable<string> tasks = isRunning ? Running(state, environment).Order(StringComparer.Ordinal) : [];
        var (page, next) = ClusterQueries.PageOf(
            tasks, $"ListTasks {cluster} {request.DesiredStatus}", request.NextToken, request.MaxResults);
        return new ListTasksResponse { TaskArns = page, NextToken = next };
    }

    private static IEnumerable<string> Running(EngineState state, string environment) => state.Placed.Select(id => state.Jobs[id])
        .Where(job => job.ComputeEnvironment == environment)
        .SelectMany(job => job.Nodes).Where(node => !node.HasEnded).Select(node => state.Arns.Task(node.TaskId));

    // Filters of services and hosts, which Batch's tasks do not have here; an answer that left them out would be wrong.
    private static string? Unknown(ListTasksRequest request) => request switch
    {
        { ContainerInstance: not null } => "containerInstance",
        { Family: not null } => "family",
        { StartedBy: not null } => "startedBy",
        { ServiceName: not null } => "serviceName",
        { LaunchType: not null } => "launchType",
        { DaemonName: not null } => "daemonName",
        _ => null,
    };
}

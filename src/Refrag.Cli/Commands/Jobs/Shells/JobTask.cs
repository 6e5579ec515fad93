using Refrag.Aws.Batch;

namespace Refrag.Cli.Commands.Jobs.Shells;

/// <summary>The task of Amazon ECS that a running job of one container is.</summary>
/// <param name="Arn">Its ARN.</param>
/// <param name="IsOpen">Whether its definition allows ECS Exec.</param>
/// <param name="Container">The name of its container.</param>
internal sealed record JobTask(string Arn, bool IsOpen, string Container)
{
    // The name of the container in a task that Batch makes of container properties, as log streams show it. (UG using_awslogs)
    private const string UsualContainer = "default";

    /// <summary>The task; null if the job has none, or several containers.</summary>
    public static JobTask? Of(JobDetail job) => job switch
    {
        { EcsProperties.TaskProperties: [{ TaskArn: { } arn, Containers: [{ } container] } task] } =>
            new JobTask(arn, task.EnableExecuteCommand == true, container.Name ?? UsualContainer),
        { Container: { TaskArn: { } arn } container } =>
            new JobTask(arn, container.EnableExecuteCommand == true, ContainerOf(container.LogStreamName)),
        _ => null,
    };

    // PREFIX/CONTAINER/TASK, and the prefix may have slashes.
    private static string ContainerOf(string? stream) =>
        stream?.Split('/') is { Length: > 2 } parts ? parts[^2] : UsualContainer;
}

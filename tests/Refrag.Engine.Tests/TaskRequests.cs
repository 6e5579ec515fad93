using Refrag.Aws.Batch;

namespace Refrag.Engine.Tests;

/// <summary>Definitions of tasks of several containers.</summary>
internal static class TaskRequests
{
    /// <summary>A container: name, command, what it waits for.</summary>
    public static TaskContainerProperties Container(
        string name, IReadOnlyList<string> command, bool essential = true, params (string Name, string Condition)[] dependsOn) => new()
        {
            Name = name,
            Image = "none",
            Command = command,
            Essential = essential,
            DependsOn = [.. dependsOn.Select(one => new TaskContainerDependency { ContainerName = one.Name, Condition = one.Condition })],
            ResourceRequirements = [new() { Type = "VCPU", Value = "0.25" }, new() { Type = "MEMORY", Value = "32" }],
        };

    public static RegisterJobDefinitionRequest Definition(params TaskContainerProperties[] containers) => new()
    {
        JobDefinitionName = "task",
        Type = "container",
        EcsProperties = Properties(containers),
    };

    public static EcsProperties Properties(params TaskContainerProperties[] containers) =>
        new() { TaskProperties = [new EcsTaskProperties { Containers = containers }] };

    public static SubmitJobRequest Job { get; } = new() { JobName = "job", JobQueue = "refrag-cpu-job-queue", JobDefinition = "task" };

    /// <summary>The containers as DescribeJobs shows them.</summary>
    public static IReadOnlyList<TaskContainerDetails> Containers(this JobDetail job) => job.EcsProperties!.TaskProperties![0].Containers!;
}

using System.Globalization;
using Refrag.Aws.Batch;

namespace Refrag.Infrastructure;

/// <summary>One thing that was looked at.</summary>
/// <param name="Subject">What, such as <c>queue refrag-cpu-job-queue</c>.</param>
/// <param name="Problem">What is wrong with it; null where nothing is.</param>
public sealed record VerifiedThing(string Subject, Problem? Problem)
{
    /// <summary>Whether nothing is wrong.</summary>
    public bool IsGood => Problem is null;
}

/// <summary>Asks Batch whether what the outputs name is there and usable.</summary>
public static class StackVerification
{
    /// <summary>Looks at every queue, environment and definition, and at whether each default definition fits some listed type. RF6020–RF6024.</summary>
    /// <param name="batch">Asked.</param>
    /// <param name="outputs">What should be there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<IReadOnlyList<VerifiedThing>> VerifyAsync(IBatchTransport batch, StackOutputs outputs, CancellationToken cancellationToken)
    {
        var things = new List<VerifiedThing>();
        if (outputs.Queues.Count > 0)
        {
            DescribeJobQueuesResponse queues = await batch.SendAsync(BatchOperations.DescribeJobQueues, new() { JobQueues = outputs.Queues }, cancellationToken);
            things.AddRange(outputs.Queues.Select(name => Queue(name, (queues.JobQueues ?? []).FirstOrDefault(q => q.JobQueueName == name))));
        }
        if (outputs.ComputeEnvironments.Count > 0)
        {
            DescribeComputeEnvironmentsResponse environments = await batch.SendAsync(
                BatchOperations.DescribeComputeEnvironments, new() { ComputeEnvironments = outputs.ComputeEnvironments }, cancellationToken);
            things.AddRange(outputs.ComputeEnvironments.Select(name =>
                Environment(name, (environments.ComputeEnvironments ?? []).FirstOrDefault(e => e.ComputeEnvironmentName == name))));
        }
        foreach (string name in outputs.Definitions) things.Add(await DefinitionAsync(batch, name, cancellationToken));
        if (outputs.CpuJobDefinition is { } cpu) things.Add(Fit(cpu, "batch_cpu_instance_types", outputs.CpuTypesThatFit));
        if (outputs.GpuJobDefinition is { } gpu) things.Add(Fit(gpu, "batch_gpu_instance_types", outputs.GpuTypesThatFit));
        return things;
    }

    private static VerifiedThing Queue(string name, JobQueueDetail? queue) => new($"queue {name}", queue switch
    {
        null => Missing("job queue", name),
        { State: not JQState.Enabled } => Disabled("job queue", name, queue.State),
        { Status: not (null or JQStatus.Valid) } => Invalid("job queue", name, queue.Status, queue.StatusReason),
        _ => null,
    });

    private static VerifiedThing Environment(string name, ComputeEnvironmentDetail? environment) => new($"environment {name}", environment switch
    {
        null => Missing("compute environment", name),
        { State: not CEState.Enabled } => Disabled("compute environment", name, environment.State),
        { Status: not (null or CEStatus.Valid) } => Invalid("compute environment", name, environment.Status, environment.StatusReason),
        _ => null,
    });

    private static async Task<VerifiedThing> DefinitionAsync(IBatchTransport batch, string name, CancellationToken cancellationToken)
    {
        DescribeJobDefinitionsResponse answer = await batch.SendAsync(
            BatchOperations.DescribeJobDefinitions, new() { JobDefinitionName = name, Status = "ACTIVE" }, cancellationToken);
        return new VerifiedThing($"definition {name}", answer.JobDefinitions is { Count: > 0 } ? null : Missing("active job definition", name));
    }

    private static VerifiedThing Fit(string definition, string variable, IReadOnlyList<string> types) => new(
        string.Create(CultureInfo.InvariantCulture, $"fit of {definition}: {(types.Count > 0 ? string.Join(", ", types) : "none")}"),
        types.Count > 0 ? null : new Problem
        {
            Code = "RF6023",
            What = $"no type in {variable} can host {definition}",
            Cure = $"Add a larger type to {variable}, or make the definition smaller; then `refrag infra apply`.",
        });

    private static Problem Missing(string kind, string name) => new()
    {
        Code = "RF6020",
        What = $"the {kind} {name} does not exist",
        Cause = "it was removed outside Terraform, or the region or account is another",
        Cure = "Run `refrag infra apply`, which makes it again.",
    };

    private static Problem Disabled(string kind, string name, string? state) => new()
    {
        Code = "RF6021",
        What = $"the {kind} {name} is {state ?? "in no known state"}, not ENABLED",
        Cure = "Run `refrag infra apply`, which enables it; if a migrate or rollback is under way, finish that first.",
    };

    private static Problem Invalid(string kind, string name, string status, string? reason) => new()
    {
        Code = "RF6022",
        What = $"the {kind} {name} is {status}, not VALID",
        Cause = reason,
        Cure = "Correct what the reason names; while it says CREATING or UPDATING, ask again in a minute.",
    };
}

using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Loop;

namespace Refrag.Engine.Operations;

/// <summary>DescribeJobQueues and DescribeComputeEnvironments. Names that are not known are left out of the answer, as Batch does.</summary>
internal static class QueueOperations
{
    private const int MostPerPage = 100;

    public static DescribeJobQueuesResponse Describe(EngineState state, DescribeJobQueuesRequest request)
    {
        List<JobQueueDetail> found = [.. state.Options.Queues.Where(queue => IsAsked(request.JobQueues, queue.Name)).Select(Detail)];
        var (page, next) = Paging.Take(found, request.NextToken, request.MaxResults, MostPerPage);
        return new DescribeJobQueuesResponse { JobQueues = page ?? throw UnknownToken(), NextToken = next };
    }

    public static DescribeComputeEnvironmentsResponse Describe(EngineState state, DescribeComputeEnvironmentsRequest request)
    {
        List<ComputeEnvironmentDetail> found = [.. state.Options.Queues.Select(queue => queue.ComputeEnvironment).Distinct()
            .Where(name => IsAsked(request.ComputeEnvironments, name)).Select(name => Detail(name, state.Options.VCpus))];
        var (page, next) = Paging.Take(found, request.NextToken, request.MaxResults, MostPerPage);
        return new DescribeComputeEnvironmentsResponse { ComputeEnvironments = page ?? throw UnknownToken(), NextToken = next };
    }

    private static bool IsAsked(IReadOnlyList<string>? names, string name) =>
        names is not { Count: > 0 } asked || asked.Any(one => LocalArn.NameOf(one) == name);

    private static Refusal UnknownToken() => new("The nextToken is not one of this engine's.");

    private static JobQueueDetail Detail(LocalQueue queue) => new()
    {
        JobQueueName = queue.Name,
        JobQueueArn = LocalArn.Queue(queue.Name),
        State = JQState.Enabled,
        Status = JQStatus.Valid,
        StatusReason = "JobQueue Healthy",
        Priority = 1,
        ComputeEnvironmentOrder = [new ComputeEnvironmentOrder { Order = 1, ComputeEnvironment = LocalArn.ComputeEnvironment(queue.ComputeEnvironment) }],
        Tags = new Dictionary<string, string>(),
    };

    // This machine is not managed: Batch knows such environments as UNMANAGED, with no instance types to choose from.
    private static ComputeEnvironmentDetail Detail(string name, VCpus vCpus) => new()
    {
        ComputeEnvironmentName = name,
        ComputeEnvironmentArn = LocalArn.ComputeEnvironment(name),
        Type = CEType.Unmanaged,
        UnmanagedvCpus = (int)vCpus.Value,
        State = CEState.Enabled,
        Status = CEStatus.Valid,
        StatusReason = "ComputeEnvironment Healthy",
        ContainerOrchestrationType = OrchestrationType.Ecs,
        Tags = new Dictionary<string, string>(),
    };
}

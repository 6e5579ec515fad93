using System.Net;
using Refrag.Aws;
using Refrag.Aws.Batch;

namespace Refrag.Tests.Scaling;

/// <summary>A Batch of environments and queues without jobs. An environment that was changed is UPDATING until it is settled.</summary>
internal sealed class FakeEnvironments : IAwsTransport
{
    private readonly List<ComputeEnvironmentDetail> _environments = [];
    private readonly List<JobQueueDetail> _queues = [];

    public List<UpdateComputeEnvironmentRequest> Updates { get; } = [];

    /// <summary>What an update is refused with; null if it is made.</summary>
    public Exception? Refusal { get; set; }

    public static BatchException BeingModified => new(
        BatchOperations.UpdateComputeEnvironment.Name,
        new AwsError("ClientException", "Cannot update, resource is being modified.", HttpStatusCode.BadRequest));

    public FakeEnvironments With(
        string name, string? queue, string state = CEState.Enabled, string status = CEStatus.Valid, string type = CRType.Ec2)
    {
        string arn = $"arn:aws:batch:us-east-1:123456789012:compute-environment/{name}";
        _environments.Add(new ComputeEnvironmentDetail
        {
            ComputeEnvironmentName = name,
            ComputeEnvironmentArn = arn,
            State = state,
            Status = status,
            ComputeResources = new ComputeResource { Type = type, MinvCpus = 0, MaxvCpus = 32, DesiredvCpus = 0 },
        });
        if (queue is null) return this;
        _queues.Add(new JobQueueDetail
        {
            JobQueueName = queue,
            State = JQState.Enabled,
            Status = JQStatus.Valid,
            ComputeEnvironmentOrder = [new ComputeEnvironmentOrder { Order = 1, ComputeEnvironment = arn }],
        });
        return this;
    }

    /// <summary>Ends the update that is under way.</summary>
    public void Settle(string name) => Change(name, one => one with { Status = CEStatus.Valid });

    public Task<TResponse> SendAsync<TRequest, TResponse>(
        AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        cancellationToken.ThrowIfCancellationRequested();
        object answer = request switch
        {
            DescribeComputeEnvironmentsRequest { ComputeEnvironments: var names } => new DescribeComputeEnvironmentsResponse
            {
                ComputeEnvironments = [.. _environments.Where(one => names?.Contains(one.ComputeEnvironmentName) ?? true)],
            },
            DescribeJobQueuesRequest => new DescribeJobQueuesResponse { JobQueues = _queues },
            ListJobsRequest => new ListJobsResponse { JobSummaryList = [] },
            UpdateComputeEnvironmentRequest update => Update(update),
            _ => throw new NotSupportedException(request.GetType().Name),
        };
        return answer is Exception refusal ? Task.FromException<TResponse>(refusal) : Task.FromResult((TResponse)answer);
    }

    private object Update(UpdateComputeEnvironmentRequest request)
    {
        Updates.Add(request);
        if (Refusal is not null) return Refusal;
        if (_environments.Find(one => one.ComputeEnvironmentName == request.ComputeEnvironment)?.Status == CEStatus.Updating)
            return BeingModified;
        ComputeResourceUpdate update = request.ComputeResources!;
        Change(request.ComputeEnvironment, one => one with
        {
            Status = CEStatus.Updating,
            ComputeResources = one.ComputeResources! with
            {
                MinvCpus = update.MinvCpus ?? one.ComputeResources.MinvCpus,
                MaxvCpus = update.MaxvCpus ?? one.ComputeResources.MaxvCpus,
                ScalingPolicy = update.ScalingPolicy ?? one.ComputeResources.ScalingPolicy,
            },
        });
        return new UpdateComputeEnvironmentResponse();
    }

    private void Change(string name, Func<ComputeEnvironmentDetail, ComputeEnvironmentDetail> change)
    {
        int index = _environments.FindIndex(one => one.ComputeEnvironmentName == name);
        _environments[index] = change(_environments[index]);
    }
}

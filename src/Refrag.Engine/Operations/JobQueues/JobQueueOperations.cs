using Refrag.Aws.Batch;
using Refrag.Engine.Details;
using Refrag.Engine.Jobs;
using Refrag.Engine.Names;
using Refrag.Engine.Resources;
using Refrag.Engine.State;

namespace Refrag.Engine.Operations.JobQueues;

/// <summary>Create, Update, Delete and DescribeJobQueues.</summary>
/// <param name="state">The engine's state.</param>
/// <param name="termination">Ends the jobs of a queue that is deleted.</param>
/// <param name="advance">Finishes in the next step what a request has begun.</param>
internal sealed class JobQueueOperations(EngineState state, JobTermination termination, Action advance)
{
    private static readonly ResourceTraits<JobQueueDetail> s_traits = new(
        ResourceKinds.JobQueue, "job queue", one => one.JobQueueName, one => one.State, one => one.Status,
        one => one with { Status = JQStatus.Deleting, StatusReason = "JobQueue is being deleted" });


    private readonly ResourceOperations<JobQueueDetail> _resources = new(state, state.JobQueues, s_traits, advance);

    public CreateJobQueueResponse Create(CreateJobQueueRequest request)
    {
        JobQueueDetail created = _resources.Create(request.JobQueueName, BatchLimits.JobQueues, () => Made(request));
        return new CreateJobQueueResponse { JobQueueName = created.JobQueueName, JobQueueArn = created.JobQueueArn };
    }

    public UpdateJobQueueResponse Update(UpdateJobQueueRequest request)
    {
        JobQueueDetail after = _resources.Update(request.JobQueue, before => Changed(before, request));
        return new UpdateJobQueueResponse { JobQueueName = after.JobQueueName, JobQueueArn = after.JobQueueArn };
    }

    public DeleteJobQueueResponse Delete(DeleteJobQueueRequest request)
    {
        if (_resources.Delete(request.JobQueue) is { } deleted)
        {
            foreach (Job job in state.Jobs.Submissions.Alive(deleted.JobQueueName).ToList())
                termination.Terminate(job, "The job queue was deleted");
        }
        return new DeleteJobQueueResponse();
    }

    public DescribeJobQueuesResponse Describe(DescribeJobQueuesRequest request)
    {
        var (page, next) =
            _resources.Describe(BatchOperations.DescribeJobQueues.Name, request.JobQueues, request.NextToken, request.MaxResults);
        return new DescribeJobQueuesResponse { JobQueues = [.. page.Select(Described)], NextToken = next };
    }

    // AWS's own examples of its answers have these lists where they are empty. (UG create-job-queue; published answers)
    private static JobQueueDetail Described(JobQueueDetail one) => one with
    {
        ServiceEnvironmentOrder = one.ServiceEnvironmentOrder ?? [],
        JobStateTimeLimitActions = one.JobStateTimeLimitActions ?? [],
        Tags = EmptyCollections.OrNone(one.Tags),
    };

    private JobQueueDetail Made(CreateJobQueueRequest request)
    {
        string type = QueueRules.CheckEnvironments(state, request.ComputeEnvironmentOrder ?? [], request.ServiceEnvironmentOrder ?? []);
        if (request.JobQueueType is { } asked && asked != type)
            throw new Refusal($"jobQueueType {asked} does not fit the environments, which make it {type}.");
        if (!string.IsNullOrEmpty(request.SchedulingPolicyArn)) QueueRules.CheckPolicy(state, request.SchedulingPolicyArn, type);
        return new JobQueueDetail
        {
            JobQueueName = request.JobQueueName,
            JobQueueArn = state.Arns.Queue(request.JobQueueName),
            State = request.State ?? JQState.Enabled,
            SchedulingPolicyArn = string.IsNullOrEmpty(request.SchedulingPolicyArn) ? null : request.SchedulingPolicyArn,
            Status = JQStatus.Creating,
            StatusReason = "JobQueue is being created",
            Priority = request.Priority,
            ComputeEnvironmentOrder = QueueRules.ByArn(state, request.ComputeEnvironmentOrder ?? []),
            ServiceEnvironmentOrder = request.ServiceEnvironmentOrder is { Count: > 0 } services ? QueueRules.ByArn(state, services) : null,
            JobQueueType = type,
            Tags = ResourceRules.Tags(request.Tags),
            JobStateTimeLimitActions = request.JobStateTimeLimitActions,
        };
    }

    private JobQueueDetail Changed(JobQueueDetail before, UpdateJobQueueRequest request)
    {
        IReadOnlyList<ComputeEnvironmentOrder> computes = request.ComputeEnvironmentOrder ?? before.ComputeEnvironmentOrder;
        IReadOnlyList<ServiceEnvironmentOrder> services = request.ServiceEnvironmentOrder ?? before.ServiceEnvironmentOrder ?? [];
        if (request.ComputeEnvironmentOrder is not null || request.ServiceEnvironmentOrder is not null)
            CheckType(before, QueueRules.CheckEnvironments(state, computes, services));
        return before with
        {
            State = request.State ?? before.State,
            SchedulingPolicyArn = Policy(before, request.SchedulingPolicyArn),
            Priority = request.Priority ?? before.Priority,
            ComputeEnvironmentOrder = QueueRules.ByArn(state, computes),
            ServiceEnvironmentOrder = services.Count > 0 ? QueueRules.ByArn(state, services) : null,
            JobStateTimeLimitActions = request.JobStateTimeLimitActions ?? before.JobStateTimeLimitActions,
            Status = JQStatus.Updating,
            StatusReason = "JobQueue is being updated",
        };
    }

    private static void CheckType(JobQueueDetail before, string type)
    {
        if (before.JobQueueType is { } old && old != type)
            throw new Refusal($"The job queue is of the type {old} and cannot become {type}. Make another queue.");
    }

    // A queue keeps its kind of order: a policy can be replaced, but not added or taken away. (API UpdateJobQueue.schedulingPolicyArn)
    private string? Policy(JobQueueDetail before, string? update)
    {
        if (string.IsNullOrEmpty(update)) return before.SchedulingPolicyArn;
        if (before.SchedulingPolicyArn is null)
            throw new Refusal(
                "A job queue without a scheduling policy takes jobs in order of arrival, and cannot be given one. Make another queue.");
        QueueRules.CheckPolicy(state, update, before.JobQueueType);
        bool isQuota = state.SchedulingPolicies.Find(update)!.QuotaSharePolicy is not null;
        if (isQuota != (state.PolicyOf(before)?.QuotaSharePolicy is not null))
            throw new Refusal("A job queue cannot change between fair share and quota share. Make another queue.");
        return update;
    }
}

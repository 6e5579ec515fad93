using System.Text.Json;
using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Jobs.Plans;
using Refrag.Engine.Logs;
using Refrag.Engine.Names;
using Refrag.Engine.Operations.JobQueues;
using Refrag.Engine.Resources;
using Refrag.Engine.State;
using Refrag.Engine.Transitions;

namespace Refrag.Engine.Operations.ServiceJobs;

/// <summary>SubmitServiceJob and UpdateServiceJob.</summary>
internal sealed class ServiceJobOperations(EngineState state, JobTransitions transitions, LogStore logs)
{
    public SubmitServiceJobResponse Submit(SubmitServiceJobRequest request)
    {
        if (state.IsStopping) throw EngineStopped.NoMoreJobs();
        JobQueueDetail queue = ResourceRules.Existing(state.JobQueues, "job queue", request.JobQueue);
        QueueRules.CheckAccepts(queue);
        if (queue.JobQueueType != JobQueueType.SagemakerTraining)
            throw new Refusal(
                $"The job queue {queue.JobQueueName} is of the type {queue.JobQueueType} and takes no service jobs. Use SubmitJob, or a "
                    + "queue of the type SAGEMAKER_TRAINING.");
        CheckShare(queue, request);
        CheckPayload(request.ServiceRequestPayload);
        if (request.TimeoutConfig?.AttemptDurationSeconds is < 1)
            throw new Refusal("timeoutConfig.attemptDurationSeconds must be 1 or more.");
        if (request.ClientToken is { } token
            && !ClientTokens.IsFirst(
            state, $"SubmitServiceJob {token}", $"{request.JobName} {queue.JobQueueName} {request.ServiceRequestPayload}"))
            throw new Refusal("The request was made before with the same clientToken, and the job was submitted then.");
        JobPlan plan = JobPlanner.Plan(request with { Tags = ResourceRules.Tags(request.Tags) }, queue.JobQueueName, state.Arns);
        string id = JobIds.New(state.Time);
        logs.Open(id);
        var job = new Job { Id = id, Sequence = state.TakeSequence(1), Plan = plan, CreatedAt = state.Now, State = JobState.Submitted };
        transitions.Put(job);
        transitions.Put(job with { State = JobState.Runnable });
        return new SubmitServiceJobResponse { JobArn = state.Arns.ServiceJob(id), JobName = plan.Name, JobId = id };
    }

    public UpdateServiceJobResponse Update(UpdateServiceJobRequest request)
    {
        Job job = ServiceJobQueries.Existing(state, request.JobId);
        if (job.State.IsFinal()) throw new Refusal($"The service job {job.Id} has ended. Only one that waits or runs can be changed.");
        transitions.Put(job with { Priority = request.SchedulingPriority });
        // A running job of lower priority than before may have to make room.
        state.MayPlace = true;
        return new UpdateServiceJobResponse { JobArn = state.Arns.ServiceJob(job.Id), JobName = job.Plan.Name, JobId = job.Id };
    }

    private void CheckShare(JobQueueDetail queue, SubmitServiceJobRequest request)
    {
        QueueRules.CheckShare(state, queue, request.ShareIdentifier, request.SchedulingPriority);
        bool isQuota = state.PolicyOf(queue)?.QuotaSharePolicy is not null;
        if (isQuota && request.QuotaShareName is null)
            throw new Refusal($"The job queue {queue.JobQueueName} has a quota share scheduling policy. Give a quotaShareName.");
        if (!isQuota && request.QuotaShareName is not null)
            throw new Refusal(
                $"quotaShareName was given, but the job queue {queue.JobQueueName} has no quota share scheduling policy. Leave it out.");
        if (request.QuotaShareName is not { } name) return;
        DescribeQuotaShareResponse share = state.QuotaShares.Find($"{queue.JobQueueName}/{name}")
            ?? throw new Refusal($"The quota share {name} does not exist in the job queue {queue.JobQueueName}.");
        if (share.State != QuotaShareState.Enabled || share.Status is QuotaShareStatus.Deleting)
            throw new Refusal($"The quota share {name} is DISABLED and takes no jobs.");
    }

    private static void CheckPayload(string payload)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(payload);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return;
        }
        catch (JsonException)
        {
            // Reported below.
        }
        throw new Refusal("serviceRequestPayload must be a JSON object: the request of CreateTrainingJob.");
    }
}

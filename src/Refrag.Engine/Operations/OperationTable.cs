using Refrag.Aws.Batch;
using Refrag.Aws.Ecs;
using Refrag.Engine.ComputeEnvironments;
using Refrag.Engine.ConsumableResources;
using Refrag.Engine.JobQueues;
using Refrag.Engine.Logs;
using Refrag.Engine.Loop;
using Refrag.Engine.QuotaShares;
using Refrag.Engine.SchedulingPolicies;
using Refrag.Engine.ServiceEnvironments;
using Refrag.Engine.ServiceJobs;
using Refrag.Engine.Tags;

namespace Refrag.Engine.Operations;

/// <summary>Which code answers which of the 45 operations. Owned by the writer loop.</summary>
internal sealed class OperationTable
{
    private readonly EngineState _state;
    private readonly Ending _ending;
    private readonly Submission _submission;
    private readonly ComputeEnvironmentOperations _environments;
    private readonly JobQueueOperations _queues;
    private readonly QuotaShareOperations _shares;
    private readonly ServiceEnvironmentOperations _serviceEnvironments;
    private readonly ServiceJobOperations _serviceJobs;
    private readonly TagOperations _tags;

    public OperationTable(EngineState state, Conductor conductor, Ending ending, LogStore logs, bool runsProcesses, Action<EngineMessage> post)
    {
        (_state, _ending) = (state, ending);
        Action goOn = () => FinishLater(state, post);
        _submission = new Submission(state, conductor, logs, runsProcesses);
        _environments = new ComputeEnvironmentOperations(state, goOn);
        _queues = new JobQueueOperations(state, ending, goOn);
        _shares = new QuotaShareOperations(state, ending, goOn);
        _serviceEnvironments = new ServiceEnvironmentOperations(state, goOn);
        _serviceJobs = new ServiceJobOperations(state, conductor, logs);
        _tags = new TagOperations(state);
    }

    // What began a moment later is finished with it.
    private static void FinishLater(EngineState state, Action<EngineMessage> post)
    {
        var finish = new Progress(() => Lifecycle.Finish(state));
        if (state.Options.ChangeLatency == TimeSpan.Zero) post(finish);
        else _ = Task.Delay(state.Options.ChangeLatency, state.Time).ContinueWith(_ => post(finish), TaskScheduler.Default);
    }

    /// <summary>Answers, or throws a <see cref="Refusal"/>. <see cref="Later"/> where the machine's GPUs must be known first.</summary>
    public object Execute(object request) => Jobs(request) ?? Resources(request);

    private object? Jobs(object request) => request switch
    {
        SubmitJobRequest submit => _submission.Submit(submit) ?? Later,
        CancelJobRequest cancel => _ending.Cancel(cancel),
        TerminateJobRequest terminate => _ending.Terminate(terminate),
        DescribeJobsRequest describe => JobQueries.Describe(_state, describe),
        ListJobsRequest list => JobListing.List(_state, list),
        ListJobsByConsumableResourceRequest list => ConsumableJobs.List(_state, list),
        RegisterJobDefinitionRequest register => DefinitionOperations.Register(_state, register),
        DescribeJobDefinitionsRequest describe => DefinitionOperations.Describe(_state, describe),
        DeregisterJobDefinitionRequest deregister => DefinitionOperations.Deregister(_state, deregister),
        SubmitServiceJobRequest submit => _serviceJobs.Submit(submit),
        DescribeServiceJobRequest describe => ServiceJobQueries.Describe(_state, describe),
        ListServiceJobsRequest list => ServiceJobQueries.List(_state, list),
        TerminateServiceJobRequest terminate => _ending.Terminate(terminate),
        UpdateServiceJobRequest update => _serviceJobs.Update(update),
        ListTasksRequest list => TaskQueries.List(_state, list),
        GetJobQueueSnapshotRequest snapshot => QueueSnapshot.Get(_state, snapshot),
        _ => null,
    };

    private object Resources(object request) => request switch
    {
        CreateComputeEnvironmentRequest create => _environments.Create(create),
        UpdateComputeEnvironmentRequest update => _environments.Update(update),
        DeleteComputeEnvironmentRequest delete => _environments.Delete(delete),
        DescribeComputeEnvironmentsRequest describe => _environments.Describe(describe),
        CreateJobQueueRequest create => _queues.Create(create),
        UpdateJobQueueRequest update => _queues.Update(update),
        DeleteJobQueueRequest delete => _queues.Delete(delete),
        DescribeJobQueuesRequest describe => _queues.Describe(describe),
        CreateSchedulingPolicyRequest create => SchedulingPolicyOperations.Create(_state, create),
        UpdateSchedulingPolicyRequest update => SchedulingPolicyOperations.Update(_state, update),
        DeleteSchedulingPolicyRequest delete => SchedulingPolicyOperations.Delete(_state, delete),
        DescribeSchedulingPoliciesRequest describe => SchedulingPolicyOperations.Describe(_state, describe),
        ListSchedulingPoliciesRequest list => SchedulingPolicyOperations.List(_state, list),
        CreateConsumableResourceRequest create => ConsumableOperations.Create(_state, create),
        UpdateConsumableResourceRequest update => ConsumableOperations.Update(_state, update),
        DeleteConsumableResourceRequest delete => ConsumableOperations.Delete(_state, delete),
        DescribeConsumableResourceRequest describe => ConsumableOperations.Describe(_state, describe),
        ListConsumableResourcesRequest list => ConsumableOperations.List(_state, list),
        CreateServiceEnvironmentRequest create => _serviceEnvironments.Create(create),
        UpdateServiceEnvironmentRequest update => _serviceEnvironments.Update(update),
        DeleteServiceEnvironmentRequest delete => _serviceEnvironments.Delete(delete),
        DescribeServiceEnvironmentsRequest describe => _serviceEnvironments.Describe(describe),
        CreateQuotaShareRequest create => _shares.Create(create),
        UpdateQuotaShareRequest update => _shares.Update(update),
        DeleteQuotaShareRequest delete => _shares.Delete(delete),
        DescribeQuotaShareRequest describe => _shares.Describe(describe),
        ListQuotaSharesRequest list => _shares.List(list),
        TagResourceRequest tag => _tags.Tag(tag),
        UntagResourceRequest untag => _tags.Untag(untag),
        ListTagsForResourceRequest list => _tags.List(list),
        _ => throw new Refusal("The operation is unknown to the embedded engine."),
    };

    /// <summary>Stands for "once the GPUs are known".</summary>
    public static object Later { get; } = new();
}

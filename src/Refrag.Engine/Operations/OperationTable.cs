using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Ec2;
using Refrag.Aws.Ecs;
using Refrag.Aws.Logs;
using Refrag.Engine.Logs;
using Refrag.Engine.Operations.ComputeEnvironments;
using Refrag.Engine.Operations.ConsumableResources;
using Refrag.Engine.Operations.Definitions;
using Refrag.Engine.Operations.JobQueues;
using Refrag.Engine.Operations.Jobs;
using Refrag.Engine.Operations.QuotaShares;
using Refrag.Engine.Operations.SchedulingPolicies;
using Refrag.Engine.Operations.ServiceEnvironments;
using Refrag.Engine.Operations.ServiceJobs;
using Refrag.Engine.Operations.Tags;
using Refrag.Engine.Placement;
using Refrag.Engine.State;
using Refrag.Engine.Transitions;

namespace Refrag.Engine.Operations;

/// <summary>
/// All operations that the engine serves, each with what answers it: in the writer loop, which is what most need; beside it, for the logs,
/// which are no state of Batch; or by several operations.
/// </summary>
internal sealed class OperationTable
{
    private readonly OperationHandlers<OperationCaller> _handlers = new();

    public OperationTable(
        EngineState state,
        Placements placements,
        JobTransitions transitions,
        JobTermination termination,
        LogStore logs,
        bool runsProcesses,
        Action finishChanges)
    {
        AddJobs(state, new Submission(state, placements, transitions, logs, runsProcesses), termination);
        AddHosts(state, placements);
        AddServiceJobs(state, new ServiceJobOperations(state, transitions, logs), termination);
        AddDefinitions(state);
        AddComputeEnvironments(new ComputeEnvironmentOperations(state, placements, finishChanges));
        AddJobQueues(state, placements, new JobQueueOperations(state, termination, finishChanges));
        AddSchedulingPolicies(state);
        AddConsumableResources(state);
        AddServiceEnvironments(new ServiceEnvironmentOperations(state, finishChanges));
        AddQuotaShares(new QuotaShareOperations(state, termination, finishChanges));
        AddTags(new TagOperations(state));
        AddBulkEnds();
        AddLogs(logs);
    }

    /// <summary>What answers an operation; null if the engine does not serve it. From any thread.</summary>
    public Func<OperationCaller, TRequest, Task<TResponse>>? Find<TRequest, TResponse>(AwsOperation<TRequest, TResponse> operation)
        where TRequest : class
        where TResponse : class => _handlers.Find(operation);

    private void AddJobs(EngineState state, Submission submission, JobTermination termination)
    {
        On(BatchOperations.SubmitJob, submission.Submit);
        On(BatchOperations.CancelJob, termination.Cancel);
        On(BatchOperations.TerminateJob, termination.Terminate);
        On(BatchOperations.DescribeJobs, request => JobQueries.Describe(state, request));
        On(BatchOperations.ListJobs, request => JobListing.List(state, request));
        On(EcsOperations.ListTasks, request => TaskQueries.List(state, request));
    }

    private void AddHosts(EngineState state, Placements placements)
    {
        On(EcsOperations.ListClusters, request => ClusterQueries.List(state, request));
        On(EcsOperations.ListContainerInstances, request => HostQueries.List(state, placements.Fleets?.Hosts, request));
        On(EcsOperations.DescribeContainerInstances, request => HostQueries.Describe(state, placements.Fleets?.Hosts, request));
        On(Ec2Operations.DescribeInstances, request => HostQueries.Describe(state, placements.Fleets?.Hosts, request));
        On(Ec2Operations.DescribeSpotPriceHistory, request => HostQueries.Describe(state, request));
    }

    private void AddServiceJobs(EngineState state, ServiceJobOperations jobs, JobTermination termination)
    {
        On(BatchOperations.SubmitServiceJob, jobs.Submit);
        On(BatchOperations.UpdateServiceJob, jobs.Update);
        On(BatchOperations.TerminateServiceJob, termination.Terminate);
        On(BatchOperations.DescribeServiceJob, request => ServiceJobQueries.Describe(state, request));
        On(BatchOperations.ListServiceJobs, request => ServiceJobQueries.List(state, request));
    }

    private void AddDefinitions(EngineState state)
    {
        On(BatchOperations.RegisterJobDefinition, request => DefinitionOperations.Register(state, request));
        On(BatchOperations.DescribeJobDefinitions, request => DefinitionOperations.Describe(state, request));
        On(BatchOperations.DeregisterJobDefinition, request => DefinitionOperations.Deregister(state, request));
    }

    private void AddComputeEnvironments(ComputeEnvironmentOperations environments)
    {
        On(BatchOperations.CreateComputeEnvironment, environments.Create);
        On(BatchOperations.UpdateComputeEnvironment, environments.Update);
        On(BatchOperations.DeleteComputeEnvironment, environments.Delete);
        On(BatchOperations.DescribeComputeEnvironments, environments.Describe);
    }

    private void AddJobQueues(EngineState state, Placements placements, JobQueueOperations queues)
    {
        On(BatchOperations.CreateJobQueue, queues.Create);
        On(BatchOperations.UpdateJobQueue, queues.Update);
        On(BatchOperations.DeleteJobQueue, queues.Delete);
        On(BatchOperations.DescribeJobQueues, queues.Describe);
        On(BatchOperations.GetJobQueueSnapshot, request => QueueSnapshot.Get(state, placements, request));
    }

    private void AddSchedulingPolicies(EngineState state)
    {
        On(BatchOperations.CreateSchedulingPolicy, request => SchedulingPolicyOperations.Create(state, request));
        On(BatchOperations.UpdateSchedulingPolicy, request => SchedulingPolicyOperations.Update(state, request));
        On(BatchOperations.DeleteSchedulingPolicy, request => SchedulingPolicyOperations.Delete(state, request));
        On(BatchOperations.DescribeSchedulingPolicies, request => SchedulingPolicyOperations.Describe(state, request));
        On(BatchOperations.ListSchedulingPolicies, request => SchedulingPolicyOperations.List(state, request));
    }

    private void AddConsumableResources(EngineState state)
    {
        On(BatchOperations.CreateConsumableResource, request => ConsumableOperations.Create(state, request));
        On(BatchOperations.UpdateConsumableResource, request => ConsumableOperations.Update(state, request));
        On(BatchOperations.DeleteConsumableResource, request => ConsumableOperations.Delete(state, request));
        On(BatchOperations.DescribeConsumableResource, request => ConsumableOperations.Describe(state, request));
        On(BatchOperations.ListConsumableResources, request => ConsumableOperations.List(state, request));
        On(BatchOperations.ListJobsByConsumableResource, request => ConsumableJobs.List(state, request));
    }

    private void AddServiceEnvironments(ServiceEnvironmentOperations environments)
    {
        On(BatchOperations.CreateServiceEnvironment, environments.Create);
        On(BatchOperations.UpdateServiceEnvironment, environments.Update);
        On(BatchOperations.DeleteServiceEnvironment, environments.Delete);
        On(BatchOperations.DescribeServiceEnvironments, environments.Describe);
    }

    private void AddQuotaShares(QuotaShareOperations shares)
    {
        On(BatchOperations.CreateQuotaShare, shares.Create);
        On(BatchOperations.UpdateQuotaShare, shares.Update);
        On(BatchOperations.DeleteQuotaShare, shares.Delete);
        On(BatchOperations.DescribeQuotaShare, shares.Describe);
        On(BatchOperations.ListQuotaShares, shares.List);
    }

    private void AddTags(TagOperations tags)
    {
        On(BatchOperations.TagResource, tags.Tag);
        On(BatchOperations.UntagResource, tags.Untag);
        On(BatchOperations.ListTagsForResource, tags.List);
    }

    private void AddBulkEnds() => _handlers
        .On(BatchOperations.CancelJobs, BulkTermination.CancelAsync)
        .On(BatchOperations.TerminateJobs, BulkTermination.TerminateAsync)
        .On(BatchOperations.TerminateServiceJobs, BulkTermination.TerminateServiceAsync);

    private void AddLogs(LogStore logs)
    {
        OnCallersThread(LogsOperations.GetLogEvents, request => LogPages.Get(logs, request));
        OnCallersThread(LogsOperations.FilterLogEvents, request => LogFilter.Filter(logs, request));
        OnCallersThread(LogsOperations.DescribeLogStreams, request => LogLists.Streams(logs, request));
        OnCallersThread(LogsOperations.DescribeLogGroups, request => LogLists.Groups(logs, request));
        OnCallersThread(LogsOperations.CreateLogGroup, request => LogGroupOperations.Create(logs, request));
        OnCallersThread(LogsOperations.DeleteLogGroup, request => LogGroupOperations.Delete(logs, request));
        OnCallersThread(LogsOperations.PutRetentionPolicy, request => LogGroupOperations.Retain(logs, request));
        OnCallersThread(LogsOperations.DeleteRetentionPolicy, request => LogGroupOperations.Keep(logs, request));
        OnCallersThread(LogsOperations.ListTagsForResource, request => LogGroupOperations.ListTags(logs, request));
        OnCallersThread(LogsOperations.TagResource, request => LogGroupOperations.Tag(logs, request));
        OnCallersThread(LogsOperations.UntagResource, request => LogGroupOperations.Untag(logs, request));
    }

    // Beside the writer loop.
    private void OnCallersThread<TRequest, TResponse>(AwsOperation<TRequest, TResponse> operation, Func<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class => _handlers.On(operation, (_, request) => Task.FromResult(handler(request)));

    // In the writer loop.
    private void On<TRequest, TResponse>(AwsOperation<TRequest, TResponse> operation, Func<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class => On(operation, request => (OperationResult<TResponse>)handler(request));

    private void On<TRequest, TResponse>(AwsOperation<TRequest, TResponse> operation, Func<TRequest, OperationResult<TResponse>> handler)
        where TRequest : class
        where TResponse : class => _handlers.On(
            operation, (caller, request) => caller.Loop.ExecuteAsync(operation, request, handler, caller.Stop));
}

using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Jobs.Plans;
using Refrag.Engine.Jobs.Rules;
using Refrag.Engine.Logs;
using Refrag.Engine.Names;
using Refrag.Engine.Operations.JobQueues;
using Refrag.Engine.Placement;
using Refrag.Engine.Resources;
using Refrag.Engine.State;
using Refrag.Engine.Transitions;

namespace Refrag.Engine.Operations.Jobs;

/// <summary>SubmitJob.</summary>
internal sealed class Submission(EngineState state, Placements placements, JobTransitions transitions, LogStore logs, bool runsProcesses)
{
    /// <summary>Takes a job in, with its children where it is an array. Waits if the machine's GPUs must be known first.</summary>
    public OperationResult<SubmitJobResponse> Submit(SubmitJobRequest request)
    {
        if (state.IsStopping) throw EngineStopped.NoMoreJobs();
        JobPlan plan = Plan(request);
        if (plan.HostDemand.Gpus.Value > 0 && !state.KnowsGpus) return OperationResult<SubmitJobResponse>.WaitsForGpus;
        CheckGpus(plan);
        CheckDependencies(plan);
        string id = JobIds.New(state.Time);
        logs.Open(id);
        Enter(id, plan);
        return new SubmitJobResponse { JobArn = state.Arns.Job(id), JobName = plan.Name, JobId = id };
    }

    private JobPlan Plan(SubmitJobRequest request)
    {
        JobQueueDetail queue = state.JobQueues.Find(request.JobQueue) ?? throw new Refusal(
            $"RF4004 JobQueue {request.JobQueue} not found.{Suggestion.Sentence(request.JobQueue, state.JobQueues.Names)} The embedded "
                + $"engine has {QueueNames()}.");
        QueueRules.CheckAccepts(queue);
        if (queue.JobQueueType == JobQueueType.SagemakerTraining)
            throw new Refusal(
                $"The job queue {queue.JobQueueName} is of the type {queue.JobQueueType} and takes service jobs only. Use "
                    + "SubmitServiceJob, or a queue with compute environments.");
        QueueRules.CheckShare(state, queue, request.ShareIdentifier, request.SchedulingPriorityOverride);
        JobDefinition definition = state.Definitions.Find(request.JobDefinition) ?? throw new Refusal(
            $"RF4005 JobDefinition name {request.JobDefinition} does not exist or is not in ACTIVE status in the embedded "
                + $"engine.{Suggestion.Sentence(request.JobDefinition, state.Definitions.Names)} Register it first.");
        if (!DefinitionTable.IsActive(definition))
            throw new Refusal(
                $"RF4005 the job definition {request.JobDefinition} was deregistered. Name an active revision, or register a new one.");
        // The beginnings of both messages are AWS's: clients match them.
        // The revision that it is now is what runs, whatever is registered later.
        var (plan, wrong) = JobPlanner.Plan(
            request with { JobDefinition = LocalArn.NameOf(definition.JobDefinitionArn) }, definition, queue.JobQueueName, state.Arns);
        bool isWithoutSecrets = runsProcesses && state.Options.Secrets is null;
        if (plan is not null) wrong = SubmitRules.Check(request, definition, queue, plan, isWithoutSecrets);
        if (plan is null || wrong.Count > 0) throw new Refusal($"RF4006 {string.Join(". ", wrong)}.");
        if (runsProcesses && plan.Simulated is null && plan.Nodes.Any(HasNoCommand))
            throw new Refusal(
                "RF4006 there is no command: no image is run here, so its own command is not known. Give one in the job definition or "
                    + "in containerOverrides.command.");
        foreach (string name in plan.Consumables.Keys.Where(name => !state.ConsumableResources.TryGet(name, out _)))
            throw new Refusal($"There is no consumable resource {name}.{Suggestion.Sentence(name, state.ConsumableResources.Names)}");
        return plan.Pack();
    }

    private static bool HasNoCommand(NodePlan node) =>
        node.Containers.Count > 0 ? node.Containers.Any(one => HasNoCommand(one.Plan)) : node.Command is [] or ["", ..];

    private string QueueNames() => state.JobQueues.Count == 0 ? "none; create one" : string.Join(", ", state.JobQueues.Names);

    private void CheckGpus(JobPlan plan)
    {
        int wanted = plan.HostDemand.Gpus.Value;
        if (placements.MostGpus(plan.Queue)?.Value is not { } has || wanted <= has) return;
        throw new Refusal(string.Create(
            CultureInfo.InvariantCulture,
            $"RF4007 the job asks for {wanted} "
                + $"{(wanted == 1 ? "GPU" : "GPUs")}{(plan.IsMultiNode ? " on all its nodes together" : "")}, and this machine has "
                + $"{(has == 0 ? "none" : has)}. Set env.gpus={has}, or run it on AWS Batch with env=awsbatch."));
    }

    private void CheckDependencies(JobPlan plan)
    {
        foreach (JobDependency dependency in plan.DependsOn)
        {
            if (dependency.Type is { } type && !ArrayJobDependency.All.Contains(type))
                throw new Refusal($"RF4008 the dependency type {type} is unknown. Use N_TO_N or SEQUENTIAL.");
            if (plan.ArraySize is null && (DependencyRule.IsInOrder(dependency) || dependency.Type == ArrayJobDependency.NToN))
                throw new Refusal(
                    $"RF4008 a dependency of type {dependency.Type} needs an array job. Leave the type out, or give arrayProperties.");
            if (dependency.JobId is null && dependency.Type != ArrayJobDependency.Sequential)
                throw new Refusal("RF4008 a dependency needs a jobId. Only SEQUENTIAL does without.");
            if (dependency.JobId is { } id) CheckDependency(plan, dependency, id);
        }
    }

    private void CheckDependency(JobPlan plan, JobDependency dependency, string id)
    {
        Job job = state.Find(id) ?? throw new Refusal($"RF4008 there is no job {id} to depend on. Submit it first, to this engine.");
        if (dependency.Type != ArrayJobDependency.NToN) return;
        if (!job.IsArrayParent || job.Plan.ArraySize != plan.ArraySize)
            throw new Refusal(
                $"RF4008 N_TO_N needs two arrays of one size, and {id} is "
                    + $"{(job.IsArrayParent ? $"an array of {job.Plan.ArraySize}" : "no array")}. Depend on the whole job instead.");
    }

    private void Enter(string id, JobPlan plan)
    {
        var job = new Job
        {
            Id = id,
            Sequence = state.TakeSequence(1 + (plan.ArraySize ?? 0)),
            Plan = plan,
            CreatedAt = state.Now,
            State = JobState.Submitted,
        };
        Step(job);
        if (plan.ArraySize is { } size)
        {
            transitions.Put(job with { State = JobState.Pending });
            for (int index = 0; index < size; index++) Enter(Job.Child(job, index));
        }
        else Enter(job with { State = JobState.Pending });
    }

    private void Enter(Job pending)
    {
        if (pending.WaitsFor.Count == 0)
        {
            Step(pending);
            transitions.Put(pending with { State = JobState.Runnable, RunnableSince = state.Now });
            return;
        }
        transitions.Put(pending);
        transitions.Advance(pending);
    }

    // A state that the job leaves within this step: only events show it.
    private void Step(Job job)
    {
        if (state.Options.Events is { IsWanted: true }) transitions.Put(job);
    }
}

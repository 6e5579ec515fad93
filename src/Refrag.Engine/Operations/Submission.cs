using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Engine.Definitions;
using Refrag.Engine.Dependencies;
using Refrag.Engine.Jobs;
using Refrag.Engine.Logs;
using Refrag.Engine.Loop;
using Refrag.Engine.Plans;

namespace Refrag.Engine.Operations;

/// <summary>SubmitJob.</summary>
internal sealed class Submission(EngineState state, Conductor conductor, LogStore logs, TimeProvider time)
{
    /// <summary>Takes a job in, with its children where it is an array. Null where the machine's GPUs must be known first.</summary>
    public SubmitJobResponse? Submit(SubmitJobRequest request)
    {
        if (state.IsStopping) throw new Refusal("RF4009 the engine is stopping and takes no jobs. Start it again.");
        JobPlan plan = Plan(request);
        if (plan.Demand.Gpus.Value > 0 && !state.KnowsGpus) return null;
        CheckGpus(plan);
        CheckDependencies(plan);
        string id = Guid.NewGuid().ToString("D", CultureInfo.InvariantCulture);
        logs.Open(id);
        Enter(id, plan);
        return new SubmitJobResponse { JobArn = LocalArn.Job(id), JobName = plan.Name, JobId = id };
    }

    private JobPlan Plan(SubmitJobRequest request)
    {
        LocalQueue queue = state.FindQueue(request.JobQueue) ?? throw new Refusal(
            $"RF4004 there is no job queue {request.JobQueue} in the embedded engine.{Suggestion.Sentence(request.JobQueue, Queues)} It has {string.Join(", ", Queues)}.");
        JobDefinition definition = state.Definitions.Find(request.JobDefinition) ?? throw new Refusal(
            $"RF4005 there is no active job definition {request.JobDefinition} in the embedded engine.{Suggestion.Sentence(request.JobDefinition, state.Definitions.Names)} Register it first.");
        if (!DefinitionTable.IsActive(definition))
            throw new Refusal($"RF4005 the job definition {request.JobDefinition} was deregistered. Name an active revision, or register a new one.");
        var (plan, wrong) = JobPlanner.Plan(request, definition, queue.Name, queue.ComputeEnvironment);
        return plan ?? throw new Refusal($"RF4006 {string.Join(". ", wrong)}.");
    }

    private IEnumerable<string> Queues => state.Options.Queues.Select(queue => queue.Name);

    private void CheckGpus(JobPlan plan)
    {
        int wanted = plan.Demand.Gpus.Value;
        int has = state.Host.Capacity.Gpus.Value;
        if (wanted <= has) return;
        throw new Refusal(string.Create(
            CultureInfo.InvariantCulture,
            $"RF4007 the job asks for {wanted} {(wanted == 1 ? "GPU" : "GPUs")}{(plan.IsMultiNode ? " on all its nodes together" : "")}, and this machine has {(has == 0 ? "none" : has)}. Set env.gpus={has}, or run it on AWS Batch with env=awsbatch."));
    }

    private void CheckDependencies(JobPlan plan)
    {
        foreach (JobDependency dependency in plan.DependsOn)
        {
            if (dependency.Type is { } type && !ArrayJobDependency.All.Contains(type)) throw new Refusal($"RF4008 the dependency type {type} is unknown. Use N_TO_N or SEQUENTIAL.");
            if (dependency.Type is not null && plan.ArraySize is null) throw new Refusal($"RF4008 a dependency of type {dependency.Type} needs an array job. Leave the type out, or give arrayProperties.");
            if (dependency.JobId is null && dependency.Type != ArrayJobDependency.Sequential) throw new Refusal("RF4008 a dependency needs a jobId. Only SEQUENTIAL does without.");
            if (dependency.JobId is { } id) CheckDependency(plan, dependency, id);
        }
    }

    private void CheckDependency(JobPlan plan, JobDependency dependency, string id)
    {
        if (!state.Jobs.TryGet(id, out Job? job)) throw new Refusal($"RF4008 there is no job {id} to depend on. Submit it first, to this engine.");
        if (dependency.Type != ArrayJobDependency.NToN) return;
        if (!job.IsArrayParent || job.Plan.ArraySize != plan.ArraySize)
            throw new Refusal($"RF4008 N_TO_N needs two arrays of one size, and {id} is {(job.IsArrayParent ? $"an array of {job.Plan.ArraySize}" : "no array")}. Depend on the whole job instead.");
    }

    private void Enter(string id, JobPlan plan)
    {
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var job = new Job { Id = id, Sequence = state.NextSequence(), Plan = plan, CreatedAt = now, State = JobState.Submitted };
        if (plan.ArraySize is not { } size)
        {
            Enter(job with { WaitsFor = DependencyRule.WaitsFor(plan.DependsOn, null, 0) });
            return;
        }
        conductor.Put(job);
        for (int index = 0; index < size; index++)
        {
            Enter(job with
            {
                Id = JobIds.Child(id, index),
                Sequence = state.NextSequence(),
                ArrayId = id,
                Index = index,
                WaitsFor = DependencyRule.WaitsFor(plan.DependsOn, id, index),
            });
        }
        conductor.Put(job with { State = JobState.Pending });
    }

    private void Enter(Job job)
    {
        conductor.Put(job);
        Job pending = job with { State = JobState.Pending };
        conductor.Put(pending);
        conductor.Advance(pending);
    }
}

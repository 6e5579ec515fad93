using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Jobs.Plans;
using Refrag.Engine.Names;
using Refrag.Engine.Resources;

namespace Refrag.Engine.Store;

/// <summary>A submission as it lies in the store.</summary>
/// <param name="Sequence">Its place in the order of arrival; the children of an array have the places that follow.</param>
/// <param name="Id">Its id.</param>
/// <param name="Kind">Whether it is a job or a service job.</param>
/// <param name="Queue">The queue's name.</param>
/// <param name="Definition">The definition's name and revision; empty for a service job.</param>
/// <param name="Status">Its status in the API's word.</param>
/// <param name="CreatedAt">When it was submitted.</param>
/// <param name="Request">What was asked, as JSON.</param>
/// <param name="Life">What has become of it, as JSON.</param>
internal readonly record struct JobRow(
    long Sequence, string Id, JobKind Kind, string Queue, string Definition, string Status, long CreatedAt, string Request, string Life)
{
    /// <summary>How many places in the order of arrival it takes.</summary>
    public static int Places(Job job) => 1 + (job.Plan.ArraySize ?? 0);

    /// <summary>What was asked.</summary>
    public static object RequestOf(Job job) => (object?)job.Plan.Service ?? job.Plan.Request!;

    /// <summary>How that is written.</summary>
    public static JsonTypeInfo RequestJson(Job job) =>
        job.Plan.Service is null ? BatchOperations.SubmitJob.RequestJson : BatchOperations.SubmitServiceJob.RequestJson;

    /// <summary>The job itself: planned again from what was asked, with its life put back.</summary>
    public Job ToJob(DefinitionTable definitions)
    {
        JobState state = JobStateExtensions.Parse(Status);
        JobPlan plan = Plan(definitions);
        if (state.IsBeforeStart()) plan = plan.Pack(Encoding.UTF8.GetBytes(Request));
        return Read(Life).Apply(new Job { Id = Id, Sequence = Sequence, CreatedAt = CreatedAt, Plan = plan }, state);
    }

    /// <summary>What can still be said of a job whose record cannot be read: that it has failed.</summary>
    public Job ToDamagedJob(Exception fault, LocalArns arns)
    {
        var definition = new JobDefinition { JobDefinitionName = Definition, JobDefinitionArn = arns.Definition(Definition) };
        var request = new SubmitJobRequest { JobName = Id, JobQueue = Queue, JobDefinition = Definition };
        string reason = DamageReason(fault);
        return new Job
        {
            Id = Id,
            Sequence = Sequence,
            CreatedAt = CreatedAt,
            Plan = JobPlanner.Empty(request, definition, Queue, arns, reason),
            State = JobState.Failed,
            StatusReason = reason,
            StoppedAt = CreatedAt,
        };
    }

    /// <summary>The same for a job whose record can be read, and which cannot be taken up.</summary>
    public static Job ToDamagedJob(Job job, Exception fault) =>
        new JobRow(job.Sequence, job.Id, job.Plan.Kind, job.Plan.Queue, job.Plan.DefinitionName, "", job.CreatedAt, "", "")
            .ToDamagedJob(fault, job.Plan.Arns);

    /// <summary>The status reason of a job whose record cannot be read.</summary>
    public static string DamageReason(Exception fault) =>
        $"RF4034 the job's stored record cannot be read: {fault.Message} Submit the job again.";

    /// <summary>A child, given its array's parent; without a row of its own it has not started.</summary>
    public static Job ToChild(Job parent, int index, (string Status, string Life)? stored)
    {
        var child = Job.Child(parent, index);
        return stored is { } row ? Read(row.Life).Apply(child, JobStateExtensions.Parse(row.Status)) : child;
    }

    /// <summary>
    /// A child of an array that has ended, and with it every child: one whose record says otherwise, because the array's could not be
    /// restored, failed with the array, and one whose record cannot be read has failed.
    /// </summary>
    public static Job ToEndedChild(Job parent, int index, (string Status, string Life)? stored)
    {
        Job child;
        try
        {
            child = ToChild(parent, index, stored);
        }
#pragma warning disable CA1031 // A record can be damaged in any way, and none is the end of a listing that meets it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Failed(Job.Child(parent, index), parent, DamageReason(e));
        }
        return child.State.IsFinal() ? child : Failed(child, parent, parent.StatusReason);
    }

    private static Job Failed(Job child, Job parent, string? reason) => child with
    {
        State = JobState.Failed,
        StatusReason = reason,
        StoppedAt = parent.StoppedAt ?? parent.CreatedAt,
        Nodes = [],
    };

    private static JobLife Read(string life) => JsonSerializer.Deserialize(life, StateJson.Default.JobLife) ?? new JobLife();

    private JobPlan Plan(DefinitionTable definitions)
    {
        if (Kind is JobKind.Service)
            return JobPlanner.Plan(
                JsonSerializer.Deserialize(Request, BatchOperations.SubmitServiceJob.RequestJson)!, Queue, definitions.Arns);
        SubmitJobRequest request = JsonSerializer.Deserialize(Request, BatchOperations.SubmitJob.RequestJson)!;
        // A definition is gone only if another program removed it; the job is still described.
        JobDefinition definition = definitions.Revision(Definition)
            ?? new JobDefinition { JobDefinitionName = Definition, JobDefinitionArn = definitions.Arns.Definition(Definition) };
        return JobPlanner.PlanStored(request, definition, Queue, definitions.Arns);
    }
}

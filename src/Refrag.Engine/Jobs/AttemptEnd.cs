using Refrag.Aws.Batch;
using Refrag.Engine.Jobs.Rules;
using Refrag.Engine.Jobs.Plans;
using Refrag.Engine.Names;

namespace Refrag.Engine.Jobs;

/// <summary>What becomes of a job when all nodes of its attempt have ended.</summary>
internal static class AttemptEnd
{
    /// <summary>The status reason of every task whose container ended, well or badly. (as Batch shows it)</summary>
    public const string ContainerExited = "Essential container in task exited";

    /// <summary>The status reason of a task whose container could not be started. (as Batch shows it)</summary>
    public const string NotStarted = "Task failed to start";

    // DescribeServiceJob shows a sliding window of them; how large it is, AWS does not say. (UG preemption)
    private const int MostPreempted = 10;

    /// <summary>
    /// The job after the attempt: succeeded, failed, or runnable again. The main node decides; a job that was stopped has failed, whatever
    /// its exit code, and is not tried again.
    /// </summary>
    public static Job Apply(Job job, long now)
    {
        NodeRun main = job.Nodes[job.Plan.MainNode];
        string reason = job.Stop?.Reason ?? Reason(job, main);
        if (job.Stop is { IsPreemption: true }) return Preempted(job, Detail(job, main, reason), now);
        Job ended = job with { Attempts = [.. job.Attempts, Detail(job, main, reason)], StatusReason = reason };
        if (job.Stop is null && main is { Started: true, ExitCode: 0, IsLost: false })
            return ended with { State = JobState.Succeeded, StoppedAt = now };
        bool again = job.Stop is null
            && RetryRule.TriesAgain(job.Plan.Retry, ended.Attempts.Count, new AttemptFailure(main.ExitCode, main.Reason, reason));
        return again
            ? ended with { State = JobState.Runnable, StartedAt = null, RunnableSince = now }
            : ended with { State = JobState.Failed, StoppedAt = now };
    }

    // Preemptions count for themselves, beside the retries. What the program made of the signal is not asked: it did not come to its end.
    // (UG preemption)
    private static Job Preempted(Job job, AttemptDetail attempt, long now)
    {
        int count = job.Preemptions + 1;
        Job preempted = job with
        {
            Preemptions = count,
            PreemptedAttempts = [.. job.PreemptedAttempts.TakeLast(MostPreempted - 1), attempt],
            StatusReason = attempt.StatusReason,
            Stop = null,
        };
        return job.Plan.Service?.PreemptionConfiguration?.PreemptionRetriesBeforeTermination < count
            ? preempted with { State = JobState.Failed, StoppedAt = now }
            : preempted with { State = JobState.Runnable, StartedAt = null, RunnableSince = now };
    }

    /// <summary>
    /// The status reason of a node that has ended, in Batch's words: Host EC2* is how retry strategies ask for a host that went away. (UG
    /// job_retries)
    /// </summary>
    public static string Reason(Job job, NodeRun node)
    {
        if (node.IsLost) return $"Host EC2 (instance {node.Instance?.Id ?? LocalArn.InstanceId}) terminated.";
        string reason = node.Started ? ContainerExited : NotStarted;
        return job.Plan.Simulated is { } why ? $"{reason} (simulated, because {why})" : reason;
    }

    private static AttemptDetail Detail(Job job, NodeRun main, string reason) => new()
    {
        Container = new AttemptContainerDetail
        {
            ContainerInstanceArn = JobArn.Host(job, main),
            TaskArn = JobArn.Task(job, main),
            ExitCode = main.ExitCode,
            Reason = main.Reason,
            LogStreamName = main.LogStream,
            NetworkInterfaces = [],
        },
        StartedAt = main.StartedAt,
        StoppedAt = main.StoppedAt,
        StatusReason = reason,
        TaskProperties = main.Containers is null ? null : [Task(job, main)],
    };

    private static AttemptEcsTaskDetails Task(Job job, NodeRun main) => new()
    {
        ContainerInstanceArn = JobArn.Host(job, main),
        TaskArn = JobArn.Task(job, main),
        Containers = [.. main.Containers!.Zip(TaskContainer.Of(job, job.Plan.MainNode), (run, container) => new AttemptTaskContainerDetails
        {
            Name = container.Name,
            ExitCode = run.ExitCode,
            Reason = run.Reason,
            LogStreamName = run.StartedAt is null ? null : run.LogStream,
            NetworkInterfaces = [],
        })],
    };
}

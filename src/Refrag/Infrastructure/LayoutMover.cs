using System.Globalization;
using Refrag.Aws;
using Refrag.Aws.Batch;

namespace Refrag.Infrastructure;

/// <summary>How to move.</summary>
public sealed record LayoutMoveOptions
{
    /// <summary>How often the old queues are checked while they run empty. At least a second; default 15 s.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long to wait for that; null for as long as it takes. Zero refuses at once where jobs are left.</summary>
    public TimeSpan? Patience { get; init; }

    /// <summary>Whether to terminate the jobs that are left in the old queues instead of waiting for their end. Default false.</summary>
    public bool KillJobs { get; init; }

    /// <summary>Whether only to say what would be done.</summary>
    public bool DryRun { get; init; }

    /// <summary>Gets Terraform's JSON events while it applies, one a line; null for none.</summary>
    public Action<string>? OnLine { get; init; }

    // A move that was taken up again may have left a Terraform that still ends its work.
    internal TimeSpan LockPatience { get; init; }
}

/// <summary>What a move reports.</summary>
/// <param name="Step">The step it is at.</param>
/// <param name="Text">One line for a person.</param>
public sealed record LayoutProgress(LayoutStep Step, string Text);

/// <summary>
/// Moves a deployed stack between the single queue and separate CPU and GPU queues, step by step and with a journal: interrupted at any
/// point, even by a kill, the same call continues where it was.
/// </summary>
/// <param name="stack">The stack.</param>
/// <param name="batch">Asks and closes queues.</param>
/// <param name="journal">Where the move is kept.</param>
/// <param name="time">The clock.</param>
public sealed class LayoutMover(Deployment stack, IAwsTransport batch, LayoutJournal journal, TimeProvider time)
{
    // The old stack has these without an index, this one with: they have moved, and Terraform wants what has moved among the targets.
    private static readonly string[] s_moved =
    [
        "-target=aws_batch_compute_environment.ce", "-target=aws_batch_job_queue.queue", "-target=aws_batch_job_definition.jobdef",
        "-target=data.aws_vpc.default", "-target=data.aws_subnets.default",
    ];

    // Longer than the longest step of Terraform's: the drain of an environment has its own limit, and Terraform reports it.
    private static readonly TimeSpan s_lockPatience = TimeSpan.FromMinutes(10);

    /// <summary>Moves, or resumes a move. Empty on success. RF6013–RF6017.</summary>
    /// <param name="direction">Where to.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Gets a line a step, and one a look while the old queues run empty.</param>
    /// <param name="cancellationToken">Stops; the same call resumes later.</param>
    public async Task<IReadOnlyList<Problem>> MoveAsync(
        LayoutDirection direction, LayoutMoveOptions options, Action<LayoutProgress> progress, CancellationToken cancellationToken)
    {
        if (!(await journal.ReadAsync(cancellationToken))
            .TryGet(out LayoutJournalEntry? entry, out IReadOnlyList<Problem> unread)) return unread;
        LayoutMove? kept = entry.Move;
        if (kept is not null && kept.Direction != direction) return [LayoutProblems.OtherMove(kept)];
        if (kept is null)
        {
            if (!(await stack.StateAsync(cancellationToken)).TryGet(out StackState? state, out unread)) return unread;
            if (!LayoutMove.Begin(direction, state).TryGet(out kept, out IReadOnlyList<Problem> nothing)) return nothing;
        }
        else
        {
            options = options with { LockPatience = s_lockPatience };
        }
        return options.DryRun
            ? await RehearseAsync(kept, options, progress, cancellationToken)
            : await GoOnAsync(kept, options, progress, cancellationToken);
    }

    private async Task<IReadOnlyList<Problem>> GoOnAsync(
        LayoutMove move, LayoutMoveOptions options, Action<LayoutProgress> progress, CancellationToken cancellationToken)
    {
        while (move.Next != LayoutStep.Done)
        {
            IReadOnlyList<Problem> problems = await journal.WriteAsync(move, cancellationToken);
            if (problems.Count > 0) return problems;
            LayoutMove at = move;
            problems = await Transient.RetryAsync(
                _ => DoAsync(at, options, progress, cancellationToken), problem =>
                    progress(new LayoutProgress(at.Next, $"again in a moment: {problem.What}")), options.Pause, time, cancellationToken);
            if (problems.Count > 0) return problems;
            move = move.Advance();
        }
        progress(new LayoutProgress(LayoutStep.Done, LayoutMessages.Finished(move)));
        return await journal.ClearAsync(cancellationToken);
    }

    private Task<IReadOnlyList<Problem>> DoAsync(
        LayoutMove move, LayoutMoveOptions options, Action<LayoutProgress> progress, CancellationToken cancellationToken) =>
        move.Next switch
        {
            LayoutStep.AddNew => AddNewAsync(move, options, progress, cancellationToken),
            LayoutStep.CloseOld => CloseOldAsync(move, options, progress, cancellationToken),
            LayoutStep.WaitUntilEmpty => WaitAsync(move, options, progress, cancellationToken),
            _ => RemoveOldAsync(move, options, progress, cancellationToken),
        };

    // What the old stack has and the new one does not know would be destroyed by a plain apply, under the old queue. So only the rest is
    // applied, by name; the last step takes the remainder.
    private async Task<IReadOnlyList<Problem>> AddNewAsync(
        LayoutMove move, LayoutMoveOptions options, Action<LayoutProgress> progress, CancellationToken cancellationToken)
    {
        if (!(await ArgumentsAsync(move, LayoutMove.Beside, options, cancellationToken)).TryGet(
            out string[]? arguments, out IReadOnlyList<Problem> problems)) return problems;
        if (!(await stack.PlanToApplyAsync(arguments, cancellationToken)).TryGet(out PlanSummary? plan, out problems)) return problems;
        if (plan.Replacements.Count > 0) return [LayoutProblems.WouldReplace(plan)];
        string[] targets = [.. plan.Changes.Where(c => c.Action != PlannedAction.Destroy).Select(c => $"-target={c.Address}")];
        progress(
            new LayoutProgress(move.Next, $"adding the new queues beside {string.Join(", ", move.OldQueues)}: {targets.Length} resources"));
        if (targets.Length == 0) return [];
        if (plan.Count(PlannedAction.Destroy) > 0)
        {
            if (!(await stack.PlanToApplyAsync([.. arguments, .. targets, .. s_moved], cancellationToken)).TryGet(
                out PlanSummary? narrow, out problems)) return problems;
            if (narrow.Changes.Any(c => c.Action is PlannedAction.Destroy or PlannedAction.Replace))
                return [LayoutProblems.WouldReplace(narrow)];
        }
        // The state names the old queues and so the region, which the connection is to.
        await new EnvironmentRevalidation(stack, _ => batch, time, options.Pause).TryAsync(plan, cancellationToken);
        return await stack.ApplyPlanAsync(options.OnLine, cancellationToken);
    }

    private async Task<IReadOnlyList<Problem>> CloseOldAsync(LayoutMove move, LayoutMoveOptions options, Action<LayoutProgress> progress,
        CancellationToken cancellationToken)
    {
        var resources = new SettledResources(batch, time, options.Pause);
        foreach (string queue in move.OldQueues)
        {
            if (await resources.CloseQueueAsync(queue, cancellationToken) is { } problem) return [problem];
            progress(new LayoutProgress(move.Next, $"{queue} takes no new jobs"));
        }
        return [];
    }

    private async Task<IReadOnlyList<Problem>> WaitAsync(
        LayoutMove move, LayoutMoveOptions options, Action<LayoutProgress> progress, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        var terminated = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            IReadOnlyList<QueueOccupancy> left = await OccupancyAsync(move, cancellationToken);
            if (left.Count == 0) return [];
            foreach (QueueOccupancy queue in left)
                progress(new LayoutProgress(move.Next, $"{queue.Queue}: {queue.Active} running, {queue.Waiting} waiting"));
            if (options.KillJobs) await TerminateAsync(left, terminated, cancellationToken);
            if ((!options.KillJobs || options.Patience > TimeSpan.Zero) && options.Patience is { } patience
                && time.GetElapsedTime(start) >= patience) return [LayoutProblems.JobsLeft(move, left)];
            await Task.Delay(options.Pause, time, cancellationToken);
        }
    }

    private async Task TerminateAsync(IReadOnlyList<QueueOccupancy> left, HashSet<string> terminated, CancellationToken cancellationToken)
    {
        foreach (string job in left.SelectMany(queue => queue.Jobs).Where(terminated.Add))
        {
            await batch.SendAsync(BatchOperations.TerminateJob,
                new TerminateJobRequest { JobId = job, Reason = "its queue is being removed" }, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<Problem>> RemoveOldAsync(
        LayoutMove move, LayoutMoveOptions options, Action<LayoutProgress> progress, CancellationToken cancellationToken)
    {
        if (!(await ArgumentsAsync(move, move.Target, options, cancellationToken)).TryGet(
            out string[]? arguments, out IReadOnlyList<Problem> problems)) return problems;
        if (!(await stack.PlanToApplyAsync(arguments, cancellationToken)).TryGet(out PlanSummary? plan, out problems)) return problems;
        // The plan was made hours after the user agreed: it may remove, and nothing else that touches hosts and jobs.
        if (plan.Changes.Any(c => c.Action == PlannedAction.Add) || plan.Replacements.Count > 0)
            return [LayoutProblems.NotOnlyRemoval(plan)];
        progress(
            new LayoutProgress(move.Next, $"removing {string.Join(", ", move.OldQueues)}: {plan.Count(PlannedAction.Destroy)} resources"));
        return plan.IsEmpty ? [] : await stack.ApplyPlanAsync(options.OnLine, cancellationToken);
    }

    private async Task<IReadOnlyList<Problem>> RehearseAsync(
        LayoutMove move, LayoutMoveOptions options, Action<LayoutProgress> progress, CancellationToken cancellationToken)
    {
        if (!(await ArgumentsAsync(move, LayoutMove.Beside, options, cancellationToken)).TryGet(
            out string[]? arguments, out IReadOnlyList<Problem> problems)) return problems;
        if (!(await stack.PlanAsync(arguments, cancellationToken)).TryGet(out PlanSummary? plan, out problems)) return problems;
        IReadOnlyList<QueueOccupancy> left = move.Next < LayoutStep.RemoveOld ? await OccupancyAsync(move, cancellationToken) : [];
        foreach (LayoutProgress line in LayoutMessages.Rehearsal(move, plan, left, options)) progress(line);
        return plan.Replacements.Count > 0 ? [LayoutProblems.WouldReplace(plan)] : [];
    }

    private async Task<IReadOnlyList<QueueOccupancy>> OccupancyAsync(LayoutMove move, CancellationToken cancellationToken)
    {
        var left = new List<QueueOccupancy>();
        foreach (string queue in move.OldQueues)
        {
            QueueOccupancy occupancy = await QueueOccupancy.ReadAsync(batch, queue, cancellationToken);
            if (!occupancy.IsEmpty) left.Add(occupancy);
        }
        return left;
    }

    private async Task<Result<string[]>> ArgumentsAsync(
        LayoutMove move, string layout, LayoutMoveOptions options, CancellationToken cancellationToken)
    {
        if (!(await stack.StateAsync(cancellationToken)).TryGet(out StackState? state, out IReadOnlyList<Problem> problems))
            return Result<string[]>.Failure(problems);
        // A rollback ends with the removal of these environments too; its queues have run empty by then.
        bool removesAll = move is { Direction: LayoutDirection.Rollback, Next: LayoutStep.RemoveOld };
        return (string[])
        [
            $"-var=batch_queue_layout={layout}",
            string.Create(CultureInfo.InvariantCulture, $"-lock-timeout={options.LockPatience.TotalSeconds:0}s"),
            .. !removesAll && state.Retain(except: []) is { } kept ? new[] { kept } : [],
        ];
    }
}

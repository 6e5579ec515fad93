namespace Refrag.Infrastructure;

/// <summary>What a move says to people.</summary>
internal static class LayoutMessages
{
    public static string Finished(LayoutMove move) => move.Direction == LayoutDirection.Migrate
        ? "jobs now run on the CPU and the GPU queue; `refrag infra sync` writes their names into a config"
        : "jobs now run on the single queue; keep batch_queue_layout = \"single\" in your tfvars, or the next apply makes separate "
            + "queues again";

    public static IEnumerable<LayoutProgress> Rehearsal(
        LayoutMove move, PlanSummary plan, IReadOnlyList<QueueOccupancy> left, LayoutMoveOptions options)
    {
        string old = string.Join(", ", move.OldQueues);
        for (LayoutMove at = move; at.Next != LayoutStep.Done; at = at.Advance())
        {
            yield return new LayoutProgress(at.Next, at.Next switch
            {
                LayoutStep.AddNew =>
                    $"would add {plan.Count(PlannedAction.Add)} and change {plan.Count(PlannedAction.Change)} resources beside {old}",
                LayoutStep.CloseOld => $"would close {old} for new jobs",
                LayoutStep.WaitUntilEmpty when left.Count == 0 => "would not have to wait: no jobs are left",
                LayoutStep.WaitUntilEmpty =>
                    $"would {(options.KillJobs ? "NOT wait for" : "wait for")} {left.Sum(q => q.Active)} running and "
                        + $"{left.Sum(q => q.Waiting)} waiting jobs",
                _ => $"would remove {old} and what served only them",
            });
        }
    }
}

/// <summary>Why a move cannot continue. RF6013–RF6017, RF6034 and RF6041.</summary>
internal static class LayoutProblems
{
    public static Problem NoWorkspaces { get; } = new()
    {
        Code = "RF6041",
        What = "the stack's backend has no workspaces, and the progress of a move is kept in one",
        Cause = "without it, an interrupted move could not be resumed, and another apply could remove queues under their jobs",
        Cure = "Move the state to a backend with workspaces, such as s3 (`terraform init -migrate-state`), and run the same command again.",
    };

    public static Problem UnreadableJournal(string workspace, string reason) => new()
    {
        Code = "RF6014",
        What = $"the progress of a move, in the Terraform workspace {workspace}, cannot be read",
        Cause = reason,
        Cure = $"Delete it with `terraform workspace delete {workspace}` and run the command again: every step may be repeated.",
    };

    public static Problem UnreadableFile(string path, string reason) => new()
    {
        Code = "RF6014",
        What = $"the progress of a move that an earlier version of refrag began, in {path}, cannot be read",
        Cause = reason,
        Cure = "Delete the file and run the command again: every step may be repeated.",
    };

    public static Problem UnderWay(LayoutMove move) => new()
    {
        Code = "RF6034",
        What = $"a {Verb(move.Direction)} of this stack was interrupted, or is running elsewhere (next step: {move.Next})",
        Cause = "another apply could remove the old queues under their jobs",
        Cure = $"Run `refrag infra {Verb(move.Direction)}` again: it continues where it was.",
    };

    public static Problem OtherMove(LayoutMove kept) => new()
    {
        Code = "RF6015",
        What = $"a {Verb(kept.Direction)} is under way (next step: {kept.Next})",
        Cure = $"Finish it with `refrag infra {Verb(kept.Direction)}` first.",
    };

    public static Problem NothingToMove(LayoutDirection direction) => new()
    {
        Code = "RF6013",
        What = direction == LayoutDirection.Migrate
            ? "this state has no single queue (aws_batch_job_queue.queue) to migrate from"
            : "this state has no CPU and GPU queues to roll back from",
        Cure = direction == LayoutDirection.Migrate
            ? "Run it where the old stack's state is; for a new deployment run `refrag infra apply`."
            : "Check --directory and --region; `terraform workspace show` prints which state is in use without --region.",
    };

    public static Problem QueuesGone(LayoutMove move) => new()
    {
        Code = "RF6013",
        What = $"a {Verb(move.Direction)} was begun (next step: {move.Next}), and this state no longer holds a queue",
        Cause = "the stack was removed in another way, or another state is selected",
        Cure = "Check --directory and --region; to forget the move, run `terraform workspace delete` with the name that begins with "
            + "refrag-move.",
    };

    public static Problem WouldReplace(PlanSummary plan) => new()
    {
        Code = "RF6016",
        What = "the new queues cannot be added beside the old: "
            + $"{Addresses(plan, PlannedAction.Replace, PlannedAction.Destroy)} would be replaced",
        Cause = "a replacement could take away what the old queue's jobs use",
        Cure = "Apply other changes before or after the move, not with it: run `refrag infra plan` and see what differs.",
    };

    public static Problem NotOnlyRemoval(PlanSummary plan) => new()
    {
        Code = "RF6016",
        What = $"the last step only removes, and now {Addresses(plan, PlannedAction.Add, PlannedAction.Replace)} would be made",
        Cause = "the settings have changed since the move began",
        Cure = "Set them back and run the same command again; apply other changes after the move.",
    };

    public static Problem JobsLeft(LayoutMove move, IReadOnlyList<QueueOccupancy> left) => new()
    {
        Code = "RF6017",
        What = $"jobs are left: {string.Join("; ", left.Select(q => $"{q.Queue} {q.Active} running, {q.Waiting} waiting"))}",
        Cause = "to remove the queue now would kill them",
        Cure = $"Run `refrag infra {Verb(move.Direction)}` again to keep waiting, or with --kill-jobs to give them up.",
    };

    private static string Verb(LayoutDirection direction) => direction == LayoutDirection.Migrate ? "migrate" : "rollback";

    private static string Addresses(PlanSummary plan, params PlannedAction[] actions) =>
        string.Join(", ", plan.Changes.Where(c => actions.Contains(c.Action)).Select(c => c.Address));
}

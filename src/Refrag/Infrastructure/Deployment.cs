namespace Refrag.Infrastructure;

/// <summary>One stack: Terraform in its directory, with the variables of one region.</summary>
/// <param name="terraform">Runs Terraform.</param>
/// <param name="directory">The stack's directory.</param>
/// <param name="variables">Arguments such as <c>-var-file=regions/us-east-1.tfvars</c> and <c>-var=name=value</c>, given to every
/// plan.</param>
/// <param name="name">Distinguishes the plans of several stacks of one directory; a region's name. Empty for a single one.</param>
public sealed class Deployment(ITerraform terraform, string directory, IReadOnlyList<string> variables, string name = "")
{
    // In the stack's directory, which git ignores for this ending; a plan holds no secrets of ours, but names the account.
    private readonly string _planFile = name.Length == 0 ? "refrag.tfplan" : $"refrag-{name}.tfplan";

    private readonly LostCreations _lost = new(directory);

    /// <summary>Initialises the directory where that was never done. Empty on success.</summary>
    /// <param name="onLine">Gets Terraform's lines; null for none.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<IReadOnlyList<Problem>> InitializeAsync(Action<string>? onLine, CancellationToken cancellationToken) =>
        Directory.Exists(Path.Combine(directory, ".terraform", "providers"))
            ? []
            : await RunAsync(["init", "-no-color"], onLine, cancellationToken);

    /// <summary>Plans and keeps the plan for <see cref="ApplyPlanAsync"/>. Changes nothing.</summary>
    /// <param name="arguments">Further arguments, such as <c>-target=…</c> or <c>-destroy</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Result<PlanSummary>> PlanAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        IReadOnlyList<Problem> problems;
        _lost.Write();
        try
        {
            problems = await RunAsync(["plan", "-json", $"-out={_planFile}", .. variables, .. arguments], onLine: null, cancellationToken);
        }
        finally
        {
            _lost.Remove();
        }
        if (problems.Count > 0) return Result<PlanSummary>.Failure(problems);
        TerraformRun shown = await terraform.RunAsync(["show", "-json", _planFile], onLine: null, cancellationToken);
        if (!shown.IsSuccess) return Result<PlanSummary>.Failure(TerraformDiagnostics.Read(shown));
        if (_lost.Foreign(shown.Output) is { Count: > 0 } foreign) return TerraformDiagnostics.Foreign(foreign);
        string types = await File.ReadAllTextAsync(Path.Combine(directory, "instance_types.json"), cancellationToken);
        PlanSummary plan = PlanReader.Read(shown.Output, types);
        return plan.EditedEnvironments.Count > 0 ? RetentionProblems.EditedUnderJobs(plan) : plan;
    }

    /// <summary>
    /// Like <see cref="PlanAsync"/>, and keeps every environment that the state holds, as an apply does while jobs run there.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<Result<PlanSummary>> PlanRetainingAsync(StackState state, CancellationToken cancellationToken) =>
        PlanAsync(state.Retain(except: []) is { } kept ? [kept] : [], cancellationToken);

    /// <summary>
    /// Like <see cref="PlanAsync"/>, for a plan that is to be applied: queues and environments that an interrupted run left behind are
    /// taken over first. RF6044 for those that
    /// were marked with `terraform taint`.
    /// </summary>
    /// <param name="arguments">Further arguments.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Result<PlanSummary>> PlanToApplyAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        Result<PlanSummary> plan = await PlanAsync(arguments, cancellationToken);
        if (!plan.IsSuccess || !plan.Value.Changes.Any(c => c.IsAdoptable)) return plan;
        if (!(await StateAsync(cancellationToken))
            .TryGet(out StackState? state, out IReadOnlyList<Problem> unread)) return Result<PlanSummary>.Failure(unread);
        PlannedChange[] marked = [.. plan.Value.Changes.Where(c => c.IsAdoptable && !state.IsHalfMade(c.Address))];
        if (marked.Length > 0) return RetentionProblems.MarkedByHand(marked);
        foreach (PlannedChange change in plan.Value.Changes.Where(c => c.IsAdoptable))
        {
            IReadOnlyList<Problem> problems = await RunAsync(["untaint", "-no-color", change.Address], onLine: null, cancellationToken);
            if (problems.Count > 0) return Result<PlanSummary>.Failure(problems);
        }
        return await PlanAsync(arguments, cancellationToken);
    }

    /// <summary>
    /// Does what the last plan said, and nothing else. Empty on success. RF6048 where something of it was there already, made by a run that
    /// was interrupted: the next plan takes it over.
    /// </summary>
    /// <param name="onLine">Gets Terraform's JSON events, one a line.</param>
    /// <param name="cancellationToken">Stops between resources; running it again resumes.</param>
    public async Task<IReadOnlyList<Problem>> ApplyPlanAsync(Action<string>? onLine, CancellationToken cancellationToken)
    {
        TerraformRun run = await terraform.RunAsync(["apply", "-json", _planFile], onLine, cancellationToken);
        if (run.IsSuccess) return [];
        IReadOnlyList<string> taken = TerraformDiagnostics.Taken(run);
        if (taken.Count == 0) return TerraformDiagnostics.Read(run);
        TerraformRun plan = await terraform.RunAsync(["show", "-json", _planFile], onLine: null, cancellationToken);
        TerraformRun state = await terraform.RunAsync(["show", "-json"], onLine: null, cancellationToken);
        return plan.IsSuccess && state.IsSuccess && _lost.Note(taken, plan.Output, state.Output)
            ? [TerraformDiagnostics.TakenOver(taken)]
            : TerraformDiagnostics.Read(run);
    }

    /// <summary>Removes the kept plan. It may name resources that no longer are as it says, and must not be applied by hand.</summary>
    public void ForgetPlan() => File.Delete(Path.Combine(directory, _planFile));

    /// <summary>The stack's outputs.</summary>
    public async Task<Result<StackOutputs>> OutputsAsync(CancellationToken cancellationToken)
    {
        TerraformRun run = await terraform.RunAsync(["output", "-json"], onLine: null, cancellationToken);
        return run.IsSuccess ? StackOutputs.Read(run.Output) : Result<StackOutputs>.Failure(TerraformDiagnostics.Read(run));
    }

    /// <summary>What the state holds.</summary>
    public async Task<Result<StackState>> StateAsync(CancellationToken cancellationToken)
    {
        TerraformRun run = await terraform.RunAsync(["show", "-json"], onLine: null, cancellationToken);
        return run.IsSuccess ? new StackState(run.Output) : Result<StackState>.Failure(TerraformDiagnostics.Read(run));
    }

    private async Task<IReadOnlyList<Problem>> RunAsync(
        IReadOnlyList<string> arguments, Action<string>? onLine, CancellationToken cancellationToken)
    {
        TerraformRun run = await terraform.RunAsync(arguments, onLine, cancellationToken);
        return run.IsSuccess ? [] : TerraformDiagnostics.Read(run);
    }
}

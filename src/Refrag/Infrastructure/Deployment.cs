namespace Refrag.Infrastructure;

/// <summary>One stack: Terraform in its directory, with the variables of one region.</summary>
/// <param name="terraform">Runs Terraform.</param>
/// <param name="directory">The stack's directory.</param>
/// <param name="variables">Arguments such as <c>-var-file=regions/us-east-1.tfvars</c> and <c>-var=name=value</c>, given to every plan.</param>
public sealed class Deployment(ITerraform terraform, string directory, IReadOnlyList<string> variables)
{
    // In the stack's directory, which git ignores for this ending; a plan holds no secrets of ours, but names the account.
    private const string PlanFile = "refrag.tfplan";

    /// <summary>Initialises the directory; harmless where it is initialised.</summary>
    public Task<IReadOnlyList<Problem>> InitializeAsync(Action<string>? onLine, CancellationToken cancellationToken) =>
        RunAsync(["init", "-no-color"], onLine, cancellationToken);

    /// <summary>Plans and keeps the plan for <see cref="ApplyPlanAsync"/>. Changes nothing.</summary>
    /// <param name="arguments">Further arguments, such as <c>-target=…</c> or <c>-destroy</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Result<PlanSummary>> PlanAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        IReadOnlyList<Problem> problems = await RunAsync(["plan", "-json", $"-out={PlanFile}", .. variables, .. arguments], onLine: null, cancellationToken);
        if (problems.Count > 0) return Result<PlanSummary>.Failure(problems);
        TerraformRun shown = await terraform.RunAsync(["show", "-json", PlanFile], onLine: null, cancellationToken);
        if (!shown.IsSuccess) return Result<PlanSummary>.Failure(TerraformDiagnostics.Read(shown));
        string types = await File.ReadAllTextAsync(Path.Combine(directory, "instance_types.json"), cancellationToken);
        return PlanReader.Read(shown.Output, types);
    }

    /// <summary>Does what the last plan said, and nothing else. Empty on success.</summary>
    /// <param name="onLine">Gets Terraform's JSON events, one a line.</param>
    /// <param name="cancellationToken">Stops between resources; running it again goes on.</param>
    public Task<IReadOnlyList<Problem>> ApplyPlanAsync(Action<string>? onLine, CancellationToken cancellationToken) =>
        RunAsync(["apply", "-json", PlanFile], onLine, cancellationToken);

    /// <summary>The stack's outputs.</summary>
    public async Task<Result<StackOutputs>> OutputsAsync(CancellationToken cancellationToken)
    {
        TerraformRun run = await terraform.RunAsync(["output", "-json"], onLine: null, cancellationToken);
        return run.IsSuccess ? StackOutputs.Read(run.Output) : Result<StackOutputs>.Failure(TerraformDiagnostics.Read(run));
    }

    /// <summary>The state as JSON, by <c>terraform show -json</c>.</summary>
    internal async Task<Result<string>> StateAsync(CancellationToken cancellationToken)
    {
        TerraformRun run = await terraform.RunAsync(["show", "-json"], onLine: null, cancellationToken);
        return run.IsSuccess ? run.Output : Result<string>.Failure(TerraformDiagnostics.Read(run));
    }

    private async Task<IReadOnlyList<Problem>> RunAsync(IReadOnlyList<string> arguments, Action<string>? onLine, CancellationToken cancellationToken)
    {
        TerraformRun run = await terraform.RunAsync(arguments, onLine, cancellationToken);
        return run.IsSuccess ? [] : TerraformDiagnostics.Read(run);
    }
}

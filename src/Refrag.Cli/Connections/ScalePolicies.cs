using Refrag.Budgets;
using Refrag.Cli.Context;
using Refrag.Policies;
using Refrag.Scaling;

namespace Refrag.Cli.Connections;

/// <summary>The scaling policies of a project, and the budgets that they name.</summary>
/// <param name="Policies">The policies, at least one.</param>
/// <param name="Budgets">The budgets by name.</param>
internal sealed record ScalePolicies(IReadOnlyList<EnvironmentPolicy> Policies, IReadOnlyDictionary<string, Budget> Budgets)
{
    /// <summary>Reads them; all problems at once.</summary>
    /// <param name="context">The process.</param>
    /// <param name="folders">The folders of the configuration.</param>
    /// <param name="names">The policies that are meant; empty for all.</param>
    public static Result<ScalePolicies> Read(CliContext context, IReadOnlyList<string> folders, IReadOnlyList<string> names)
    {
        string? folder = folders.Select(one => Path.Combine(one, ScaleFile.Folder)).FirstOrDefault(Directory.Exists);
        string shown = folder is null ? $"conf/{ScaleFile.Folder}" : Path.GetRelativePath(context.WorkingDirectory, folder);
        if (folder is null) return NoPolicies(shown);
        if (!ScaleFile.ReadFolder(folder, shown).TryGet(out IReadOnlyList<EnvironmentPolicy>? all, out IReadOnlyList<Problem> problems))
            return Result<ScalePolicies>.Failure(problems);
        if (all.Count == 0) return NoPolicies(shown);
        string[] known = [.. all.Select(one => one.Name)];
        string[] unknown = [.. names.Where(name => !known.Contains(name, StringComparer.Ordinal))];
        if (unknown.Length > 0) return Result<ScalePolicies>.Failure([.. unknown.Select(name => NoPolicy(name, shown, known))]);
        EnvironmentPolicy[] wanted = [.. all.Where(one => names.Count == 0 || names.Contains(one.Name, StringComparer.Ordinal))];
        Dictionary<string, Budget> budgets = new(StringComparer.Ordinal);
        if (wanted.Any(one => one.Maximum is not null))
        {
            if (!new BudgetGate(context, folders, exceeds: false).Budgets()
                .TryGet(out IReadOnlyList<Budget>? found, out problems)) return Result<ScalePolicies>.Failure(problems);
            // A budget for each user has no sum of its own.
            foreach (Budget budget in found.Where(one => one.Scope.Value != BudgetScope.Each)) budgets[budget.Name] = budget;
            Problem[] missing =
            [
                .. wanted.Where(one => one.Maximum is { } maximum && !budgets.ContainsKey(maximum.Budget))
                    .Select(one => NoBudget(one, [.. budgets.Keys])),
            ];
            if (missing.Length > 0) return Result<ScalePolicies>.Failure(missing);
        }
        return new ScalePolicies(wanted, budgets);
    }

    private static Problem NoPolicies(string shown) => new()
    {
        Code = "RF8164",
        What = $"There is no scaling policy: {shown} has no file that ends with .yaml",
        Cure = $"Write one, such as {shown}/cpu.yaml, as docs/guides/scaling.md describes it.",
    };

    private static Problem NoPolicy(string name, string shown, string[] known) => new()
    {
        Code = "RF8177",
        What = $"{shown} has no scaling policy {name}",
        Cure = $"Name one of {string.Join(", ", known)}.{Suggestion.Sentence(name, known)}",
    };

    private static Problem NoBudget(EnvironmentPolicy policy, string[] known) => new()
    {
        Code = "RF8168",
        What = $"Scaling policy {policy.Name} is paced by the budget {policy.Maximum!.Budget}, which {BudgetFile.Name} does not have",
        Cause = "A budget for each user or each value of a tag cannot pace an environment",
        Cure = known.Length > 0
            ? $"Name one of {string.Join(", ", known)}.{Suggestion.Sentence(policy.Maximum.Budget, known)}"
            : $"Add it to {BudgetFile.Name} beside the configuration.",
    };
}

using Refrag.Composition.Tree;
using Refrag.Composition.Yaml;
using Refrag.Scenarios;

namespace Refrag.Budgets;

/// <summary>
/// Budgets of a project, as YAML: <c>budgets</c>, a list with <c>name</c>, <c>usd</c>, one of <c>user</c>, <c>tag</c> and <c>queue</c> or
/// none, and <c>warn_at</c>, <c>over</c> and <c>may_exceed</c>.
/// </summary>
public static class BudgetFile
{
    /// <summary>Its name, in a folder of the configuration.</summary>
    public const string Name = "budgets.yaml";

    /// <summary>A name that it does not have.</summary>
    public const string OtherName = "budgets.yml";

    /// <summary>The code of everything that is wrong in such a file.</summary>
    private const string Code = "RF8170";

    private const double MostUsd = 1_000_000_000;

    private static readonly Dictionary<string, object> s_rules =
        new(StringComparer.Ordinal) { ["warn"] = BudgetRule.Warn, ["refuse"] = BudgetRule.Refuse };

    /// <summary>Reads a file; what is wrong with it is a problem with its place.</summary>
    /// <param name="path">The file.</param>
    /// <param name="shown">How messages name it.</param>
    public static Result<IReadOnlyList<Budget>> Read(string path, string shown)
    {
        try
        {
            return ConfigYaml.Read(File.ReadAllText(path), shown).TryGet(out ConfigNode? root, out IReadOnlyList<Problem> problems)
                ? Read(root)
                : Result<IReadOnlyList<Budget>>.Failure(problems);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Problem
            {
                Code = Code,
                What = $"The budgets in {shown} cannot be read: {e.Message}",
                Cure = "Make the file readable, or remove it to go without budgets.",
            };
        }
    }

    /// <summary>What is said of a file with the other name: silence would let everything pass.</summary>
    /// <param name="shown">How messages name the file.</param>
    public static Problem Misnamed(string shown) => new()
    {
        Code = Code,
        What = $"The budgets in {shown} do not count: the file has another name",
        Cure = $"Name it {Name}.",
    };

    private static Result<IReadOnlyList<Budget>> Read(ConfigNode root)
    {
        List<Problem> problems = [];
        var fields = new ScenarioFields(root, problems);
        List<Budget> budgets = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (ConfigNode item in fields.List("budgets") ?? ConfigList.Of([]))
        {
            if (One(item, problems) is not { } budget) continue;
            if (names.Add(budget.Name)) budgets.Add(budget);
            else problems.Add(Wrong(item, $"there is a budget {budget.Name} already", "Give each budget a name of its own."));
        }
        fields.Finish();
        return problems.Count > 0
            // One code for whatever is wrong with such a file.
            ? Result<IReadOnlyList<Budget>>.Failure([.. problems.Select(problem => problem with { Code = Code })])
            : Result<IReadOnlyList<Budget>>.Success(budgets);
    }

    private static Budget? One(ConfigNode item, List<Problem> problems)
    {
        var fields = new ScenarioFields(item, problems);
        string? name = fields.Text("name", isRequired: true);
        double? usd = fields.Number("usd", MostUsd, isRequired: true);
        BudgetScope? scope = Scope(item, fields, problems);
        double? warning = fields.Number("warn_at", most: 1);
        object? rule = fields.Has("over") ? fields.Choice("over", s_rules) : BudgetRule.Warn;
        IReadOnlyList<string>? users = fields.Texts("may_exceed");
        fields.Finish();
        if (name is null || usd is null || scope is null || rule is null) return null;
        return new Budget
        {
            Name = name,
            Usd = (decimal)usd,
            Scope = scope,
            WarnAt = warning is { } part ? (decimal)part : Budget.UsualWarning,
            Over = (BudgetRule)rule,
            MayExceed = users ?? [],
        };
    }

    private static BudgetScope? Scope(ConfigNode item, ScenarioFields fields, List<Problem> problems)
    {
        string? user = fields.Text("user");
        string? queue = fields.Text("queue");
        IReadOnlyList<KeyValuePair<string, string>>? tags = fields.Mapping("tag");
        if ((user is null ? 0 : 1) + (queue is null ? 0 : 1) + (tags is null ? 0 : 1) > 1)
        {
            problems.Add(Wrong(item, "a budget is for one of user, tag and queue", "Write two budgets; a job must fit in both."));
            return null;
        }
        if (queue == BudgetScope.Each)
        {
            problems.Add(Wrong(item, "a budget for each queue does not exist", "Name the queue, and write a budget for each of them."));
            return null;
        }
        if (tags is [var tag]) return new BudgetScope(Tag: tag.Key, Value: tag.Value);
        if (tags is null) return user is null ? new BudgetScope(queue) : new BudgetScope(Tag: BudgetScope.UserTag, Value: user);
        problems.Add(Wrong(item, "tag is not one tag with its value", "Write it as in `tag: {project: vision}`."));
        return null;
    }

    private static Problem Wrong(ConfigNode node, string what, string cure) =>
        new() { Code = Code, What = what, Cure = cure, Place = node.Origin };
}

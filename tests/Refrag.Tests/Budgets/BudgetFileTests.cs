using Refrag.Budgets;

namespace Refrag.Tests.Budgets;

public sealed class BudgetFileTests
{
    [Fact]
    public void Read_EachKindOfBudget_IsTakenWithWhatIsUsual()
    {
        IReadOnlyList<Budget> budgets = Read("""
            budgets:
              - {name: all, usd: 2000}
              - {name: vision, tag: {project: vision}, usd: 500.5, warn_at: 0.5, over: refuse, may_exceed: [ada, grace]}
              - {name: each, user: "*", usd: 10, may_exceed: ada}
              - {name: gpu, queue: gpu-queue, usd: 1, over: warn}
            """).Value;

        Assert.Equal(
            [new BudgetScope(), new(Tag: "project", Value: "vision"), new(Tag: "user", Value: "*"), new("gpu-queue")],
            budgets.Select(budget => budget.Scope));
        Assert.Equal([2000m, 500.5m, 10m, 1m], budgets.Select(budget => budget.Usd));
        Assert.Equal([0.8m, 0.5m, 0.8m, 0.8m], budgets.Select(budget => budget.WarnAt));
        Assert.Equal([BudgetRule.Warn, BudgetRule.Refuse, BudgetRule.Warn, BudgetRule.Warn], budgets.Select(budget => budget.Over));
        Assert.Equal([[], ["ada", "grace"], ["ada"], []], budgets.Select(budget => budget.MayExceed));
    }

    [Theory]
    [InlineData("{name: a, usd: -1}", "usd is not a number above 0")]
    [InlineData("{name: a, usd: 0}", "usd is not a number above 0")]
    [InlineData("{name: a, usd: much}", "usd is not a number above 0")]
    [InlineData("{name: a, usd: .nan}", "usd is not a number above 0")]
    [InlineData("{name: a, usd: 1, warn_at: 80}", "warn_at is not a number above 0 and at most 1")]
    [InlineData("{usd: 1}", "the key name is missing")]
    [InlineData("{name: a}", "the key usd is missing")]
    [InlineData("{name: a, usd: 1, over: refuze}", "there is no over refuze. Did you mean refuse?")]
    [InlineData("{name: a, usd: 1, user: ada, queue: q}", "a budget is for one of user, tag and queue")]
    [InlineData("{name: a, usd: 1, tag: project}", "tag is not a mapping")]
    [InlineData("{name: a, usd: 1, tag: {a: b, c: d}}", "tag is not one tag with its value")]
    [InlineData("{name: a, usd: 1, may_exceed: {ada: true}}", "may_exceed is not a list of texts")]
    [InlineData("{name: a, usd: 1, use: ada}", "there is no key use here. Did you mean usd?")]
    [InlineData("{name: a, usd: 1, queue: '*'}", "a budget for each queue does not exist")]
    [InlineData("{name: a, usd: 1}, {name: a, usd: 2}", "there is a budget a already")]
    public void Read_WrongValue_IsOneProblemWithItsPlace(string budget, string what)
    {
        Problem problem = Assert.Single(Read($"budgets: [{budget}]").Problems);

        Assert.Equal("RF8170", problem.Code);
        Assert.Contains(what, problem.What, StringComparison.Ordinal);
        Assert.NotNull(problem.Place);
    }

    [Theory]
    [InlineData("")]
    [InlineData("budgets: []")]
    public void Read_NoBudgets_AreNone(string text) => Assert.Empty(Read(text).Value);

    [Theory]
    [InlineData("- name: a")]
    [InlineData("budgets: {name: a}")]
    [InlineData("budget: []")]
    public void Read_AnotherShape_IsRefused(string text) => Assert.Equal("RF8170", Assert.Single(Read(text).Problems).Code);

    [Fact]
    public void Read_NoFile_SaysSo()
    {
        using TemporaryFolder folder = new();

        Problem problem = Assert.Single(BudgetFile.Read(Path.Combine(folder.Path, "none", "budgets.yaml"), "conf/budgets.yaml").Problems);

        Assert.Equal("RF8170", problem.Code);
        Assert.StartsWith("The budgets in conf/budgets.yaml cannot be read", problem.What, StringComparison.Ordinal);
    }

    private static Result<IReadOnlyList<Budget>> Read(string text)
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "budgets.yaml");
        File.WriteAllText(path, text);
        return BudgetFile.Read(path, "conf/budgets.yaml");
    }
}

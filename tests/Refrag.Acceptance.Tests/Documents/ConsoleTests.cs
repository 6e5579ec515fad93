namespace Refrag.Acceptance.Tests.Documents;

/// <summary>
/// Each console of the README and the guides is typed as it stands, or says in a comment above it why it is not:
/// <c>&lt;!-- illustration: needs an AWS account --&gt;</c>.
/// </summary>
public sealed class ConsoleTests
{
    private static readonly MarkdownPage[] s_pages = [.. MarkdownPage.List(Repository.Root, "README.md", "docs/guides/")];

    public static TheoryData<string> Pages => [.. s_pages.Select(page => page.Path)];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Consoles_OfAPage_PrintWhatItShows(string path)
    {
        MarkdownPage page = s_pages.Single(page => page.Path == path);
        AssertAsShown(page, await ConsoleSession.RunAsync(page));
    }

    internal static void AssertAsShown(MarkdownPage page, IReadOnlyList<ConsoleCommand> commands)
    {
        string[] wrong = [.. commands.Where(command => !IsAsShown(command)).Select(command =>
            $"{page.Path}:{command.Line}: $ {command.Command}\nshown:\n{string.Join('\n', command.Shown)}\n"
            + $"printed, with exit code {command.ExitCode}:\n{command.Output}")];
        // Whole: an assertion of an empty collection would shorten it.
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Illustrations_EachOfThem_HasAReason() => Assert.Empty(
        s_pages.SelectMany(page => page.Blocks.Where(block => block.IllustrationReason is { Length: < 10 })
            .Select(block => $"{page.Path}:{block.Line}")));

    [Fact]
    public void IsAsShown_AnotherNumber_IsNot()
    {
        Assert.True(ConsoleOutput.IsAsShown(["a", "…", "took 3 s on …"], "a\nb\nc\ntook 12 s on vm\n"));
        Assert.True(ConsoleOutput.IsAsShown(["done in 1s"], "done in 1m 5s\n"));
        Assert.False(ConsoleOutput.IsAsShown(["three jobs: 3"], "three jobs: 4\n"));
        Assert.False(ConsoleOutput.IsAsShown(["a"], "a\nb\n"));
    }

    // A command that is shown without its output is one that succeeds; one that is refused is shown with the problem.
    private static bool IsAsShown(ConsoleCommand command)
    {
        bool isRefused = command.Shown.Any(line => line.StartsWith("RF", StringComparison.Ordinal));
        return (command.ExitCode == 0 || isRefused) && (command.Shown.Count == 0 || ConsoleOutput.IsAsShown(command.Shown, command.Output));
    }
}

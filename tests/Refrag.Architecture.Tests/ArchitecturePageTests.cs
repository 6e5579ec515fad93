using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace Refrag.Architecture.Tests;

/// <summary>docs/concepts/architecture.md speaks of what is there.</summary>
public sealed partial class ArchitecturePageTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "concepts", "architecture.md"));

    [Fact]
    public void TypesAndMembers_EachThatIsNamed_Exists()
    {
        string[] named = [.. TypeName().Matches(s_page).Select(match => match.Groups["name"].Value).Distinct()];

        Assert.NotEmpty(named);
        Assert.DoesNotContain(named, name =>
            !Repository.Code.Compilation
                .GetSymbolsWithName(name, SymbolFilter.TypeAndMember, TestContext.Current.CancellationToken)
                .Any(symbol => Repository.Code.FileOf(symbol) is not null));
    }

    [Fact]
    public void Paths_EachThatIsNamed_Exists()
    {
        string[] named = [.. FilePath().Matches(s_page).Select(match => match.Groups["path"].Value).Distinct()];

        Assert.NotEmpty(named);
        Assert.DoesNotContain(named, path => !Path.Exists(Path.Combine(Repository.Root, path)));
    }

    [GeneratedRegex("`(?<name>[A-Z][A-Za-z]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TypeName();

    [GeneratedRegex("`(?<path>(src|tests|eng|docs)/[^`]*)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FilePath();
}

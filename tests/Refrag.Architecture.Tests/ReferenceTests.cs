using Refrag.Reference;

namespace Refrag.Architecture.Tests;

/// <summary>docs/reference says what the program does, and the program says what the reference needs.</summary>
public sealed class ReferenceTests
{
    private static readonly Lazy<ReferencePages> s_pages = new(() => ReferencePages.Create(Repository.Code));

    [Fact]
    public void Pages_ComparedWithTheProgram_AreWhatItsGeneratorWrites()
    {
        IReadOnlyList<string> differences = s_pages.Value.Differences(Repository.Root);

        Assert.True(differences.Count == 0, $"Run eng/reference. {string.Join('\n', differences)}");
    }

    [Fact]
    public void Program_VerbsOptionsKeysCodesAndMembers_HaveMeaningsThatFit() => Assert.Empty(s_pages.Value.Gaps);

    [Fact]
    public void Pages_EveryLine_FitsIn140Columns() => Assert.DoesNotContain(
        s_pages.Value.Pages.SelectMany(page => page.Value.Split('\n')), line => line.Length > 140 && !line.StartsWith('|'));
}

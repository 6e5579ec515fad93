using Refrag.SourceAnalysis;

namespace Refrag.Architecture.Tests;

/// <summary>Habits of docs/STYLE.md. A number, where there is one, may only fall: lower it when the sources got better.</summary>
public sealed class SourceHabitTests
{
    [Fact]
    public void TypeNames_InSeveralNamespaces_AreNotMoreThanBefore() =>
        NotMore(13, [.. Names.InSeveralNamespaces(Repository.Code).Select(name => name.Name)]);

    [Fact]
    public void Lines_Over140Columns_DoNotExist() => Assert.Empty(LongLines.Find(Repository.Root));

    [Fact]
    public void Literals_ThatRepeatAnEnumerationValue_AreNotMoreThanBefore() =>
        NotMore(11, [.. EnumerationLiterals.Find(Repository.Code).Select(found => $"{found.Place}: {found.Value}")]);

    [Fact]
    public void Phrases_ThatTheStyleReplaces_DoNotExist() => Assert.Empty(Phrases.Find(Repository.Root));

    private static void NotMore(int before, IReadOnlyList<string> found) =>
        Assert.True(found.Count <= before,
            $"{found.Count} instead of {before} at most; `dotnet run eng/source-figures.cs -- --details` lists them.");
}

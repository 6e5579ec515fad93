using Refrag.CodeArchives;

namespace Refrag.Tests.CodeArchives;

/// <summary>The rules of gitignore(5), and of git itself where it is installed.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class IgnoreRulesTests
{
    [Theory]
    // Without a slash at any depth, with one at its place.
    [InlineData("*.log", "a/b/x.log", false, true)]
    [InlineData("a/*.log", "a/x.log", false, true)]
    [InlineData("a/*.log", "b/a/x.log", false, null)]
    [InlineData("/x.log", "a/x.log", false, null)]
    [InlineData("/x.log", "x.log", false, true)]
    // A slash at the end is for folders.
    [InlineData("build/", "a/build", true, true)]
    [InlineData("build/", "a/build", false, null)]
    // Two stars.
    [InlineData("**/foo", "a/b/foo", false, true)]
    [InlineData("**/foo/bar", "a/foo/bar", false, true)]
    [InlineData("a/**/b", "a/b", false, true)]
    [InlineData("a/**/b", "a/x/y/b", false, true)]
    [InlineData("abc/**", "abc/x/y", false, true)]
    [InlineData("abc/**", "abc", true, null)]
    // Wildcards do not match a slash.
    [InlineData("a/*", "a/b/c", false, null)]
    [InlineData("a?c", "a/c", false, null)]
    [InlineData("[a-c]x", "bx", false, true)]
    [InlineData("[!a-c]x", "bx", false, null)]
    [InlineData("[]]x", "]x", false, true)]
    [InlineData("[x", "[x", false, true)]
    // Comments, escapes and spaces.
    [InlineData("#x", "#x", false, null)]
    [InlineData("\\#x", "#x", false, true)]
    [InlineData("\\!x", "!x", false, true)]
    [InlineData("x   ", "x", false, true)]
    [InlineData("x\\ ", "x ", false, true)]
    [InlineData("\\*", "*", false, true)]
    [InlineData("\\*", "x", false, null)]
    // The last one decides.
    [InlineData("*.log\n!x.log", "x.log", false, false)]
    [InlineData("!x.log\n*.log", "x.log", false, true)]
    public void Decide_PatternOfTheManual_IsAsTheManualSays(string text, string path, bool isFolder, bool? ignored) =>
        Assert.Equal(ignored, new IgnoreRules().Add("", text).Decide(path, isFolder));

    [Fact]
    public void Decide_PatternsOfAFolder_CountFromIt()
    {
        IgnoreRules rules = new IgnoreRules().Add("a", "/x\ny/z");

        Assert.True(rules.Decide("a/x", isFolder: false));
        Assert.True(rules.Decide("a/y/z", isFolder: false));
        Assert.Null(rules.Decide("x", isFolder: false));
        Assert.Null(rules.Decide("ab/x", isFolder: false));
    }

    [Fact]
    public async Task List_RandomPatterns_AreReadAsGitReadsThem()
    {
        var random = new Random(20);
        string[] names = ["a", "b", "ab", "c.log", "d"];
        string[] parts = ["a", "b", "ab", "*.log", "*", "?", "**", "[a-b]", "a*", "d", "*b"];
        for (int round = 0; round < 25; round++)
        {
            using var code = new CodeFolder();
            foreach (string first in names)
                foreach (string second in names)
                    foreach (string third in names.Take(3)) code.With($"{first}.d/{second}.d/{third}").With($"{first}/{second}x/{third}");
            string[] patterns = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ =>
                (random.Next(4) == 0 ? "!" : "") + (random.Next(3) == 0 ? "/" : "")
                + string.Join('/', Enumerable.Range(0, random.Next(1, 4)).Select(_ => parts[random.Next(parts.Length)]))
                + (random.Next(3) == 0 ? "/" : ""))];
            code.With(".gitignore", string.Join('\n', patterns) + "\n!.gitignore\n");
            Result<CodePackage> mine = await code.PackAsync();
            string[] gits = [.. code.Git("init", "-q").RunGit("ls-files", "-z", "--others", "--exclude-standard")
                .Split('\0', StringSplitOptions.RemoveEmptyEntries)];

            Assert.True(mine.IsSuccess, string.Join('\n', patterns));
            Assert.True(gits.Order(StringComparer.Ordinal).SequenceEqual(mine.Value.Listing.Files.Select(file => file.Path)),
                $"{string.Join('\n', patterns)}\ngit: {string.Join(' ', gits)}\n"
                + $"refrag: {string.Join(' ', mine.Value.Listing.Files.Select(file => file.Path))}");
        }
    }
}

using System.Text.RegularExpressions;

namespace Refrag.Architecture.Tests;

/// <summary>SECURITY.md names the tests that prove its lines.</summary>
public sealed partial class SecurityDocumentTests
{
    [Fact]
    public void Document_EveryTestThatItNames_Exists()
    {
        string root = Repository.Root;
        Match[] named = [.. Named().Matches(File.ReadAllText(Path.Combine(root, "SECURITY.md"))).Cast<Match>()];
        string[] missing = [.. named.Where(
            test => !Exists(Path.Combine(root, "tests"), test.Groups["class"].Value, test.Groups["method"].Value))
                .Select(test => test.Value)];

        Assert.InRange(named.Length, 20, int.MaxValue);
        Assert.Empty(missing);
    }

    [Fact]
    public void Document_EveryPromise_NamesATest()
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "SECURITY.md"));
        string promises = text[..text.IndexOf("\n## What no test proves", StringComparison.Ordinal)];
        string[] bullets = [.. Bullets().Matches(promises).Select(bullet => bullet.Value)];

        Assert.InRange(bullets.Length, 20, int.MaxValue);
        Assert.All(bullets, bullet => Assert.Matches(Named(), bullet));
    }

    private static bool Exists(string tests, string type, string method) =>
        Directory.EnumerateFiles(tests, $"{type}.cs", SearchOption.AllDirectories)
        .Any(file => File.ReadAllText(file) is var text
        && (text.Contains($"public async Task {method}(", StringComparison.Ordinal)
        || text.Contains($"public void {method}(", StringComparison.Ordinal)));

    // With the lines that continue it.
    [GeneratedRegex(@"^- .*(\n  .*)*", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Bullets();

    [GeneratedRegex(@"`(?<class>\w+Tests)\.(?<method>\w+)`", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Named();
}

using System.Text.RegularExpressions;

namespace Refrag.Architecture.Tests;

/// <summary>The tests of a class stand in the folder of that class, and a test file's namespace is its folder.</summary>
public sealed partial class TestFolderTests
{
    /// <summary>Folders without a counterpart in the tested project, each with its reason.</summary>
    private static readonly Dictionary<string, string> s_withoutCounterpart = new(StringComparer.Ordinal)
    {
        ["Refrag.Aws.Tests/Contract"] = "the contract of all services, compared with AWS's models",
        ["Refrag.Aws.Tests/Peers"] = "all services, against moto",
        ["Refrag.Composition.Tests/Fuzzing"] = "generated texts for the readers of overrides, interpolations and YAML",
        ["Refrag.Engine.Tests/EndToEnd"] = "requests to an engine, from submission to the job's end, through most of its folders",
        ["Refrag.Engine.Tests/Runners"] = "the processes and containers of Refrag.Runners, with the engine's logs behind them",
        ["Refrag.ShippedApps.Tests/Exec"] = "`refrag exec` of Refrag, with a program that has apps of its own",
        ["Refrag.Scheduling.Tests/Cases"] = "the rules of docs/concepts/scheduling.md, one case each, through most of the folders",
    };

    private static readonly string s_tests = Path.Combine(Repository.Root, "tests");

    [Fact]
    public void Folders_OfATestProject_AreFoldersOfTheTestedProject() =>
        Assert.Equal(s_withoutCounterpart.Keys.Order(StringComparer.Ordinal), Files()
            .Select(file => (Folder: Path.GetDirectoryName(file)!, Tested: Tested(file)))
            .Where(file => file.Tested is { } tested && file.Folder.Contains('/', StringComparison.Ordinal)
                && !Directory.Exists(Path.Combine(tested, file.Folder[(file.Folder.IndexOf('/', StringComparison.Ordinal) + 1)..])))
            .Select(file => file.Folder).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Namespaces_OfTestFiles_AreTheirFolders() =>
        Assert.Empty(Files()
            .Select(file => (Path: file, Namespace: Namespace().Match(File.ReadAllText(Path.Combine(s_tests, file))).Groups["name"].Value))
            // A program's entry has no namespace.
            .Where(file => file.Namespace != NamespaceOf(file.Path) && Path.GetFileName(file.Path) != "Program.cs")
            .Select(file => $"{file.Path}: {file.Namespace} instead of {NamespaceOf(file.Path)}"));

    /// <summary>All C# files below tests, relative to it.</summary>
    private static IEnumerable<string> Files() => Directory.EnumerateFiles(s_tests, "*.cs", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(s_tests, path).Replace('\\', '/')).Order(StringComparer.Ordinal);

    // What the projects share is compiled into each of them.
    private static string NamespaceOf(string file) => Path.GetDirectoryName(file) is "Shared"
        ? "Refrag.Testing"
        : Path.GetDirectoryName(file)!.Replace('/', '.');

    /// <summary>Finds the folder of the project that a test project tests; null if it tests no single one.</summary>
    private static string? Tested(string file)
    {
        string project = file[..file.IndexOf('/', StringComparison.Ordinal)];
        if (!project.EndsWith(".Tests", StringComparison.Ordinal)) return null;
        string[] folders = ["src", "apps"];
        return folders
            .Select(folder => Path.Combine(Repository.Root, folder, project[..^".Tests".Length])).FirstOrDefault(Directory.Exists);
    }

    [GeneratedRegex(
        @"^namespace (?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Namespace();
}

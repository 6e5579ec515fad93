using Refrag.Reference.Problems;
using Refrag.SourceAnalysis;

namespace Refrag.Architecture.Tests;

/// <summary>What a problem code says is found however the sources make the problem.</summary>
public sealed class ProblemMessagesTests : IDisposable
{
    private const string Problem = """
        namespace Example;
        record Problem { public string Code { get; init; } public string What { get; init; } public string Cause { get; init; }
            public string Cure { get; init; } }

        """;

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("refrag-messages-");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void Find_ProblemMadeDirectly_ShowsValuesByName() => Says(
        """
        class Reader
        {
            Problem Read(string path, int count) => new()
            {
                Code = "RF9001", What = $"{path} has {count} {(count == 1 ? "line" : "lines")}", Cure = "Remove " + "them.",
            };
        }
        """,
        "RF9001: <path> has <count> <line|lines>. Remove them.");

    [Fact]
    public void Find_CodeByCondition_TakesTheTextsOfTheSameCondition() => Says(
        """
        class Reader
        {
            Problem Read(bool isLost) => new()
            {
                Code = isLost ? "RF9001" : "RF9002", What = isLost ? "it is lost" : "it is late", Cure = isLost ? "Send it." : "Wait.",
            };
        }
        """,
        "RF9001: it is lost. Send it.", "RF9002: it is late. Wait.");

    [Fact]
    public void Find_HelperThatTakesTheTexts_AsksItsCallers() => Says(
        """
        class Reader
        {
            Problem One(string key) => Wrong($"{key} is closed", "Open it.");
            Problem Two() => Wrong(cure: "Close it.", what: "it is open");
            Problem Wrong(string what, string cure) => new() { Code = "RF9001", What = what, Cure = cure };
        }
        """,
        "RF9001: <key> is closed. Open it.", "RF9001: it is open. Close it.");

    [Fact]
    public void Find_HelperThatTakesTheCode_AddsItsOwnWords() => Says(
        """
        class Reader
        {
            Problem One() => Wrong("RF9001", "PORT", "is not set");
            Problem Wrong(string code, string name, string what) =>
                new() { Code = code, What = $"{name} {what}", Cure = $"export {name}=1" };
        }
        """,
        "RF9001: PORT is not set. export PORT=1");

    [Fact]
    public void Find_TupleOfASwitch_KeepsTextsTogether() => Says(
        """
        class Reader
        {
            Problem Read(string text)
            {
                (string code, string what, string cure) = text switch
                {
                    "a" => ("RF9001", "a is old", "Renew a."),
                    _ => ("RF9002", text, "Read it."),
                };
                return new Problem { Code = code, What = what.TrimEnd('.'), Cure = cure };
            }
        }
        """,
        "RF9001: a is old. Renew a.", "RF9002: <text>. Read it.");

    [Fact]
    public void Find_ReasonInOneText_IsPartedAtItsFirstSentence() => Says(
        """
        class Reader
        {
            string Read(string file) => $"RF9001 {file}.log is full. Make room.";
            bool IsFull(string code) => code == "RF9002";
        }
        """,
        "RF9001: <file>.log is full. Make room.");

    private void Says(string source, params string[] expected)
    {
        DirectoryInfo project = _root.CreateSubdirectory("src/Example");
        _root.CreateSubdirectory("apps");
        File.WriteAllText(Path.Combine(project.FullName, "Example.cs"), Problem + source);

        IReadOnlyList<ProblemMessage> found = ProblemMessages.Find(SourceCode.Read(_root.FullName));

        Assert.Equal(expected, found.Select(one => $"{one.Code}: {string.Join('|', one.What)}. {string.Join('|', one.Cures)}"));
    }
}

using Refrag.Composition.Tree;
using Refrag.Composition.Yaml;

namespace Refrag.Composition.Conformance.Fuzzing;

/// <summary>
/// What must hold for every document: no exception; a problem points into the text; what is read is written as a text that reads as the
/// same.
/// </summary>
internal sealed class YamlCheck : IFuzzCheck
{
    public string Text(Chance chance) => new YamlGenerator(chance).Next();

    public string? Failure(string text, out bool accepted)
    {
        accepted = ConfigYaml.Read(text, "x.yaml").TryGet(out ConfigNode? node, out IReadOnlyList<Problem> problems);
        if (node is null) return WrongProblem(text, problems);
        string written = ConfigYamlWriter.Write(node);
        if (!ConfigYaml.Read(written, "y.yaml").TryGet(out ConfigNode? again, out problems))
            return $"writes as '{written}', which is refused: {problems[0]}";
        return again.Equals(node) ? null : $"writes as '{written}', which reads as {again}";
    }

    private static string? WrongProblem(string text, IReadOnlyList<Problem> problems)
    {
        int lines = 0;
        foreach (ReadOnlySpan<char> _ in text.AsSpan().EnumerateLines()) lines++;
        foreach (Problem problem in problems)
        {
            if (!problem.Code.StartsWith("RF12", StringComparison.Ordinal)) return $"code {problem.Code}";
            if (problem.Place is not FilePlace { Line: >= 1, Column: >= 1 } place || place.Line > lines)
                return $"points at {problem.Place}";
            if (place.LineText is { } line && place.Column > line.Length + 2) return $"points at column {place.Column} of '{line}'";
            if (ProblemText.Render(problem).Length == 0) return "renders as nothing";
        }
        return problems.Count == 0 ? "no problem" : null;
    }
}

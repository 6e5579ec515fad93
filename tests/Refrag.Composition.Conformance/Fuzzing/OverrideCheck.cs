using Refrag.Composition.Overrides;
using Refrag.Composition.Sweeps;

namespace Refrag.Composition.Conformance.Fuzzing;

/// <summary>
/// What must hold for every override: a problem that points into it, or a value that prints and reads back, with jobs that can be read.
/// </summary>
internal sealed class OverrideCheck : IFuzzCheck
{
    // A range of a billion jobs is a valid sweep; here only the first and last job are made.
    private static readonly SweepOptions Sweeps = new() { Groups = _ => ["a", "b"], MostJobs = 10_000 };

    public string Text(Chance chance) => new OverrideGenerator(chance).Next();

    public string? Failure(string text, out bool accepted)
    {
        accepted = OverrideParser.Parse(text).TryGet(out Override? value, out IReadOnlyList<Problem> problems);
        return value is null ? WrongProblem(text, problems) : NotRepeated(value) ?? WrongJobs(value);
    }

    private static string? WrongProblem(string text, IReadOnlyList<Problem> problems)
    {
        if (problems is not [{ Place: ArgumentPlace place } problem]) return $"{problems.Count} problems, or one without a place";
        if (place.Text != text || place.Column < 1 || place.Column > text.Length + 1 || place.Length < 1)
            return $"points at column {place.Column} of '{place.Text}'";
        return problem.Code.StartsWith("RF11", StringComparison.Ordinal) && ProblemText.Render(problem).Length > 0
            ? null
            : $"code {problem.Code}";
    }

    private static string? NotRepeated(Override value)
    {
        string printed = OverridePrinter.Print(value);
        if (!OverrideParser.Parse(printed).TryGet(out Override? again, out IReadOnlyList<Problem> problems))
            return $"prints as '{printed}', which is refused: {problems[0]}";
        return again.Kind == value.Kind && again.Key == value.Key && again.Package == value.Package && Equals(again.Value, value.Value)
            ? null
            : $"prints as '{printed}', which reads as '{OverridePrinter.Print(again)}'";
    }

    private static string? WrongJobs(Override value)
    {
        if (!Sweep.Of([value], Sweeps).TryGet(out Sweep? sweep, out IReadOnlyList<Problem> problems))
            return problems.All(problem => problem.Place is not null) ? null : "a sweep's problem has no place";
        if (sweep.Count == 0) return null;
        foreach (long index in new[] { 0, sweep.Count - 1 })
        {
            string argument = sweep.Job(index).Overrides[0];
            if (!OverrideParser.Parse(argument).IsSuccess) return $"job {index} has the argument '{argument}', which is refused";
        }
        return null;
    }
}

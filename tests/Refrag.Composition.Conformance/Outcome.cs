using System.Text.Json.Nodes;

namespace Refrag.Composition.Conformance;

/// <summary>What the library answered to one case.</summary>
internal abstract record Outcome
{
    /// <summary>An answer, in the form of the vector's <c>out</c>.</summary>
    /// <param name="Json">The answer. It must have the members that the vector's <c>out</c> has, and no others.</param>
    /// <param name="Extension">What the input used that the reference refuses, by the library's own account; null for nothing.</param>
    internal sealed record Answer(JsonObject Json, string? Extension = null) : Outcome;

    /// <summary>An error.</summary>
    /// <param name="Message">What a user would read.</param>
    /// <param name="Column">The column it points at, from 0 and in code points; null if it points at none.</param>
    /// <param name="ReferenceColumn">Where the library sees the error when it reads as the reference does; null for the same
    /// column.</param>
    internal sealed record Error(string Message, int? Column = null, int? ReferenceColumn = null) : Outcome
    {
        /// <summary>The codes of the problems.</summary>
        public IReadOnlyList<string> Codes { get; init; } = [];
    }

    /// <summary>An error from problems; the column is that of the first problem that points into <paramref name="text"/>.</summary>
    public static Error Problems(IReadOnlyList<Problem> problems, string? text = null)
    {
        ArgumentPlace? place = problems.Select(problem => problem.Place)
            .OfType<ArgumentPlace>().FirstOrDefault(place => text is null || place.Text == text);
        return new Error(string.Join(" | ", problems), place is null ? null : CodePoints(place))
        {
            Codes = [.. problems.Select(problem => problem.Code)],
        };
    }

    private static int CodePoints(ArgumentPlace place) =>
        place.Text.AsSpan(0, Math.Min(place.Column - 1, place.Text.Length)).EnumerateRunes().Count();
}

internal static class RuneCounting
{
    public static int Count(this System.Text.SpanRuneEnumerator runes)
    {
        int count = 0;
        foreach (System.Text.Rune _ in runes) count++;
        return count;
    }
}

using System.Text.Json.Nodes;
using Refrag.Composition.Conformance.Categories;
using Refrag.Composition.Conformance.Vectors;

namespace Refrag.Composition.Conformance;

internal enum VerdictKind
{
    Equal,
    Extended,
    Different,
}

/// <summary>How the library's answer compares with the reference's.</summary>
/// <param name="Vector">The case.</param>
/// <param name="Kind">Equal, extended or different.</param>
/// <param name="Got">What came back, for the list of the different.</param>
internal sealed record Verdict(VectorCase Vector, VerdictKind Kind, string Got)
{
    /// <summary>Whether the library reported an error.</summary>
    public bool IsError { get; private init; }

    /// <summary>Runs one case.</summary>
    public static Verdict Of(VectorCase vector, ExtendedCases extended, ErrorKinds? kinds)
    {
        if (!AllCategories.ByName.TryGetValue(vector.Category, out ICategory? category))
            return new(vector, VerdictKind.Different, $"category '{vector.Category}' is not answered");
        try
        {
            Outcome outcome = category.Run(vector);
            Verdict verdict = Compare(vector, outcome, extended, kinds);
            if (verdict.Kind != VerdictKind.Different || extended.Kept(vector.Id) is not { } kept) return verdict;
            bool isKept = kept switch
            {
                "development" => Compare(vector with { Expected = vector.Other }, outcome, extended, kinds).Kind != VerdictKind.Different,
                "refused" => outcome is Outcome.Error,
                _ => outcome is Outcome.Answer,
            };
            return isKept ? verdict with { Kind = VerdictKind.Extended } : verdict;
        }
#pragma warning disable CA1031 // Whatever a case throws is that case's difference; the others still run.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            return new(vector, VerdictKind.Different, $"threw {problem.GetType().Name}: {problem.Message}");
        }
    }

    private static Verdict Compare(VectorCase vector, Outcome outcome, ExtendedCases extended, ErrorKinds? kinds) =>
        (outcome, vector.ExpectedError) switch
        {
            (Outcome.Answer answer, null) =>
                new(vector, Judge(JsonNode.DeepEquals(answer.Json, vector.Expected)), answer.Json.ToJsonString()),
            (Outcome.Answer answer, _) =>
                new(vector, extended.Has(vector.Id, answer.Extension) ? VerdictKind.Extended : VerdictKind.Different,
                    answer.Json.ToJsonString()),
            (Outcome.Error error, null) => new(vector, VerdictKind.Different, Show(error)) { IsError = true },
            (Outcome.Error error, _) =>
                new(vector, Judge(SameColumn(vector, error) && Points(vector, error) && kinds?.Agree(vector, error) != false), Show(error))
                {
                    IsError = true,
                },
            _ => throw new InvalidOperationException(outcome.GetType().Name),
        };

    // Where we read further than the reference, because it stops at what we accept, its column is that of its own first complaint.
    private static bool SameColumn(VectorCase vector, Outcome.Error error) =>
        vector.ExpectedColumn is not { } column || column == error.Column || column == error.ReferenceColumn;

    // A text that cannot be read is shown where that is, whether the reference says so or not.
    private static bool Points(VectorCase vector, Outcome.Error error) => vector.Category != "parse" || error.Column is not null;

    private static VerdictKind Judge(bool equal) => equal ? VerdictKind.Equal : VerdictKind.Different;

    private static string Show(Outcome.Error error) =>
        $"error at {error.Column?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "no column"}: {error.Message}";
}

using Refrag.History;

namespace Refrag.Cli.Connections;

/// <summary>From what a user types to places of the history.</summary>
internal static class HistoryPlaces
{
    /// <summary>The places whose names have a text in them, or are it; all if there is none.</summary>
    public static Result<IReadOnlyList<JobPlace>> Of(HistoryReader? reader, string? text)
    {
        IReadOnlyList<JobPlace> known = reader?.Places() ?? [];
        JobPlace[] meant = text is not { Length: > 0 } ? [.. known]
            : known.FirstOrDefault(place => place.ToString() == text) is { } exact ? [exact]
            : [.. known.Where(place => place.ToString().Contains(text, StringComparison.Ordinal))];
        return meant.Length > 0
            ? Result<IReadOnlyList<JobPlace>>.Success(meant)
            : HistoryProblems.NoPlace(text is { Length: > 0 } ? text : null, known);
    }

    /// <summary>The one place that is meant.</summary>
    public static Result<JobPlace> One(HistoryReader? reader, string option, string? text)
    {
        if (!Of(reader, text).TryGet(out IReadOnlyList<JobPlace>? places, out IReadOnlyList<Problem> problems))
            return Result<JobPlace>.Failure(problems);
        return places.Count == 1 ? places[0] : HistoryProblems.SeveralPlaces(option, places);
    }
}

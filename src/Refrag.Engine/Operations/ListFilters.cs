using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Engine.Names;
using Refrag.Engine.Store;

namespace Refrag.Engine.Operations;

/// <summary>The filters of ListJobs and ListServiceJobs. (API ListJobs.filters)</summary>
internal static class ListFilters
{
    /// <summary>
    /// What is asked. With a filter the status is ignored and jobs of every status are listed, the latest first; only a share and a
    /// status go together.
    /// </summary>
    /// <param name="filters">The request's filters; one at most.</param>
    /// <param name="status">The status without a filter.</param>
    /// <param name="given">The status that the request names; null if it names none.</param>
    /// <param name="known">The statuses that there are.</param>
    public static EndedQuery Read(IReadOnlyList<KeyValuesPair>? filters, string status, string? given, IReadOnlyList<string> known)
    {
        if (given is not null && !known.Contains(given))
            throw new Refusal($"The job status {given} is unknown. Use one of {string.Join(", ", known)}.");
        if (filters is not { Count: > 0 }) return new EndedQuery { Status = status };
        if (filters is not [var filter]) throw new Refusal($"{filters.Count} filters were given. Use one at a time.");
        string? value = filter.Values is [var only] ? only : throw new Refusal($"The filter {filter.Name} needs exactly one value.");
        var query = new EndedQuery { LatestFirst = true };
        return filter.Name switch
        {
            "JOB_NAME" => query with { Name = value },
            "JOB_DEFINITION" => query with { Definition = value },
            "SHARE_IDENTIFIER" or "QUOTA_SHARE_NAME" => query with { Share = value, Status = given },
            "BEFORE_CREATED_AT" => query with { CreatedBefore = Milliseconds(filter.Name, value) },
            "AFTER_CREATED_AT" => query with { CreatedAfter = Milliseconds(filter.Name, value) },
            _ => throw new Refusal(
                $"The filter {filter.Name} is unknown. Use JOB_NAME, JOB_DEFINITION, SHARE_IDENTIFIER, QUOTA_SHARE_NAME, "
                    + "BEFORE_CREATED_AT or AFTER_CREATED_AT."),
        };
    }

    private static long Milliseconds(string name, string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value)
        ? value
        : throw new Refusal($"The filter {name} needs milliseconds since 1970, not \"{text}\".");
}

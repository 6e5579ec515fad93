using System.Globalization;
using Refrag.Jobs;

namespace Refrag.Policies;

/// <summary>What a job declares of the regions that it may move to. It travels in the job's tags.</summary>
/// <param name="Region">The region that it is in.</param>
/// <param name="Next">The regions that it may move to, the best first; empty if there is none left.</param>
/// <param name="Patience">How long it may wait where it is; null if waiting alone moves nothing.</param>
/// <param name="Definition">The name of the job definition, which each of the regions has.</param>
/// <param name="Claims">Where those that may move it make their claims; null if nothing may move it.</param>
public sealed record RegionMoves(string Region, IReadOnlyList<string> Next, TimeSpan? Patience, string Definition, string? Claims)
{
    /// <summary>The tag with the region that a job is in.</summary>
    public const string RegionTag = "refrag:region";

    /// <summary>The tag with the regions that it may move to, with spaces between.</summary>
    public const string NextTag = "refrag:regions";

    /// <summary>The tag with the seconds that it may wait in one region.</summary>
    public const string PatienceTag = "refrag:region-patience";

    /// <summary>The tag with the name of its definition in other regions.</summary>
    public const string DefinitionTag = "refrag:definition";

    /// <summary>The tag of a job that was moved, with its successor's region.</summary>
    public const string MovedToRegionTag = "refrag:moved-to-region";

    /// <summary>The tag of a successor with the region of the job that it succeeds.</summary>
    public const string MovedFromRegionTag = "refrag:moved-from-region";

    /// <summary>What a job declares; null if its region was not chosen among several.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="definition">The definition that it is submitted with, without a revision that is not the user's own.</param>
    public static RegionMoves? Of(JobSpec spec, string definition) =>
        spec.Regions is { } choice && spec.Connection.Region is { } region
            ? new RegionMoves(region, choice.Next, choice.Patience, definition, spec.Capacity.Claims)
            : null;

    /// <summary>What a job's tags declare; null if they declare nothing, or not what refrag writes.</summary>
    public static RegionMoves? Read(IReadOnlyDictionary<string, string>? tags)
    {
        if (tags is null || tags.GetValueOrDefault(RegionTag) is not { Length: > 0 } region) return null;
        TimeSpan? patience = JobPolicy.Number(tags, PatienceTag) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        string? definition = tags.GetValueOrDefault(DefinitionTag);
        string[] next = definition is null
            ? []
            : (tags.GetValueOrDefault(NextTag) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new RegionMoves(region, next, patience, definition ?? "", tags.GetValueOrDefault(JobPolicy.ClaimsTag));
    }

    /// <summary>The tags that declare it.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Tags
    {
        get
        {
            List<KeyValuePair<string, string>> tags = [new(RegionTag, Region)];
            if (Next.Count == 0) return tags;
            tags.Add(new(NextTag, string.Join(' ', Next)));
            tags.Add(new(DefinitionTag, Definition));
            if (Patience is { } patience)
                tags.Add(new(PatienceTag, ((long)patience.TotalSeconds).ToString(CultureInfo.InvariantCulture)));
            if (Claims is { } claims) tags.Add(new(JobPolicy.ClaimsTag, claims));
            return tags;
        }
    }

    /// <summary>What the successor in another region declares beside what it has from the job before it.</summary>
    /// <param name="region">The successor's region.</param>
    public IReadOnlyList<KeyValuePair<string, string>> TagsIn(string region) =>
    [
        new(RegionTag, region), new(MovedFromRegionTag, Region),
        // Empty and not left out: the old job's would be taken.
        new(NextTag, string.Join(' ', Next.Where(other => other != region))),
    ];
}

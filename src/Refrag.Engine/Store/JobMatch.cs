using Refrag.Engine.Jobs;
using Refrag.Engine.Names;

namespace Refrag.Engine.Store;

/// <summary>Whether a job is one of those that are asked for.</summary>
internal static class JobMatch
{
    /// <summary>Every condition but those of place and number. Live jobs are asked in the same words.</summary>
    public static bool Matches(Job job, EndedQuery query) =>
        job.Plan.Kind == query.Kind
        && (query.Queue is null || job.Plan.Queue == query.Queue)
        && (query.Status is null || job.State.ToStatus() == query.Status)
        && (query.Name is null || Names(query.Name, job.Plan.Name))
        && (query.Definition is null || NamesDefinition(query.Definition, job))
        && (query.Share is null || Names(query.Share, job.Plan.ShareIdentifier ?? job.Plan.Service?.QuotaShareName ?? ""))
        && (query.ConsumableResource is null || job.Plan.Consumables.ContainsKey(query.ConsumableResource))
        && (query.CreatedBefore is null || job.CreatedAt < query.CreatedBefore)
        && (query.CreatedAfter is null || job.CreatedAt > query.CreatedAfter)
        && (query.EndedAfter is null || job.StoppedAt >= query.EndedAfter)
        && (query.After is null || (query.LatestFirst ? job.Sequence < query.After : job.Sequence > query.After));

    /// <summary>Names in filters ignore case and may end in <c>*</c>. (API ListJobs.filters)</summary>
    public static bool Names(string pattern, string name) => pattern is [.. var start, '*']
        ? name.StartsWith(start, StringComparison.OrdinalIgnoreCase)
        : string.Equals(name, pattern, StringComparison.OrdinalIgnoreCase);

    // The name of a definition counts in its case; without a revision all of them are meant. (API ListJobs.filters)
    private static bool NamesDefinition(string pattern, Job job)
    {
        string wanted = LocalArn.NameOf(pattern);
        string name = job.Plan.Definition.JobDefinitionName;
        return wanted is [.. var start, '*']
            ? name.StartsWith(start, StringComparison.Ordinal)
            : wanted == name || wanted == job.Plan.DefinitionName;
    }
}

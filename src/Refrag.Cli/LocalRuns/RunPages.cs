using Refrag.Aws.Batch;

namespace Refrag.Cli.LocalRuns;

/// <summary>
/// ListJobs over all runs: the pages of one after those of another, the newest run first. A token names the run and is then the run's own.
/// </summary>
internal static class RunPages
{
    private const char Mark = '|';

    public static async Task<ListJobsResponse> ListAsync(RunQuery query, ListJobsRequest request)
    {
        (string? at, string? inner) = Split(request.NextToken);
        List<JobSummary> page = [];
        int most = request.MaxResults ?? int.MaxValue;
        foreach (KnownRun run in query.Newest)
        {
            // Names begin with the time, so a run that began meanwhile is passed over and none is shown twice.
            if (at is not null && string.CompareOrdinal(run.Name, at) > 0) continue;
            string? token = run.Name == at ? inner : null;
            do
            {
                int? room = most == int.MaxValue ? null : most - page.Count;
                ListJobsResponse? answer =
                    await query.AskAsync(run, BatchOperations.ListJobs, request with { NextToken = token, MaxResults = room });
                page.AddRange(answer?.JobSummaryList ?? []);
                token = answer?.NextToken;
                if (page.Count >= most) return new ListJobsResponse { JobSummaryList = page, NextToken = Next(query, run, token) };
            }
            while (!string.IsNullOrEmpty(token));
        }
        return new ListJobsResponse { JobSummaryList = page };
    }

    private static string? Next(RunQuery query, KnownRun run, string? token)
    {
        if (!string.IsNullOrEmpty(token)) return $"{run.Name}{Mark}{token}";
        KnownRun? older = query.Newest.FirstOrDefault(other => string.CompareOrdinal(other.Name, run.Name) < 0);
        return older is null ? null : $"{older.Name}{Mark}";
    }

    private static (string? Run, string? Token) Split(string? token)
    {
        int mark = token?.IndexOf(Mark, StringComparison.Ordinal) ?? -1;
        return mark < 0 ? (null, null) : (token![..mark], token.Length > mark + 1 ? token[(mark + 1)..] : null);
    }
}

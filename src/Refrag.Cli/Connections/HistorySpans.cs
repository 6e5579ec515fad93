using Refrag.History;

namespace Refrag.Cli.Connections;

/// <summary>From <c>--since</c> and <c>--until</c> to a span of the history.</summary>
internal static class HistorySpans
{
    /// <summary>The span; all of time where neither is given.</summary>
    public static Result<HistorySpan> Read(string? since, string? until, TimeProvider time)
    {
        List<Problem> problems = [];
        DateTimeOffset from = Of("--since", since) ?? HistorySpan.Always.From;
        DateTimeOffset to = Of("--until", until) ?? HistorySpan.Always.To;
        if (problems.Count == 0 && from >= to)
            problems.Add(JobFilterOptions.Wrong("--until", until ?? "", "Name a time that is later than that of --since."));
        return problems.Count > 0 ? Result<HistorySpan>.Failure(problems) : new HistorySpan(from, to);

        DateTimeOffset? Of(string option, string? text)
        {
            if (text is null) return null;
            if (Since.Read(text, time, option).TryGet(out DateTimeOffset at, out IReadOnlyList<Problem> wrong)) return at;
            problems.AddRange(wrong);
            return null;
        }
    }
}

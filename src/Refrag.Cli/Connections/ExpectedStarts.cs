using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Cli.Terminal;

namespace Refrag.Cli.Connections;

/// <summary>When a waiting job will start, as <c>refrag serve --fleet</c> expects it. AWS does not say, and is not asked.</summary>
internal static class ExpectedStarts
{
    /// <summary>What is expected of a job; null if it does not wait, or it is not known.</summary>
    public static async Task<ExpectedStart?> OfAsync(
        QuerySession session, string? jobId, string? status, CancellationToken cancellationToken)
    {
        DescribeStartResponse? answer = await AskAsync(session, jobId, status, cancellationToken);
        return answer?.Earliest is { } earliest
            ? new ExpectedStart
            {
                AskedAt = answer.AskedAt,
                Earliest = earliest,
                Middle = answer.Middle,
                Latest = answer.Latest,
                LevelPercent = answer.LevelPercent,
                Assumptions = answer.Assumptions,
            }
            : null;
    }

    /// <summary>What the server answers of a job; null if the job does not wait, or the server does not say.</summary>
    public static async Task<DescribeStartResponse?> AskAsync(
        QuerySession session, string? jobId, string? status, CancellationToken cancellationToken)
    {
        if (session.IsLocal || session.IsAws || jobId is null || status != JobStatus.Runnable) return null;
        try
        {
            return await session.Batch.SendAsync(
                RehearsalOperations.DescribeStart, new DescribeStartRequest(jobId), cancellationToken);
        }
        catch (AwsException)
        {
            // It has no fleets, or is another server.
            return null;
        }
    }
}

/// <summary>When a job is expected to start: an interval, from the queue before it and from what was seen of earlier jobs.</summary>
internal sealed record ExpectedStart
{
    // A minute more or less is exact enough, however near the start is.
    private static readonly TimeSpan s_alwaysNarrow = TimeSpan.FromMinutes(1);

    /// <summary>The server's time of the question, which the others are to be compared with.</summary>
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>The beginning of the interval.</summary>
    public required DateTimeOffset Earliest { get; init; }

    /// <summary>As likely before as after; left out if it is as likely not to start at all.</summary>
    public DateTimeOffset? Middle { get; init; }

    /// <summary>The end of the interval; left out if it is not known.</summary>
    public DateTimeOffset? Latest { get; init; }

    /// <summary>In how many of 100 cases it starts within the interval, if what comes is like what was.</summary>
    public required int LevelPercent { get; init; }

    /// <summary>What is assumed, as sentences.</summary>
    public required IReadOnlyList<string> Assumptions { get; init; }

    /// <summary>
    /// For people: the interval if it is narrow, else its beginning alone. On traces of real jobs wide intervals were kept less often than
    /// they should be, and say little.
    /// </summary>
    public override string ToString()
    {
        if (Latest is { } latest && Middle is { } middle && IsNarrow(latest - Earliest, middle - AskedAt))
            return $"in {In(Earliest)} to {In(latest)}";
        // Lengths are printed in whole seconds: "not before 0s from now" says nothing.
        return Earliest - AskedAt < TimeSpan.FromSeconds(1) ? "at any time" : $"probably not before {In(Earliest)} from now";
    }

    private static bool IsNarrow(TimeSpan width, TimeSpan middle) => width <= s_alwaysNarrow || width * 2 <= middle;

    private string In(DateTimeOffset time) => RelativeTime.Length(time - AskedAt);
}

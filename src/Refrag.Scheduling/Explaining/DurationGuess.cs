using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Simulation;

namespace Refrag.Scheduling.Explaining;

/// <summary>
/// Draws how long a job may last, from how long others did. Of n jobs that are alike, the next one's length is as likely to lie below the
/// shortest, between any two neighbors, or above the longest: each has the chance 1 in n + 1. That holds without any assumption on how
/// lengths are distributed, as long as the order of the jobs tells nothing (exchangeability).
/// </summary>
internal sealed class DurationGuess
{
    // A job that has outlived all others lasts twice as long with a chance of one half, four times as long with a quarter, and so on.
    private const double MostTimes = 100;
    private readonly Dictionary<Likeness, long[]> _sorted = [];

    /// <summary>Takes what matters of what is known.</summary>
    /// <param name="durations">How long jobs lasted.</param>
    /// <param name="jobs">The jobs whose lengths are to be drawn.</param>
    public DurationGuess(Durations durations, IEnumerable<JobRequest> jobs)
    {
        foreach (Likeness likeness in jobs.SelectMany(Likeness.Of).Distinct()) _sorted.Add(likeness, durations.Of(likeness));
    }

    /// <summary>How long a job lasts in all, in milliseconds; null where none of its queue has ended yet.</summary>
    /// <param name="request">The job.</param>
    /// <param name="age">How long it has run already: it lasts longer than that.</param>
    /// <param name="chance">The chance.</param>
    public long? Draw(JobRequest request, long age, Chance chance)
    {
        long least = age;
        bool isKnown = false;
        foreach (Likeness likeness in Likeness.Of(request))
        {
            long[] past = _sorted[likeness];
            isKnown |= past.Length > 0;
            int first = FirstAbove(past, least);
            int longer = past.Length - first;
            if (longer == 0) continue;
            int gap = chance.Number(longer + 1);
            if (gap < longer)
            {
                long from = gap == 0 ? least : past[first + gap - 1];
                return from + (long)(chance.Part() * (past[first + gap] - from));
            }
            // Longer than all of these: a wider kind knows more.
            least = past[^1];
        }
        return isKnown ? (long)(least * Math.Min(1 / (1 - chance.Part()), MostTimes)) : null;
    }

    private static int FirstAbove(long[] sorted, long value)
    {
        int low = 0;
        int high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (sorted[middle] <= value) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}

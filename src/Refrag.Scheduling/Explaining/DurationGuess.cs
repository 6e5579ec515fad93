using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Simulation;

namespace Refrag.Scheduling.Explaining;

/// <summary>
/// Draws how long jobs may last in one future, from how long others did. Of n jobs that are alike, the next one's length is as likely to
/// lie below the shortest, between any two neighbors, or above the longest: each has the chance 1 in n + 1. That holds without any
/// assumption on how lengths are distributed, as long as the order of the jobs says nothing (exchangeability). Each length that is drawn
/// counts for the draws after it: what is not known of a kind is not known of all its jobs together.
/// </summary>
internal sealed class DurationGuess
{
    // A job that has outlived all others lasts twice as long with a chance of one half, four times as long with a quarter, and so on.
    private const double MostTimes = 10;
    private readonly Dictionary<Likeness, List<long>> _sorted;

    /// <summary>Takes what matters of what is known.</summary>
    /// <param name="durations">How long jobs lasted.</param>
    /// <param name="jobs">The jobs whose lengths are to be drawn.</param>
    public DurationGuess(Durations durations, IEnumerable<JobRequest> jobs)
    {
        _sorted = jobs.SelectMany(Likeness.Of).Distinct().ToDictionary(likeness => likeness, likeness => durations.Of(likeness).ToList());
    }

    private DurationGuess(Dictionary<Likeness, List<long>> sorted) => _sorted = sorted;

    /// <summary>The same for another future.</summary>
    public DurationGuess Copy() => new(_sorted.ToDictionary(one => one.Key, one => new List<long>(one.Value)));

    /// <summary>How long a job lasts in all, in milliseconds; null if none of its queue has ended yet.</summary>
    /// <param name="request">The job.</param>
    /// <param name="age">How long it has run already: it lasts longer than that.</param>
    /// <param name="chance">The chance.</param>
    public long? Draw(JobRequest request, long age, Chance chance)
    {
        if (Drawn(request, age, chance) is not { } length) return null;
        foreach (Likeness likeness in Likeness.Of(request))
        {
            List<long> past = _sorted[likeness];
            past.Insert(FirstAbove(past, length), length);
        }
        return length;
    }

    private long? Drawn(JobRequest request, long age, Chance chance)
    {
        long least = age;
        bool isKnown = false;
        foreach (Likeness likeness in Likeness.Of(request))
        {
            List<long> past = _sorted[likeness];
            isKnown |= past.Count > 0;
            int first = FirstAbove(past, least);
            int longer = past.Count - first;
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
        if (!isKnown) return null;
        // One that has not: up to twice as long as the longest.
        double times = least > age ? 1 + chance.Part() : Math.Min(1 / (1 - chance.Part()), MostTimes);
        return (long)(least * times);
    }

    private static int FirstAbove(List<long> sorted, long value)
    {
        int low = 0;
        int high = sorted.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (sorted[middle] <= value) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}

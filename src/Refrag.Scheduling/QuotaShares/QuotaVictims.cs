namespace Refrag.Scheduling.QuotaShares;

/// <summary>
/// Chooses the jobs that are preempted. AWS looks at what a job borrows, at priorities and durations, by a heuristic that it keeps to itself (UG preemption); here the lowest
/// priority goes first, then what has run for the shortest time, and whoever turns out not to be needed stays.
/// </summary>
internal static class QuotaVictims
{
    /// <summary>Jobs that free so much, or none where they cannot.</summary>
    /// <param name="candidates">The jobs that may be preempted.</param>
    /// <param name="wanted">How much must come free; 1 or more.</param>
    /// <param name="most">How much a share can give back: no more than it has borrowed before the last job is taken from it.</param>
    public static IReadOnlyList<QuotaJob> Choose(IEnumerable<QuotaJob> candidates, long wanted, Func<string, long> most)
    {
        List<QuotaJob> chosen = [];
        Dictionary<string, long> left = new(StringComparer.Ordinal);
        long freed = 0;
        foreach (QuotaJob job in candidates.OrderBy(job => job.Priority).ThenByDescending(job => job.Since).ThenByDescending(job => job.Order))
        {
            if (freed >= wanted) break;
            long borrowed = left.TryGetValue(job.Share, out long known) ? known : most(job.Share);
            if (borrowed <= 0) continue;
            left[job.Share] = borrowed - job.Count;
            chosen.Add(job);
            freed += job.Count;
        }
        return freed < wanted ? [] : Needed(chosen, freed - wanted);
    }

    // A large one at the end may have made small ones before it needless: the first chosen are the cheapest, so the dearest is spared first.
    private static List<QuotaJob> Needed(List<QuotaJob> chosen, long spare)
    {
        for (int i = chosen.Count - 1; i >= 0; i--)
        {
            if (chosen[i].Count > spare) continue;
            spare -= chosen[i].Count;
            chosen.RemoveAt(i);
        }
        return chosen;
    }
}

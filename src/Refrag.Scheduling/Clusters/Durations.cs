namespace Refrag.Scheduling.Clusters;

/// <summary>How long jobs lasted: the last ones of each kind, and of each wider kind that it belongs to.</summary>
internal sealed class Durations
{
    private const int Kept = 128;

    // Of the kinds that were seen since the limit was last reached, and of those before them.
    private const int MostKinds = 4096;
    private Dictionary<Likeness, Latest<long>> _kinds = [];
    private Dictionary<Likeness, Latest<long>> _earlier = [];

    public void Add(JobRequest request, long milliseconds)
    {
        foreach (Likeness likeness in Likeness.Of(request))
        {
            if (!_kinds.TryGetValue(likeness, out Latest<long>? past))
            {
                if (_kinds.Count == MostKinds) (_kinds, _earlier) = ([], _kinds);
                past = _earlier.GetValueOrDefault(likeness) ?? new Latest<long>(Kept);
                _kinds.Add(likeness, past);
            }
            past.Add(milliseconds);
        }
    }

    /// <summary>In milliseconds, in order of length; none where no such job has ended yet.</summary>
    public long[] Of(Likeness likeness)
    {
        long[] past = (_kinds.GetValueOrDefault(likeness) ?? _earlier.GetValueOrDefault(likeness))?.InOrder() ?? [];
        Array.Sort(past);
        return past;
    }
}

/// <summary>What jobs have in common that last about as long. What is empty or 0 does not matter.</summary>
internal readonly record struct Likeness(string? Kind, string? Queue, Amount Amount, int Nodes)
{
    /// <summary>The kinds that a job belongs to: first the one whose jobs are most like it.</summary>
    public static IEnumerable<Likeness> Of(JobRequest request)
    {
        Amount amount = request.Requirement.Amount;
        int nodes = request.Requirement.Nodes;
        if (request.Kind is { } kind)
        {
            yield return new Likeness(kind, null, amount, nodes);
            yield return new Likeness(kind, null, default, 0);
        }
        yield return new Likeness(null, request.Queue, new Amount(0, 0, amount.Gpus), nodes);
        yield return new Likeness(null, request.Queue, default, 0);
    }
}

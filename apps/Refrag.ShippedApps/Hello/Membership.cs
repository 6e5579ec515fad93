using System.Security.Cryptography;
using System.Text;

namespace Refrag.ShippedApps.Hello;

/// <summary>Who has greeted. Safe to use from several connections at once.</summary>
/// <param name="own">Rank 0's own greeting, which says which job and how many workers.</param>
internal sealed class Membership(Greeting own)
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<int, Greeting> _present = new() { [own.Rank] = own };

    public IReadOnlyList<Greeting> Present
    {
        get { lock (_lock) return [.. _present.Values]; }
    }

    public IReadOnlyList<int> Missing
    {
        get { lock (_lock) return [.. Enumerable.Range(0, own.World).Where(rank => !_present.ContainsKey(rank))]; }
    }

    /// <summary>Adds a greeting, or says why not.</summary>
    public string? Refusal(Greeting greeting)
    {
        // In constant time, so that a stranger cannot find the id letter by letter. First, so that it learns nothing else.
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(greeting.Job), Encoding.UTF8.GetBytes(own.Job)))
            return "another job listens here";
        if (greeting.World != own.World) return $"this job has {own.World} workers, not {greeting.World}";
        if (greeting.Rank <= 0 || greeting.Rank >= own.World) return $"there is no worker of rank {greeting.Rank} to greet";
        lock (_lock) return _present.TryAdd(greeting.Rank, greeting) ? null : $"rank {greeting.Rank} has greeted already";
    }

    /// <summary>The lines for people, in rank order, with whoever is missing.</summary>
    public IEnumerable<string> Lines()
    {
        IReadOnlyList<Greeting> present = Present;
        yield return $"roll call: {present.Count} of {own.World} workers";
        foreach (Greeting greeting in present) yield return greeting.ToString();
        foreach (int rank in Missing) yield return $"rank {rank}/{own.World} is missing";
    }
}

using System.Globalization;
using System.Runtime.CompilerServices;

namespace Refrag.Claims;

/// <summary>
/// The claims of one host. A claim is a record that only one host can create; the next one of the same action can be created only after
/// the first has been seen unchanged for its whole lease. That time is measured here and not compared with another machine's clock.
/// </summary>
/// <param name="store">Where they are.</param>
/// <param name="time">The clock.</param>
/// <param name="owner">This host, for people.</param>
/// <param name="lease">How long a claim of this host lasts.</param>
public sealed class ClaimBook(IClaimStore store, TimeProvider time, string owner, TimeSpan lease)
{
    /// <summary>
    /// How long a claim lasts by default: two requests with their repetitions, and the search for a lost answer, are shorter.
    /// </summary>
    public static TimeSpan UsualLease { get; } = TimeSpan.FromMinutes(5);

    // After this number of leases without progress a further claim does not mend what is wrong.
    private const int MostClaims = 999;
    private const string OutcomeEnding = ".done";

    private readonly Dictionary<string, long> _firstSeen = new(StringComparer.Ordinal);

    /// <summary>Where the claims are.</summary>
    public string Place => store.Place;

    /// <summary>Takes an action, or says who has it or what became of it.</summary>
    /// <param name="actionId">The action's identity.</param>
    /// <param name="subject">The job.</param>
    /// <param name="attempt">After which of its attempts, for people. A job that has ended has one action, whatever its identity.</param>
    /// <param name="what">What it does, for people.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ClaimState> TakeAsync(
        string actionId, string subject, int attempt, string what, CancellationToken cancellationToken)
    {
        string slot = subject;
        if (await OutcomeAsync(slot, cancellationToken) is { } outcome) return new ClaimState.Done(outcome);
        Claim? before = null;
        Claim? last = null;
        for (int number = 1; number <= MostClaims; number++)
        {
            string name = NameOf(slot, number);
            long began = time.GetTimestamp();
            Claim mine = New(actionId, subject, attempt, what);
            // What is there is read first: a request that would be refused costs more.
            byte[]? there = await store.ReadAsync(name, cancellationToken);
            if (there is null && await store.CreateAsync(name, ClaimText.Write(mine), cancellationToken))
                return new ClaimState.Taken(mine, before, began);
            // One that was not written to its end has an owner that was killed, or that writes it now.
            there ??= await store.ReadAsync(name, cancellationToken);
            Claim other = (there is null ? null : ClaimText.ReadClaim(there))
                ?? mine with { Owner = "unknown", LeaseSeconds = UsualLease.TotalSeconds };
            last = other;
            // What cannot be read was not seen: its time begins when it can.
            if (there is null) return new ClaimState.Held(other);
            if (!_firstSeen.TryGetValue(name, out long since)) since = _firstSeen[name] = time.GetTimestamp();
            // The next claim is looked for all the same: another host may have waited for long enough.
            bool isOver = time.GetElapsedTime(since) >= other.Lease || await HasAsync(NameOf(slot, number + 1), cancellationToken);
            if (!isOver) return new ClaimState.Held(other);
            before ??= other;
        }
        return new ClaimState.Held(last!);
    }

    /// <summary>Records what became of an action; what was recorded already stays.</summary>
    public async Task<ClaimOutcome> RecordAsync(string actionId, string subject, string jobId, CancellationToken cancellationToken)
    {
        ClaimOutcome outcome = new()
        {
            ActionId = actionId,
            JobId = jobId,
            Owner = owner,
            Token = $"{Guid.NewGuid():N}",
            At = time.GetUtcNow(),
        };
        string slot = subject;
        if (await store.CreateAsync(slot + OutcomeEnding, ClaimText.Write(outcome), cancellationToken)) return outcome;
        return await OutcomeAsync(slot, cancellationToken) ?? outcome;
    }

    /// <summary>
    /// The newest of numbered actions, whose subjects are a name, a hyphen and a number from 1 on: its number, 0 if there is none, and the
    /// claim.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <param name="known">A number that exists, or 0: the store is listed only then.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<(int Number, Claim? Claim)> NewestAsync(string name, int known, CancellationToken cancellationToken)
    {
        if (known == 0)
        {
            await foreach (string record in store.ListAsync(cancellationToken))
            {
                int dot = record.LastIndexOf('.');
                if (dot > name.Length && record.StartsWith($"{name}-", StringComparison.Ordinal)
                    && int.TryParse(record.AsSpan(name.Length + 1, dot - name.Length - 1), NumberStyles.None,
                        CultureInfo.InvariantCulture, out int number)) known = Math.Max(known, number);
            }
        }
        // A list may be older than what was created since.
        byte[]? newest = known == 0 ? null : await store.ReadAsync(NameOf(Numbered(name, known), 1), cancellationToken);
        while (await store.ReadAsync(NameOf(Numbered(name, known + 1), 1), cancellationToken) is { } next)
            (known, newest) = (known + 1, next);
        return (known, newest is null ? null : ClaimText.ReadClaim(newest));
    }

    /// <summary>The subject of a numbered action.</summary>
    /// <param name="name">The name.</param>
    /// <param name="number">Its number, from 1 on.</param>
    public static string Numbered(string name, int number) => string.Create(CultureInfo.InvariantCulture, $"{name}-{number}");

    /// <summary>Every action that the store knows, in no order.</summary>
    public async IAsyncEnumerable<ClaimedAction> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Dictionary<string, int> slots = new(StringComparer.Ordinal);
        await foreach (string name in store.ListAsync(cancellationToken))
        {
            int dot = name.LastIndexOf('.');
            if (dot > 0 && int.TryParse(name.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
                slots[name[..dot]] = Math.Max(number, slots.GetValueOrDefault(name[..dot]));
        }
        foreach ((string slot, int claims) in slots)
        {
            byte[] newest = await store.ReadAsync(NameOf(slot, claims), cancellationToken) ?? [];
            yield return new ClaimedAction(
                ClaimText.ReadClaim(newest), claims, await OutcomeAsync(slot, cancellationToken));
        }
    }

    private Claim New(string actionId, string subject, int attempt, string what) => new()
    {
        ActionId = actionId,
        Subject = subject,
        Attempt = attempt,
        What = what,
        Owner = owner,
        Token = $"{Guid.NewGuid():N}",
        MadeAt = time.GetUtcNow(),
        LeaseSeconds = lease.TotalSeconds,
    };

    // An outcome that was not written to its end is found out by the next host, which looks for the job.
    private async Task<ClaimOutcome?> OutcomeAsync(string slot, CancellationToken cancellationToken) =>
        await store.ReadAsync(slot + OutcomeEnding, cancellationToken) is { } content ? ClaimText.ReadOutcome(content) : null;

    private async Task<bool> HasAsync(string name, CancellationToken cancellationToken) =>
        await store.ReadAsync(name, cancellationToken) is not null;

    private static string NameOf(string slot, int number) => string.Create(CultureInfo.InvariantCulture, $"{slot}.{number}");
}

/// <summary>Whose an action is.</summary>
public abstract record ClaimState
{
    private protected ClaimState() { }

    /// <summary>It is this host's.</summary>
    /// <param name="Claim">The claim.</param>
    /// <param name="Before">The first claim, whose owner may have carried it out; null if this is the first.</param>
    /// <param name="Began">When it was made, as a timestamp of this host's clock.</param>
    public sealed record Taken(Claim Claim, Claim? Before, long Began) : ClaimState;

    /// <summary>It is another's, or was this host's before.</summary>
    /// <param name="Claim">The claim.</param>
    public sealed record Held(Claim Claim) : ClaimState;

    /// <summary>It was carried out.</summary>
    /// <param name="Outcome">What became of it.</param>
    public sealed record Done(ClaimOutcome Outcome) : ClaimState;
}

using System.Globalization;
using System.Runtime.InteropServices;
using Refrag.History;

namespace Refrag.Costs;

/// <summary>What jobs of one kind have cost together.</summary>
public sealed record CostGroup
{
    /// <summary>The tag's value, the queue, the app, the user or the day; <c>(none)</c> for jobs without.</summary>
    public required string Key { get; init; }

    /// <summary>How many jobs.</summary>
    public int Jobs { get; set; }

    /// <summary>How many attempts.</summary>
    public int Attempts { get; set; }

    /// <summary>How long they ran, all attempts together.</summary>
    public TimeSpan Ran { get; set; }

    /// <summary>USD.</summary>
    public decimal Usd { get; set; }

    /// <summary>Of it, what AWS's bill allocates to their tasks.</summary>
    public decimal BilledUsd { get; set; }

    /// <summary>Of it, what was computed from the instances that they ran on.</summary>
    public decimal MeasuredUsd { get; set; }

    /// <summary>Of it, what attempts that failed have cost.</summary>
    public decimal FailedUsd { get; set; }

    /// <summary>How many jobs ran but have no price.</summary>
    public int Unpriced { get; set; }

    /// <summary>How many jobs Batch does not know any more, and the history does.</summary>
    public int Remembered { get; set; }

    /// <summary>
    /// Whether the amount is <c>billed</c>, <c>measured</c> or <c>assumed</c>, with each one's part where it is several; <c>unknown</c>
    /// where nothing has a price, <c>none</c> where nothing ran.
    /// </summary>
    public string Basis => CostBasis.Of(BilledUsd, MeasuredUsd, Usd - BilledUsd - MeasuredUsd, Unpriced > 0);
}

/// <summary>What the jobs of one group have cost on one day of UTC.</summary>
/// <param name="Day">The day.</param>
/// <param name="Key">The key of the group.</param>
public sealed record CostDay(DateOnly Day, string Key)
{
    /// <summary>USD that AWS's bill allocates to their tasks.</summary>
    public decimal BilledUsd { get; internal set; }

    /// <summary>USD of what ran on instances that were measured.</summary>
    public decimal MeasuredUsd { get; internal set; }

    /// <summary>USD of what ran on instances that are assumed.</summary>
    public decimal AssumedUsd { get; internal set; }
}

/// <summary>
/// Adds up what jobs have cost, by a tag, by queue or by day. Holds one entry a group and day, however many jobs there are. What an attempt
/// has cost is spread evenly over the time that it ran, so that days have the same sum as their jobs.
/// </summary>
/// <param name="by"><see cref="ByQueue"/>, <see cref="ByDay"/>, or the name of a tag (<c>app</c>, <c>user</c>).</param>
/// <param name="now">For jobs that still run.</param>
public sealed class CostReport(string by, DateTimeOffset now)
{
    /// <summary>Adds up by queue.</summary>
    public const string ByQueue = "queue";

    /// <summary>Adds up by day of UTC: a job counts on each day on which it ran.</summary>
    public const string ByDay = "day";

    private readonly Dictionary<string, CostGroup> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<(DateOnly Day, string Key), CostDay> _days = [];

    /// <summary>The groups, the dearest first; days in their order.</summary>
    public IReadOnlyList<CostGroup> Groups => by == ByDay
        ? [.. _groups.Values.OrderBy(g => g.Key, StringComparer.Ordinal)]
        : [.. _groups.Values.OrderByDescending(g => g.Usd).ThenBy(g => g.Key, StringComparer.Ordinal)];

    /// <summary>The same by day, in the order of days and keys; a day on which a group has cost nothing is left out.</summary>
    public IReadOnlyList<CostDay> Days => [.. _days.Values.OrderBy(d => d.Day).ThenBy(d => d.Key, StringComparer.Ordinal)];

    /// <summary>Where prices come from, and what was assumed for them, each once.</summary>
    public SortedSet<string> Sources { get; } = new(StringComparer.Ordinal);

    /// <summary>How many jobs Batch does not know any more, and the history does; each counts once, on however many days it ran.</summary>
    public int Remembered { get; private set; }

    /// <summary>What all groups together rest on.</summary>
    public string Basis => CostBasis.Of(
        _groups.Values.Sum(g => g.BilledUsd), _groups.Values.Sum(g => g.MeasuredUsd),
        _groups.Values.Sum(g => g.Usd - g.BilledUsd - g.MeasuredUsd), _groups.Values.Any(g => g.Unpriced > 0));

    /// <summary>Counts a job.</summary>
    /// <param name="job">A job of one container, a multi-node job, or one child of an array.</param>
    /// <param name="costing">The costs on its queue.</param>
    /// <param name="isRemembered">Whether Batch does not know it any more; if it ran still when it was last seen, it counts until
    /// then.</param>
    public void Add(RecordedJob job, RecordedCosting costing, bool isRemembered = false)
    {
        DateTimeOffset until = isRemembered ? job.SeenAt : now;
        if (isRemembered) Remembered++;
        string key = by == ByQueue ? job.Queue : job.Tags.GetValueOrDefault(by) ?? "(none)";
        Slice[] ran = [.. job.OfJob.SelectMany(attempt => Slices(attempt, until))];
        if (by == ByDay)
        {
            foreach (IGrouping<DateOnly, Slice> day in ran.GroupBy(slice => slice.Day)) Count(NameOf(day.Key), [.. day], day.Count());
        }
        else
        {
            Count(key, ran, job.OfJob.Count());
        }
        HashSet<string> unpriced = new(StringComparer.Ordinal);
        foreach ((RecordedAttempt part, RecordedCost cost) in costing.Each(job, until))
        {
            Sources.UnionWith(cost.Sources);
            Spend(key, part, cost, until, unpriced);
        }
        foreach (string group in unpriced) GroupOf(group).Unpriced++;

        void Count(string group, IReadOnlyList<Slice> slices, int attempts)
        {
            CostGroup counted = GroupOf(group);
            counted.Jobs++;
            if (isRemembered) counted.Remembered++;
            counted.Attempts += attempts;
            counted.Ran += new TimeSpan(slices.Sum(slice => slice.Length.Ticks));
        }
    }

    private void Spend(string key, RecordedAttempt part, RecordedCost cost, DateTimeOffset until, HashSet<string> unpriced)
    {
        decimal ticks = part.Ran(until).Ticks;
        foreach (Slice slice in Slices(part, until))
        {
            decimal share = slice.Length.Ticks / ticks;
            string name = by == ByDay ? NameOf(slice.Day) : key;
            CostGroup group = GroupOf(name);
            group.Usd += cost.Usd * share;
            group.BilledUsd += cost.BilledUsd * share;
            group.MeasuredUsd += cost.MeasuredUsd * share;
            group.FailedUsd += cost.FailedUsd * share;
            if (cost.HasUnpriced) unpriced.Add(name);
            if (cost.Usd == 0) continue;
            if (!_days.TryGetValue((slice.Day, name), out CostDay? day)) _days[(slice.Day, name)] = day = new CostDay(slice.Day, name);
            day.BilledUsd += cost.BilledUsd * share;
            day.MeasuredUsd += cost.MeasuredUsd * share;
            day.AssumedUsd += cost.AssumedUsd * share;
        }
    }

    private CostGroup GroupOf(string key)
    {
        if (!_groups.TryGetValue(key, out CostGroup? group)) _groups[key] = group = new CostGroup { Key = key };
        return group;
    }

    // The time that an attempt ran, day by day of UTC.
    private static IEnumerable<Slice> Slices(RecordedAttempt attempt, DateTimeOffset until)
    {
        DateTime from = attempt.StartedAt.UtcDateTime;
        DateTime end = from + attempt.Ran(until);
        while (from < end)
        {
            DateTime next = from.Date < DateTime.MaxValue.Date ? from.Date.AddDays(1) : end;
            DateTime to = next < end ? next : end;
            yield return new Slice(DateOnly.FromDateTime(from), to - from);
            from = to;
        }
    }

    private static string NameOf(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Slice(DateOnly Day, TimeSpan Length);
}

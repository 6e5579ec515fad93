using System.Globalization;
using System.Text;

namespace Refrag.Infrastructure;

/// <summary>What a plan would do to one resource.</summary>
public enum PlannedAction
{
    /// <summary>It is made.</summary>
    Add,

    /// <summary>It is changed where it stands.</summary>
    Change,

    /// <summary>A new one takes its place.</summary>
    Replace,

    /// <summary>It is removed.</summary>
    Destroy,
}

/// <summary>One resource in a plan.</summary>
/// <param name="Action">What happens to it.</param>
/// <param name="Address">Its address in the configuration, such as <c>aws_batch_job_queue.cpu_queue[0]</c>.</param>
/// <param name="Name">Its name in AWS where it has one, else empty.</param>
/// <param name="IsTainted">Whether it is replaced only because its making was interrupted.</param>
public sealed record PlannedChange(PlannedAction Action, string Address, string Name, bool IsTainted = false)
{
    /// <summary>
    /// Whether it can be taken over as it is. Queues and environments are replaced by a new one first, which cannot have the old one's name; and one
    /// whose making was interrupted is there, though nobody waited until it was ready.
    /// </summary>
    internal bool IsAdoptable => IsTainted
        && (Address.StartsWith("aws_batch_job_queue.", StringComparison.Ordinal) || Address.StartsWith("aws_batch_compute_environment.", StringComparison.Ordinal));
}

/// <summary>A plan in the words of a person.</summary>
public sealed record PlanSummary
{
    /// <summary>The changes: what is destroyed first, then replaced, changed, added, and by address.</summary>
    public required IReadOnlyList<PlannedChange> Changes { get; init; }

    /// <summary>What the stack has afterwards that costs money while no job runs. Jobs, storage and logs come on top.</summary>
    public required IReadOnlyList<FloorItem> Floor { get; init; }

    /// <summary>The sum of <see cref="Floor"/> in USD a month, at list prices of us-east-1; null where one of them is not known.</summary>
    public decimal? MonthlyFloor => Floor.Any(item => item.Usd is null) ? null : Floor.Sum(item => item.Usd);

    /// <summary>Whether nothing would change.</summary>
    public bool IsEmpty => Changes.Count == 0;

    /// <summary>How many resources an action concerns.</summary>
    public int Count(PlannedAction action) => Changes.Count(c => c.Action == action);

    /// <summary>What is replaced for its settings' sake, and so perhaps under running jobs.</summary>
    internal IReadOnlyList<PlannedChange> Replacements => [.. Changes.Where(c => c.Action == PlannedAction.Replace && !c.IsAdoptable)];

    /// <summary>Several lines for a terminal, without a final line break.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (PlannedChange change in Changes) text.Append(CultureInfo.InvariantCulture, $"{Verb(change.Action),-9}{change.Address}{(change.Name.Length > 0 ? $" ({change.Name})" : "")}\n");
        text.Append(IsEmpty ? "Nothing to do." : string.Create(CultureInfo.InvariantCulture,
            $"{Count(PlannedAction.Add)} added, {Count(PlannedAction.Change)} changed, {Count(PlannedAction.Replace)} replaced, {Count(PlannedAction.Destroy)} destroyed."));
        text.Append('\n').Append(MonthlyFloor switch
        {
            0 => "Idle, the stack costs nothing, storage and logs apart.",
            { } floor => string.Create(CultureInfo.InvariantCulture, $"Idle, the stack costs about {floor:0.00} USD a month at list prices of us-east-1, storage and logs apart:"),
            null => "What the stack costs while idle is not known: a type that is kept running has no price in instance_types.json.",
        });
        foreach (FloorItem item in Floor) text.Append(CultureInfo.InvariantCulture, $"\n  {(item.Usd is { } usd ? usd.ToString("0.00", CultureInfo.InvariantCulture) : "?"),8} USD  {item.What}");
        return text.ToString();
    }

    private static string Verb(PlannedAction action) => action switch
    {
        PlannedAction.Add => "add",
        PlannedAction.Change => "change",
        PlannedAction.Replace => "replace",
        _ => "destroy",
    };
}

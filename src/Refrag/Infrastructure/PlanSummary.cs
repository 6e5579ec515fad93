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
/// <param name="Edits">What of a compute environment would change that its name stands for, and that Batch changes only by ending jobs;
/// else empty.</param>
public sealed record PlannedChange(PlannedAction Action, string Address, string Name, bool IsTainted = false, string Edits = "")
{
    /// <summary>Whether it is about an object that its successor has replaced already, and that is only left to be removed.</summary>
    public bool IsDeposed { get; init; }

    /// <summary>Whether Terraform takes it into the state: it was made by a run that could not write it down.</summary>
    public bool IsImported { get; init; }

    /// <summary>Whether it takes away a part of the network: an address, a route or an endpoint that running jobs may use.</summary>
    internal bool TakesNetworkAway { get; init; }

    /// <summary>Whether it is the removal of one of these environments, of its drain or of its launch template.</summary>
    internal bool IsOfEnvironment(IReadOnlyCollection<string> names) => Action == PlannedAction.Destroy && names.Any(name =>
        Address.EndsWith($"[\"{name}\"]", StringComparison.Ordinal)
        || Address == $"aws_launch_template.hosts[\"{HostsOf(name)}\"]");

    private static string HostsOf(string environment) =>
        environment.Replace("-on-demand", "", StringComparison.Ordinal).Replace("-compute-env", "-hosts", StringComparison.Ordinal);

    /// <summary>
    /// Whether it can be taken over as it is. Queues and environments are replaced by a new one first, which cannot have the old one's
    /// name; and one whose making was interrupted is there, though it may not be ready.
    /// </summary>
    internal bool IsAdoptable => IsTainted
        && (Address.StartsWith("aws_batch_job_queue.", StringComparison.Ordinal)
        || Address.StartsWith("aws_batch_compute_environment.", StringComparison.Ordinal));
}

/// <summary>A plan in the words of a person.</summary>
public sealed record PlanSummary
{
    /// <summary>The changes: what is destroyed first, then replaced, changed, added, and by address.</summary>
    public required IReadOnlyList<PlannedChange> Changes { get; init; }

    /// <summary>What the stack has afterwards that costs money while no job runs. Jobs, storage and logs come on top.</summary>
    public required IReadOnlyList<FloorItem> Floor { get; init; }

    /// <summary>Environments of earlier settings that stay until they are empty, by name.</summary>
    public IReadOnlyList<string> Retained { get; init; } = [];

    /// <summary>What will not work as expected; one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The stack's region; null if the plan does not name it.</summary>
    public string? Region { get; init; }

    /// <summary>With what the stack's names begin; null if the plan does not say.</summary>
    public string? NamePrefix { get; init; }

    /// <summary>What the environments that queues use may ask of EC2.</summary>
    internal IReadOnlyList<EnvironmentDemand> Demands { get; init; } = [];

    /// <summary>A plan without a change.</summary>
    internal static PlanSummary Nothing { get; } = new() { Changes = [], Floor = [] };

    /// <summary>Whether a part of the network would be taken away.</summary>
    internal bool TakesNetworkAway => Changes.Any(c => c.TakesNetworkAway);

    /// <summary>Environments that would be changed in a way that ends their jobs.</summary>
    internal IReadOnlyList<PlannedChange> EditedEnvironments => [.. Changes.Where(c => c.Edits.Length > 0)];

    /// <summary>The sum of <see cref="Floor"/> in USD a month, at list prices of us-east-1; null if one of them is not known.</summary>
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
        foreach (PlannedChange change in Changes)
            text.Append(CultureInfo.InvariantCulture,
                $"{Verb(change.Action),-9}{change.Address}{(change.Name.Length > 0 ? $" ({change.Name})" : "")}\n");
        text.Append(IsEmpty ? "Nothing to do." : string.Create(CultureInfo.InvariantCulture,
            $"{Count(PlannedAction.Add)} added, {Count(PlannedAction.Change)} changed, {Count(PlannedAction.Replace)} replaced, "
                + $"{Count(PlannedAction.Destroy)} destroyed."));
        foreach (string name in Retained)
            text.Append(
                CultureInfo.InvariantCulture, $"\nRetained until its jobs have ended: {name}. `refrag infra cleanup` removes it then.");
        text.Append('\n').Append(MonthlyFloor switch
        {
            0 => "Idle, the stack costs nothing, storage and logs apart.",
            { } floor =>
                string.Create(CultureInfo.InvariantCulture,
                    $"Idle, the stack costs about {floor:0.00} USD a month at list prices of us-east-1, storage and logs apart:"),
            null => "What the stack costs while idle is not known: a type that is kept running has no price in instance_types.json.",
        });
        foreach (FloorItem item in Floor)
            text.Append(CultureInfo.InvariantCulture,
                $"\n  {(item.Usd is { } usd ? usd.ToString("0.00", CultureInfo.InvariantCulture) : "?"),8} USD  {item.What}");
        foreach (string warning in Warnings) text.Append(CultureInfo.InvariantCulture, $"\nwarning: {warning}");
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

using System.Text.Json.Serialization;
using Refrag.Infrastructure;

namespace Refrag.Cli.Commands.Infra;

/// <summary>The object of <c>refrag infra plan --json</c>: what an apply would do.</summary>
internal sealed record PlannedStack
{
    /// <summary>How many resources would be added.</summary>
    public required int Added { get; init; }

    /// <summary>How many resources would be changed in place.</summary>
    public required int Changed { get; init; }

    /// <summary>How many resources would be replaced by new ones.</summary>
    public required int Replaced { get; init; }

    /// <summary>How many resources would be destroyed.</summary>
    public required int Destroyed { get; init; }

    /// <summary>Each of these changes.</summary>
    public required IReadOnlyList<PlannedEdit> Changes { get; init; }

    /// <summary>What deserves a look before an apply, as sentences.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>The names of compute environments that stay until their jobs have ended.</summary>
    public required IReadOnlyList<string> Retained { get; init; }

    /// <summary>What the stack costs in a month without jobs, in USD; null if a price is not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public decimal? MonthlyFloorUsd { get; init; }

    /// <summary>The parts of that cost.</summary>
    public required IReadOnlyList<FloorPart> Floor { get; init; }

    public static PlannedStack Of(PlanSummary plan) => new()
    {
        Added = plan.Count(PlannedAction.Add),
        Changed = plan.Count(PlannedAction.Change),
        Replaced = plan.Count(PlannedAction.Replace),
        Destroyed = plan.Count(PlannedAction.Destroy),
        Changes = [.. plan.Changes.Select(PlannedEdit.Of)],
        Warnings = [.. plan.Warnings],
        Retained = [.. plan.Retained],
        MonthlyFloorUsd = FloorPart.Cents(plan.MonthlyFloor),
        Floor = [.. plan.Floor.Select(item => new FloorPart { What = item.What, Usd = FloorPart.Cents(item.Usd) })],
    };
}

/// <summary>What an apply would do with one resource.</summary>
internal sealed record PlannedEdit
{
    /// <summary><c>add</c>, <c>change</c>, <c>replace</c> or <c>destroy</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The resource's address in Terraform.</summary>
    public required string Address { get; init; }

    /// <summary>The resource's name in AWS.</summary>
    public required string Name { get; init; }

    public static PlannedEdit Of(PlannedChange change) => new()
    {
        Action = change.Action switch
        {
            PlannedAction.Add => "add",
            PlannedAction.Change => "change",
            PlannedAction.Replace => "replace",
            _ => "destroy",
        },
        Address = change.Address,
        Name = change.Name,
    };
}

/// <summary>A part of what the stack costs without jobs.</summary>
internal sealed record FloorPart
{
    /// <summary>What costs: <c>1 KMS key</c>.</summary>
    public required string What { get; init; }

    /// <summary>Its cost in a month, in USD; null if the price is not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public decimal? Usd { get; init; }

    public static decimal? Cents(decimal? usd) => usd is { } known ? decimal.Round(known, 2) : null;
}

namespace Refrag.SourceAnalysis;

/// <summary>
/// Folders that share a concept with the folder above them and may use it in turn: the detail of a whole. Every other use between folders,
/// at any depth, points one way.
/// </summary>
public static class FolderDetails
{
    /// <summary>All of them, each with its project, in ordinal order.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "Refrag.Aws/Batch/Contract",
        "Refrag.Aws/Ecr/Contract",
        "Refrag.Aws/Ecs/Contract",
        "Refrag.Aws/Logs/Contract",
        "Refrag.Cli/Commands/Jobs/Top",
        "Refrag.Cli/Commands/Run/Sweeps",
        "Refrag.Composition/Overrides/Functions",
        "Refrag.Composition/Overrides/Grammar",
        "Refrag.Engine/Jobs/Plans",
        "Refrag.Engine/Jobs/Rules",
        "Refrag.Engine/Operations/ComputeEnvironments",
        "Refrag.Engine/Operations/ConsumableResources",
        "Refrag.Engine/Operations/Definitions",
        "Refrag.Engine/Operations/JobQueues",
        "Refrag.Engine/Operations/Jobs",
        "Refrag.Engine/Operations/QuotaShares",
        "Refrag.Engine/Operations/SchedulingPolicies",
        "Refrag.Engine/Operations/ServiceEnvironments",
        "Refrag.Engine/Operations/ServiceJobs",
        "Refrag.Engine/Placement/Fleets",
    ];

    /// <summary>Whether a folder of the list uses the one above it.</summary>
    public static bool IsDetailOfItsWhole(FolderUse use) =>
        IsAbove(use.To, use.From) && All.Contains($"{use.Project}/{use.From}", StringComparer.Ordinal);

    /// <summary>Whether a folder stands directly above another; the root of a project stands above none.</summary>
    public static bool IsAbove(string above, string folder) => above.Length > 0 && Path.GetDirectoryName(folder) == above;
}

using Refrag.SourceAnalysis;

namespace Refrag.Architecture.Tests;

/// <summary>
/// Arrows between the folders of a project point one way. A project in <see cref="s_layers"/> names its folders from the ground up, and a
/// folder uses only what stands before it; a folder and its subfolders count as one.
/// </summary>
public sealed class FolderArrowTests
{
    private static readonly Dictionary<string, string[]> s_layers = new(StringComparer.Ordinal)
    {
        ["Refrag.Core"] = ["Time", "Units", "Usage", ""],
        ["Refrag.Composition"] =
        [
            "Tree", "Yaml", "Problems", "ConfigFiles", "Search", "Overrides", "Sweeps", "Interpolation", "Merging", "Defaults", "Schemas",
            "Composing", "Completion",
        ],
        ["Refrag.Aws"] =
        [
            "Services", "Failures", "Operations", "Json", "Shapes", "Signing", "Settings", "Credentials", "Http", "S3", "Batch", "Events",
            "Logs", "Limits", "Ecs", "Ecr", "Ec2", "Iam", "Pricing", "ServiceQuotas",
        ],
        ["Refrag.Runners"] = ["Attempts", "Usage", "Simulation", "Processes", "Containers", ""],
        ["Refrag.Scheduling"] =
        [
            "", "Catalogue", "Environments", "Queues", "Fitting", "Clusters", "Blocking", "Deciding", "Simulation", "Explaining",
            "QuotaShares",
        ],
        ["Refrag"] =
        [
            "CommandTables", "Stores", "Claims", "CodeArchives", "Apps", "Results", "Catalogues", "Jobs", "Scenarios", "Policies",
            "Targeting", "Quotas", "Submission", "Monitoring", "History", "JobLogs", "Usage", "Launching", "Reactions", "Sweeps",
            "BatchSubmitter", "Infrastructure", "Costs", "Budgets", "Scaling", "Traces", "WhatIf", "Diagnosis", "Regions",
        ],
        ["Refrag.Server"] = ["Limits", "Failures", "Reading", "Access", "Events", "Endpoints", ""],
        ["Refrag.Dashboard"] =
        [
            "Problems", "Streams", "Files", "Access", "Sources", "Jobs", "Details", "Queues", "Costs", "Series", "Sweeps",
            "Simulations", "Actions", "",
        ],
        ["Refrag.Engine"] =
        [
            "Names", "Options", "Jobs", "Resources", "Store", "Logs", "State", "Placement", "Details", "Transitions", "Attempts",
            "Operations", "Loop", "",
        ],
        ["Refrag.Slurm"] = ["Commands", "Reading", "Scripts", "Jobs", "Operations", "Explaining", ""],
        ["Refrag.Apps"] = [""],
        ["Refrag.Testcontainers"] = [""],
        ["Refrag.ShippedApps"] = ["Hello", "Training", ""],
        ["Refrag.Cli"] =
        [
            "Terminal", "Context", "Configuration", "LocalRuns", "Connections", "Following", "Commands/Catalog", "Commands/Completion",
            "Commands/Config", "Commands/Cost", "Commands/Dashboard", "Commands/Diagnose", "Commands/Exec", "Commands/History",
            "Commands/Infra", "Commands/Jobs", "Commands/React", "Commands/Run", "Commands/Scale", "Commands/Serve", "Commands/Simulate",
            "",
        ],
    };

    public static TheoryData<string> Layered => [.. s_layers.Keys];

    [Theory]
    [MemberData(nameof(Layered))]
    public void Folder_OfALayeredProject_UsesOnlyFoldersBelow(string project)
    {
        List<string> layers = [.. s_layers[project]];
        string[] folders = [.. FoldersOf(project)];
        Assert.Equal(folders.Order(StringComparer.Ordinal), layers.Order(StringComparer.Ordinal));
        Assert.Empty(Between(project).Where(use => layers.IndexOf(Concept(use.To)) > layers.IndexOf(Concept(use.From)))
            .Select(use => use.ToString()));
    }

    [Fact]
    public void Folders_AtAnyDepth_UseOneAnotherInCirclesOnlyAsDetailAndWhole() =>
        Assert.Empty(s_layers.Keys
            .SelectMany(project => FolderCycles
                .Find(Repository.Uses.Where(use => use.Project == project && !FolderDetails.IsDetailOfItsWhole(use)))
                .Select(circle => $"{project}: {string.Join(", ", circle)}")));

    [Fact]
    public void Details_InTheList_AreThoseThatUseTheirWholeAndAreUsedByIt() =>
        Assert.Equal(FolderDetails.All, Repository.Uses.Where(use => FolderDetails.IsAbove(use.To, use.From)
                && Repository.Uses.Any(back => back.Project == use.Project && back.From == use.To && back.To == use.From))
            .Select(use => $"{use.Project}/{use.From}").Order(StringComparer.Ordinal));

    [Fact]
    public void Command_OfTheCommandLine_UsesNoOther() =>
        Assert.Empty(Between("Refrag.Cli").Where(use => IsCommand(use.From) && IsCommand(use.To)).Select(use => use.ToString()));

    [Fact]
    public void Projects_AllOfThem_AreInTheTable()
    {
        IEnumerable<string> projects = Repository.Code.Files.Values.Select(file => file.Project).Distinct();
        Assert.Equal(projects.Order(StringComparer.Ordinal), s_layers.Keys.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<FolderUse> Between(string project) =>
        Repository.Uses.Where(use => use.Project == project && Concept(use.From) != Concept(use.To));

    private static IEnumerable<string> FoldersOf(string project) =>
        Repository.Code.Files.Values.Where(file => file.Project == project).Select(file => Concept(file.Folder)).Distinct();

    // The commands of the command line are concepts of their own.
    private static string Concept(string folder) => string.Join('/', folder.Split('/').Take(IsCommand(folder) ? 2 : 1));

    private static bool IsCommand(string folder) => folder.StartsWith("Commands/", StringComparison.Ordinal);
}

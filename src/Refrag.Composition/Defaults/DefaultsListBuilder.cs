using Refrag.Composition.ConfigFiles;
using Refrag.Composition.Overrides;
using Refrag.Composition.Search;

namespace Refrag.Composition.Defaults;

/// <summary>Makes the final defaults list of a primary file and a command line.</summary>
internal sealed class DefaultsListBuilder(
    ConfigRepository repository, HydraReading reading, ProblemList problems, ProblemList warnings)
{
    private const string HydraConfig = "hydra/config";

    /// <summary>Makes the list. What is wrong goes to the problems, and the list is then what could be had.</summary>
    /// <param name="configName">The primary file; null for none.</param>
    /// <param name="overrides">The command line.</param>
    /// <param name="prependHydra">Whether Hydra's own configuration comes first.</param>
    /// <param name="skipMissing">Whether a group that is still to be chosen is left out, as before a sweep, and not a mistake.</param>
    public ExpandedDefaults Build(string? configName, IReadOnlyList<Override> overrides, bool prependHydra, bool skipMissing)
    {
        var sorted = new OverrideSorter(repository, problems);
        sorted.Sort(overrides);
        var tree = new DefaultsTree(repository, sorted, skipMissing, problems, warnings);
        var root = Root(configName, prependHydra);
        tree.Expand(root);
        new DeferredDefaults(tree, sorted.Choices, problems).Resolve(root);

        var items = new List<ResolvedDefault>();
        Flatten(root, items);
        CheckDuplicates(items);
        // What could not be loaded may have held the entries that seem to be missing.
        if (tree.BrokenPackages.Count == 0) CheckUnused(sorted.Choices, tree.MisplacedOverrides);
        return new ExpandedDefaults(items, sorted.Choices.Known, sorted.OfValues)
        {
            BrokenPackages = [.. tree.BrokenPackages, .. tree.SetAside],
        };
    }

    private DefaultsNode Root(string? configName, bool prependHydra)
    {
        if (!prependHydra) return Primary(configName, parent: null);
        var root = new DefaultsNode(new DefaultsEntry { Path = "" }, "", "", parent: null) { IsVirtual = true, Reading = reading };
        root.Children = [new DefaultsNode(new DefaultsEntry { Path = HydraConfig }, "", "", root), Primary(configName, root)];
        return root;
    }

    private DefaultsNode Primary(string? configName, DefaultsNode? parent) =>
        new(new DefaultsEntry { Path = configName ?? ConfigFile.Empty.ConfigPath }, "", "", parent)
        {
            IsPrimary = true,
            Reading = reading,
            File = configName is null ? ConfigFile.Empty : null,
        };

    private static void Flatten(DefaultsNode node, List<ResolvedDefault> items)
    {
        if (node.Children is null)
        {
            Add(node, items);
            return;
        }
        foreach (var child in node.Children) Flatten(child, items);
    }

    private static void Add(DefaultsNode leaf, List<ResolvedDefault> items)
    {
        bool isSelf = leaf.Entry.IsSelf;
        var node = isSelf ? leaf.Parent! : leaf;
        if (leaf.IsDeleted || leaf.IsMissing || leaf.Name is null || node.File is null || ReferenceEquals(node.File, ConfigFile.Empty))
            return;
        string? key = !isSelf && node.Entry.IsGroup ? node.OverrideKey : null;
        items.Add(
            new ResolvedDefault(node.ConfigPath, node.Package, node.Parent?.ConfigPath, isSelf, node.IsPrimary, key)
            {
                File = node.File,
                Place = node.Entry.Place,
            });
    }

    private void CheckDuplicates(List<ResolvedDefault> items)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            if (item.OverrideKey is not null && !keys.Add(item.OverrideKey)) problems.Add(DefaultsProblems.Duplicate(item, items));
        }
    }

    private void CheckUnused(Choices choices, HashSet<DefaultsEntry> reported)
    {
        foreach (var choice in choices.Unused.Where(choice => choice.Node is null || !reported.Contains(choice.Node.Entry)))
            problems.Add(DefaultsProblems.UnusedChoice(choice, choices));
        foreach (var deletion in choices.UnusedDeletions) problems.Add(DefaultsProblems.UnusedDeletion(deletion, choices));
    }
}

using Refrag.Composition.ConfigFiles;
using Refrag.Composition.Search;

namespace Refrag.Composition.Defaults;

/// <summary>
/// Expands a primary file into the tree of everything that its defaults list pulls in. A list is walked backwards, because an
/// <c>override</c> changes entries that stand before it, wherever in the tree they are.
/// </summary>
internal sealed class DefaultsTree(
    ConfigRepository repository, OverrideSorter sorted, bool skipMissing, ProblemList problems, ProblemList warnings)
{
    // No person nests defaults so deep; a file that leads back to itself does.
    private const int DeepestNesting = 64;

    // A few files that list each other twice each grow without end long before they are deep.
    private const int MostNodes = 100_000;

    private readonly Choices _choices = sorted.Choices;
    private int _nodes;

    /// <summary>Packages of files that could not be had.</summary>
    public List<string> BrokenPackages { get; } = [];

    /// <summary>Packages of Hydra plug-ins that are left out, with a warning; keys below them mean nothing here.</summary>
    public List<string> SetAside { get; } = [];

    /// <summary>Override entries that stand where none may: what they say is reported once.</summary>
    public HashSet<DefaultsEntry> MisplacedOverrides { get; } = [];

    /// <summary>Expands <paramref name="node"/> and all below it, but for entries that need choices made elsewhere: those wait.</summary>
    /// <param name="node">The node.</param>
    /// <param name="eligible">Null, or the override keys that count below an entry that had to wait.</param>
    public void Expand(DefaultsNode node, HashSet<string>? eligible = null)
    {
        if (node.IsVirtual)
        {
            foreach (var child in Enumerable.Reverse(node.Children!)) Expand(child, eligible);
            return;
        }
        if (!TryLoad(node)) return;
        if (ReadEntries(node, eligible is not null) is not { Count: > 0 } entries) return;
        if (node.Reading == HydraReading.Released)
        {
            // What a file overrides counts before anything that it lists: the first wins, and an outer file over an inner one.
            foreach (var entry in entries.Where(entry => entry.IsOverride))
                _choices.Register(new DefaultsNode(entry, node.GroupPath, node.Package, node));
        }
        var children = new List<DefaultsNode>(entries.Count);
        foreach (var entry in Enumerable.Reverse(entries)) Place(entry, node, children, eligible);
        children.Reverse();
        // A file that only overrides has nothing to be ordered among: it stays a leaf.
        node.Children = children.Count == 0 ? null : children;
    }

    private bool TryLoad(DefaultsNode node)
    {
        if (_nodes++ > MostNodes || node.Depth > DeepestNesting) return Fail(node, DefaultsProblems.TooDeep(node));
        bool hasFile = node.Name is not null && !node.IsMissing;
        node.File ??= hasFile ? repository.Load(node.ConfigPath) : null;
        if (_choices.TryDelete(node)) return !(node.IsDeleted = true);
        if (node is { Reading: HydraReading.Released, Parent: { IsVirtual: false } parent }
            && DefaultsProblems.BadPath(node.Entry, parent) is { } bad)
            return Fail(node, bad);
        if (!_choices.TryKnow(node)) return Fail(node, DefaultsProblems.Conflict(node, _choices.OriginOf(node.OverrideKey)!));
        if (node.Name is null) return false;
        if (node.ConfigPath.EndsWith("???", StringComparison.Ordinal))
            return !skipMissing && Fail(node, DefaultsProblems.MustChoose(node, repository));
        if (node.File is { Problems.Count: > 0 } broken)
            return Fail(
                node, broken.Problems.Select(problem => problem.Place is null ? problem with { Place = node.Entry.Place } : problem));
        if (node.File is not null)
            return !DefaultsProblems.IsNameless(node) || Fail(node, DefaultsProblems.NamelessPackage(node));
        if (node.Entry.IsOptional)
        {
            // What a file names may be missing; a name that was typed is meant.
            if (node.Entry.Place is ArgumentPlace && repository.HasGroup(node.GroupPath))
                warnings.Add(DefaultsProblems.OptionalNotFound(node, repository));
            return !(node.IsDeleted = true);
        }
        if (DefaultsProblems.LeadsOut(node)) return Fail(node, DefaultsProblems.Outside(node));
        if (!node.GroupPath.StartsWith("hydra/", StringComparison.Ordinal) || !repository.HasConfig("hydra/config"))
            return Fail(node, DefaultsProblems.NotFound(node, repository));
        // What a Python package would bring: how Hydra launches, sweeps and logs, which is not Hydra's affair here.
        warnings.Add(DefaultsProblems.PluginSetAside(node));
        SetAside.Add(node.Package);
        return !(node.IsDeleted = true);
    }

    // The file's own entries, its own content among them, and what the command line appended.
    private List<DefaultsEntry> ReadEntries(DefaultsNode node, bool isInterpolated)
    {
        var listed = node.File!.Defaults;
        bool appends = node.IsPrimary && sorted.Appended.Count > 0;
        if (listed.Count == 0 && !appends) return [];
        var entries = node.Reading == HydraReading.Development ? listed.Select(entry => entry.Normalized()).ToList() : listed.ToList();
        if (entries.Count(entry => entry.IsSelf) > 1)
            problems.Add(DefaultsProblems.DuplicateSelf(node, entries.Last(entry => entry.IsSelf)));
        if (entries.Count == 0 || entries.Any(entry => !entry.IsOverride) && !entries.Exists(entry => entry.IsSelf))
            entries.Add(new DefaultsEntry { Path = DefaultsEntry.SelfPath });
        if (appends) entries.AddRange(sorted.Appended);
        if (node.Reading == HydraReading.Development) entries.RemoveAll(entry => !IsAllowed(entry, node));
        CheckOrder(entries, node, isInterpolated);
        return entries;
    }

    private bool IsAllowed(DefaultsEntry entry, DefaultsNode parent)
    {
        if (DefaultsProblems.BadPath(entry, parent) is not { } problem) return true;
        problems.Add(problem);
        return false;
    }

    private void CheckOrder(List<DefaultsEntry> entries, DefaultsNode parent, bool isInterpolated)
    {
        DefaultsEntry? last = null;
        foreach (var entry in entries)
        {
            if (entry.IsSelf) continue;
            if (entry.IsOverride && isInterpolated) Misplaced(entry, DefaultsProblems.OverrideBelowInterpolation(entry, parent));
            if (last is not null && !entry.IsOverride && !entry.IsAppended)
                Misplaced(last, DefaultsProblems.OverrideFirst(last, entry, parent));
            if (entry.IsOverride) last = entry;
        }
    }

    private void Place(DefaultsEntry entry, DefaultsNode parent, List<DefaultsNode> children, HashSet<string>? eligible)
    {
        var node = new DefaultsNode(entry, parent.GroupPath, parent.Package, parent);
        if (entry.IsSelf)
        {
            children.Add(node);
        }
        else if (entry.IsOverride)
        {
            if (node.Reading == HydraReading.Development) _choices.Register(node);
        }
        else
        {
            var chosen = _choices.Apply(node, node.Reading == HydraReading.Released ? null : eligible);
            if (!ReferenceEquals(chosen, entry)) node = node.With(chosen);
            if (node.Reading == HydraReading.Development && !IsAllowed(chosen, parent)) return;
            AddChosen(node, parent, children, eligible);
        }
    }

    private void AddChosen(DefaultsNode node, DefaultsNode parent, List<DefaultsNode> children, HashSet<string>? eligible)
    {
        if (node.Entry.Options is { } options)
        {
            foreach (string option in _choices.Left(node, options).Reverse())
            {
                if (option.Contains("${", StringComparison.Ordinal))
                    problems.Add(DefaultsProblems.InterpolationInList(node, option));
                else
                    AddExpanded(OptionNode(node, option, parent), children, eligible);
            }
        }
        else if (node.Entry.IsInterpolated)
        {
            // Which overrides count is settled here, where the entry stands, and not where it is resolved.
            node.EligibleOverrides = eligible ?? [.. _choices.Keys];
            children.Add(node);
        }
        else
        {
            AddExpanded(node, children, eligible);
        }
    }

    private void AddExpanded(DefaultsNode node, List<DefaultsNode> children, HashSet<string>? eligible)
    {
        Expand(node, eligible);
        children.Add(node);
    }

    private void Misplaced(DefaultsEntry entry, Problem problem)
    {
        problems.Add(problem);
        MisplacedOverrides.Add(entry);
    }

    // One of several options is a file of its own: it cannot be overridden by the group's name.
    private static DefaultsNode OptionNode(DefaultsNode node, string option, DefaultsNode parent)
    {
        var entry = new DefaultsEntry
        {
            Path = $"{node.Entry.Path}/{option}",
            Package = node.Entry.Package,
            IsOptional = node.Entry.IsOptional,
            IsAppended = node.Entry.IsAppended,
            Place = node.Entry.Place,
        };
        return new DefaultsNode(entry, parent.GroupPath, parent.Package, parent);
    }

    private bool Fail(DefaultsNode node, params IEnumerable<Problem> found)
    {
        problems.AddRange(found);
        BrokenPackages.Add(node.Package);
        node.IsDeleted = true;
        return false;
    }
}

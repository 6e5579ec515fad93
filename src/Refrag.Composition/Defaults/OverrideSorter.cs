using Refrag.Composition.ConfigFiles;
using Refrag.Composition.Overrides;
using Refrag.Composition.Search;

namespace Refrag.Composition.Defaults;

/// <summary>
/// Separates the overrides that choose options of groups from those that change values. What is a group is what the search path says is
/// one.
/// </summary>
internal sealed class OverrideSorter(ConfigRepository repository, ProblemList problems)
{
    public Choices Choices { get; } = new();

    /// <summary>Options that <c>+group=option</c> adds behind the primary file's defaults.</summary>
    public List<DefaultsEntry> Appended { get; } = [];

    /// <summary>Overrides of values, in order.</summary>
    public List<Override> OfValues { get; } = [];

    public void Sort(IEnumerable<Override> overrides)
    {
        foreach (var item in overrides)
        {
            // A sweep has no value yet; each of its jobs is composed with one of its own.
            if (!item.IsSweep) Sort(item);
        }
    }

    private void Sort(Override item)
    {
        bool isGroup = repository.HasGroup(item.Key);
        if (item.Kind == OverrideKind.Delete && (isGroup || repository.HasConfig(item.Key)))
            Delete(item, isGroup);
        else if (!isGroup || item.Value is DictionaryValue or Replacement)
            OfValues.Add(item);
        else if (item.Kind == OverrideKind.ForceAdd)
            problems.Add(DefaultsProblems.ForcedGroup(item));
        else if (!TryOptions(item.Value, out string? option, out var options))
            problems.Add(DefaultsProblems.NotAnOption(item, repository));
        else if (item.Kind == OverrideKind.Add)
            Appended.Add(Entry(item, option, options));
        else
            Choices.Add(item, option, options);
    }

    private void Delete(Override item, bool isGroup)
    {
        string? option = null;
        if (item.Value is not (null or NullValue) && (!isGroup || !TryOptions(item.Value, out option, out _) || option is null))
            problems.Add(DefaultsProblems.BadDeletion(item, isGroup));
        else
            Choices.AddDeletion(item, option);
    }

    private static DefaultsEntry Entry(Override item, string? option, IReadOnlyList<string>? options) => new()
    {
        IsGroup = true,
        Path = item.Key,
        Package = item.Package == "_here_" ? "" : item.Package,
        Option = option,
        Options = options,
        IsAppended = true,
        Place = item.ValuePlace,
    };

    private static bool TryOptions(OverrideValue? value, out string? option, out IReadOnlyList<string>? options)
    {
        (option, options) = (TextOf(value), null);
        if (option is not null) return true;
        IReadOnlyList<OverrideValue>? items = value switch { ListValue list => list.Items, ListExtension list => list.Items, _ => null };
        if (items?.All(item => TextOf(item) is not null) != true) return false;
        options = [.. items.Select(item => TextOf(item)!)];
        return true;
    }

    private static string? TextOf(OverrideValue? value) =>
        value switch { TextValue text => text.Text, QuotedValue text => text.Text, _ => null };
}

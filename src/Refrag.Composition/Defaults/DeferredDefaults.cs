using System.Text;
using Refrag.Composition.ConfigFiles;
using Refrag.Composition.Interpolation;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Defaults;

/// <summary>
/// Entries such as <c>dataset_model: ${dataset}_${model}</c>, which need to know what others chose. They are resolved when everything else
/// is settled, the first that can be first, until none is left or none can be.
/// </summary>
internal sealed class DeferredDefaults(DefaultsTree tree, Choices choices, ProblemList problems)
{
    public void Resolve(DefaultsNode root)
    {
        while (ResolveFirst(root)) { }
        ReportUnresolved(root);
    }

    private bool ResolveFirst(DefaultsNode parent)
    {
        for (int i = 0; i < (parent.Children?.Count ?? 0); i++)
        {
            var child = parent.Children![i];
            if (child.Children is not null)
            {
                if (ResolveFirst(child)) return true;
            }
            else if (child.Entry.IsInterpolated && !child.IsDeleted && TryFill(child, out var filled))
            {
                parent.Children[i] = Expanded(child, filled, parent);
                return true;
            }
        }
        return false;
    }

    private DefaultsNode Expanded(DefaultsNode node, DefaultsEntry filled, DefaultsNode parent)
    {
        var resolved = node.With(filled);
        if (DefaultsProblems.BadPath(filled, parent) is { } problem)
        {
            problems.Add(problem);
            resolved.IsDeleted = true;
        }
        else
        {
            tree.Expand(resolved, node.EligibleOverrides);
        }
        return resolved;
    }

    private bool TryFill(DefaultsNode node, out DefaultsEntry filled)
    {
        var entry = node.Entry;
        bool isReleased = node.Reading == HydraReading.Released;
        string text = Fill(entry.IsGroup ? entry.Option! : entry.Path.TrimStart('/'));
        if (isReleased) text = Resolved(text);
        if (entry.IsGroup && isReleased) filled = entry with { Option = text };
        else if (entry.IsGroup) filled = (entry with { Option = text }).Normalized();
        // The release looks for it below the file that lists it, even if its path is absolute.
        else filled = entry with { Path = entry.Path.StartsWith('/') && !isReleased ? $"/{text.TrimStart('/')}" : text };
        return !text.Contains("${", StringComparison.Ordinal);
    }

    // The release lets resolvers work on choices: ${oc.decode:...}.
    private string Resolved(string text)
    {
        if (!text.Contains("${", StringComparison.Ordinal)) return text;
        var known = ConfigMapping.Of(
            choices.Known.Where(choice => choice.Value is not null)
                .Select(choice => new ConfigEntry(choice.Key, ConfigScalar.Of(choice.Value!))));
        return new Interpolator(known).Evaluate(text) is { IsSuccess: true, Value: ConfigScalar { Text: { } found } } ? found : text;
    }

    // Only choices are known here, and only by their keys: the configuration itself is not composed yet.
    private string Fill(string text)
    {
        var filled = new StringBuilder();
        int done = 0;
        while (text.IndexOf("${", done, StringComparison.Ordinal) is var start and >= 0)
        {
            int end = text.AsSpan(start + 2).IndexOfAny('{', '}') + start + 2;
            bool closes = end > start + 1 && text[end] == '}';
            string? option = closes ? choices.Known.GetValueOrDefault(text[(start + 2)..end].Trim()) : null;
            int next = option is null ? start + 2 : end + 1;
            filled.Append(text, done, start - done).Append(option ?? "${");
            done = next;
        }
        return filled.Append(text, done, text.Length - done).ToString();
    }

    private void ReportUnresolved(DefaultsNode parent)
    {
        foreach (var child in parent.Children ?? [])
        {
            if (child.Children is not null) ReportUnresolved(child);
            else if (child.Entry.IsInterpolated && !child.IsDeleted) problems.Add(DefaultsProblems.Unresolved(child, choices.Known.Keys));
        }
    }
}

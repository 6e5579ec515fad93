using Refrag.Cli.Configuration;
using Refrag.Composition;
using Refrag.Composition.Interpolation;
using Refrag.Composition.Tree;
using Refrag.Composition.Yaml;

namespace Refrag.Cli.Commands.Config;

/// <summary>The answer to <c>refrag config explain</c>: a key's value, and who set it, in order.</summary>
internal static class History
{
    // A mapping's value may be long, and what matters is where it was written.
    private const int WidestValue = 60;

    private const string Shadowed = "shadowed";

    /// <summary>
    /// The value in YAML, resolved where it can be, and below it as comments who chose the option, where the key is a group, and one line a
    /// step.
    /// </summary>
    public static string Render(Composition.Composition composition, string key, Func<string, string?> variable)
    {
        IReadOnlyList<Explanation> steps = composition.Explain(key);
        int places = steps.Count == 0 ? 0 : steps.Max(s => PlaceOf(s).Length);
        int values = steps.Count == 0 ? 0 : steps.Max(s => Short(s.Value).Length);
        return string.Join(
            '\n', [Header(composition, key, variable), .. Choice(composition, key), .. steps.Select(s => Line(s, places, values))]);
    }

    private static string Header(Composition.Composition composition, string key, Func<string, string?> variable)
    {
        if (KeyLookup.Find(composition.Config, key) is not { } written) return $"{key} is not there";
        ConfigNode value = !written.HasInterpolations ? written
            : new Interpolator(composition.Config, ConfigResolvers.Standard.In(variable))
            .Resolve(KeyPath.Split(key)).TryGet(out ConfigNode? resolved, out _)
            ? resolved
            : written;
        return ConfigYamlWriter.Write(ConfigMapping.Of((key, value))).TrimEnd('\n');
    }

    private static IEnumerable<string> Choice(Composition.Composition composition, string key)
    {
        if (composition.Choices.GetValueOrDefault(key) is not { } option) yield break;
        // Which of several defaults lists had the last word is not recorded.
        string by = composition.Overrides.LastOrDefault(o => o.QualifiedKey == key) is { } argument
            ? $"by argument {argument.Text}"
            : "in a defaults list";
        yield return $"  # option {option}, chosen {by}";
    }

    private static string Line(Explanation step, int places, int values)
    {
        string line = $"  # {PlaceOf(step).PadRight(places)}  {Short(step.Value).PadRight(values)}";
        return (step.IsShadowed ? $"{line}  {Shadowed}" : line).TrimEnd();
    }

    private static string Short(string value) => value.Length <= WidestValue ? value : $"{value[..(WidestValue - 1)]}…";

    private static string PlaceOf(Explanation step) => step.Place switch
    {
        FilePlace file => $"{file.Path}:{file.Line}:{file.Column}",
        ArgumentPlace argument => $"argument {argument.Text}",
        _ => step.Origin,
    };
}

using Refrag.Composition;
using Refrag.Composition.Interpolation;
using Refrag.Composition.Tree;
using Refrag.Composition.Yaml;

namespace Refrag.Cli.Configuration;

/// <summary>The answer to <c>refrag config explain</c>: a key's value, and who set it, in order.</summary>
internal static class History
{
    // A longer value would push the places out of sight.
    private const int WidestValue = 40;

    private const string Shadowed = "shadowed";

    /// <summary>The value in YAML, resolved where it can be, and below it one line a step, indented.</summary>
    public static string Render(Composition.Composition composition, string key)
    {
        IReadOnlyList<Explanation> steps = composition.Explain(key);
        int width = steps.Count == 0 ? 0 : Math.Min(WidestValue, steps.Max(s => s.Value.Length));
        int places = steps.Count == 0 ? 0 : steps.Max(s => PlaceOf(s).Length);
        return string.Join('\n', [Header(composition, key), .. steps.Select(s => Line(s, width, places))]);
    }

    private static string Header(Composition.Composition composition, string key)
    {
        if (KeyLookup.Find(composition.Config, key) is not { } written) return $"{key} is not there";
        ConfigNode value = !written.HasInterpolations ? written
            : new Interpolator(composition.Config).Resolve(KeyPath.Split(key)).TryGet(out ConfigNode? resolved, out _) ? resolved : written;
        return ConfigYamlWriter.Write(ConfigMapping.Of((key, value))).TrimEnd('\n');
    }

    private static string Line(Explanation step, int width, int places)
    {
        string line = $"  # {step.Value.PadRight(width)}  {PlaceOf(step).PadRight(places)}";
        return (step.IsShadowed ? $"{line}  {Shadowed}" : line).TrimEnd();
    }

    private static string PlaceOf(Explanation step) => step.Place switch
    {
        FilePlace file => $"{file.Path}:{file.Line}:{file.Column}",
        ArgumentPlace argument => $"argument {argument.Text}",
        _ => step.Origin,
    };
}

using System.Text.Json.Nodes;
using Refrag.Composition.Conformance.Vectors;
using Refrag.Composition.Tree;
using Refrag.Composition.Yaml;

namespace Refrag.Composition.Conformance.Categories;

/// <summary>
/// <c>compose</c>: compose a configuration from a fixture and overrides; <c>compose-tree</c>: the same without the values of
/// interpolations, which of real programs depend on their process.
/// </summary>
internal sealed class ComposeCategory : ICategory
{
    private const string HydraKey = "hydra";
    private const string TreeOnly = "compose-tree";

    public IReadOnlyList<string> Names { get; } = ["compose", TreeOnly];

    public Outcome Run(VectorCase vector)
    {
        string asked = vector.Text("mode");
        bool withHydra = asked != "NOHYDRA";
        var options = new ComposerOptions
        {
            Hydra = withHydra ? HydraPart.BuiltIn : HydraPart.None,
            Reading = vector.Reading,
            Environment = name => name == "USER" ? "alice" : null,
        };
        var composer = new Composer(Fixtures.SearchPathOf(vector), options);
        string? config = vector.Input["config"]?.GetValue<string>();
        var result = composer.Compose(config, vector.Texts("overrides"), asked == "MULTIRUN" ? ComposeMode.Sweep : ComposeMode.Run);
        if (!result.TryGet(out Composition? composition, out IReadOnlyList<Problem> problems)) return Outcome.Problems(problems);
        var shown = withHydra ? composition.Config.Without(HydraKey) : composition.Config;
        var json = new JsonObject
        {
            ["config"] = NodeJson.Of(shown),
            ["choices"] =
                Fixtures.Choices(
                    composition.Choices.Where(choice => !withHydra || !choice.Key.StartsWith("hydra/", StringComparison.Ordinal))),
        };
        if (vector.Category != TreeOnly) AddResolved(json, composition, shown, vector, withHydra);
        json["yaml"] = ConfigYamlWriter.Write(shown);
        bool setsAside = composition.Warnings.Any(warning => warning.Code == "RF1524");
        return new Outcome.Answer(json, setsAside ? "HydraPlugin" : null);
    }

    // The vectors have the resolved form only where there is an interpolation. Of an error it is compared that interpolations are what
    // fails.
    private static void AddResolved(JsonObject json, Composition composition, ConfigMapping shown, VectorCase vector, bool withHydra)
    {
        if (!HasInterpolation(shown)) return;
        if (!composition.Resolve(allowMissing: true).TryGet(out ConfigMapping? resolved, out IReadOnlyList<Problem> problems))
            json["resolve_error"] = problems.All(IsOfInterpolation)
                ? vector.Expected["resolve_error"]?.DeepClone()
                : string.Join(" | ", problems);
        else json["resolved"] = NodeJson.Of(withHydra ? resolved.Without(HydraKey) : resolved);
    }

    private static bool IsOfInterpolation(Problem problem) => problem.Code.StartsWith("RF13", StringComparison.Ordinal);

    private static bool HasInterpolation(ConfigNode node) => node switch
    {
        ConfigMapping mapping => mapping.Any(entry => HasInterpolation(entry.Value)),
        ConfigList list => list.Any(HasInterpolation),
        _ => node.IsInterpolation,
    };
}

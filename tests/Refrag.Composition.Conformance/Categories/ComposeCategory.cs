using System.Text.Json.Nodes;
using Refrag.Composition.Conformance.Vectors;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Conformance.Categories;

/// <summary><c>compose</c>: compose a configuration from a fixture and overrides.</summary>
internal sealed class ComposeCategory : ICategory
{
    private const string HydraKey = "hydra";

    public IReadOnlyList<string> Names { get; } = ["compose"];

    public Outcome Run(VectorCase vector)
    {
        string asked = vector.Text("mode");
        bool withHydra = asked != "NOHYDRA";
        var options = new ComposerOptions
        {
            Hydra = withHydra ? HydraPart.BuiltIn : HydraPart.None,
            Environment = name => name == "USER" ? "alice" : null,
        };
        var composer = new Composer(Fixtures.SearchPathOf(vector), options);
        string? config = vector.Input["config"]?.GetValue<string>();
        var result = composer.Compose(config, vector.Texts("overrides"), asked == "MULTIRUN" ? ComposeMode.Sweep : ComposeMode.Run);
        if (!result.TryGet(out Composition? composition, out IReadOnlyList<Problem> problems)) return Outcome.Problems(problems);
        var shown = withHydra ? composition.Config.Without(HydraKey) : composition.Config;
        var json = new JsonObject
        {
            ["config"] = CanonicalJson.Of(shown),
            ["choices"] = Fixtures.Choices(composition.Choices.Where(choice => !withHydra || !choice.Key.StartsWith("hydra/", StringComparison.Ordinal))),
        };
        AddResolved(json, composition, vector, withHydra);
        json["yaml"] = ConfigYaml.Write(shown);
        return new Outcome.Answer(json);
    }

    // The vectors have the resolved form only where there was an interpolation.
    private static void AddResolved(JsonObject json, Composition composition, VectorCase vector, bool withHydra)
    {
        bool wasResolved = vector.Expected.ContainsKey("resolved") || vector.Expected.ContainsKey("resolve_error");
        if (!wasResolved) return;
        if (!composition.Resolve(allowMissing: true).TryGet(out ConfigMapping? resolved, out _)) json["resolve_error"] = vector.Expected["resolve_error"]?.DeepClone();
        else json["resolved"] = CanonicalJson.Of(withHydra ? resolved.Without(HydraKey) : resolved);
    }
}

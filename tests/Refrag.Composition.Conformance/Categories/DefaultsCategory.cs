using System.Text.Json.Nodes;
using Refrag.Composition.Conformance.Vectors;

namespace Refrag.Composition.Conformance.Categories;

/// <summary><c>defaults</c>: expand a defaults list.</summary>
internal sealed class DefaultsCategory : ICategory
{
    public IReadOnlyList<string> Names { get; } = ["defaults"];

    public Outcome Run(VectorCase vector)
    {
        var options = new ComposerOptions
        {
            Hydra = vector.Flag("prepend_hydra") ? HydraPart.FromSearchPath : HydraPart.None,
            Reading = vector.Reading,
        };
        var composer = new Composer(Fixtures.SearchPathOf(vector), options);
        var mode = vector.Flag("skip_missing") ? ComposeMode.Sweep : ComposeMode.Run;
        string? config = vector.Input["config"]?.GetValue<string>();
        if (!composer.ExpandDefaults(config, vector.Texts("overrides"), mode)
            .TryGet(out ExpandedDefaults? list, out IReadOnlyList<Problem> problems))
            return Outcome.Problems(problems);
        return new Outcome.Answer(new JsonObject
        {
            ["defaults"] = new JsonArray([.. list.Items.Select(Describe)]),
            ["config_overrides"] = CanonicalJson.Texts(list.ValueOverrides.Select(item => item.Text)),
            ["choices"] = Fixtures.Choices(list.Choices),
        });
    }

    private static JsonObject Describe(ResolvedDefault item) => new()
    {
        ["path"] = item.ConfigPath,
        ["package"] = item.Package,
        ["parent"] = item.Parent,
        ["self"] = item.IsSelf,
        ["primary"] = item.IsPrimary,
        ["override_key"] = item.OverrideKey,
    };
}

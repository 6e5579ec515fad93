using System.Text.Json.Nodes;
using Refrag.Composition.Completion;
using Refrag.Composition.Conformance.Vectors;

namespace Refrag.Composition.Conformance.Categories;

/// <summary><c>completion</c>: what a partial command line can become.</summary>
internal sealed class CompletionCategory : ICategory
{
    public IReadOnlyList<string> Names { get; } = ["completion"];

    public Outcome Run(VectorCase vector)
    {
        string config = vector.Text("config");
        if (config.EndsWith(".yaml", StringComparison.Ordinal)) config = config[..^".yaml".Length];
        var composer =
            new Composer(ReferencePackages.AddTo(Fixtures.SearchPathOf(vector), vector.Fixture, config),
                new ComposerOptions { Hydra = HydraPart.BuiltIn });
        IReadOnlyList<string> words =
            new OverrideCompletion(composer, path => FileCompletion.OnDisk(Path.Combine(vector.Directory, path))).CompleteLine(
                config, vector.Text("line"));
        return new Outcome.Answer(new JsonObject { ["completions"] = CanonicalJson.Texts(words) });
    }
}

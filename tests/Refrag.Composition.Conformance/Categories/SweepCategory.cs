using System.Text.Json.Nodes;
using Refrag.Composition.Conformance.Vectors;
using Refrag.Composition.Overrides;
using Refrag.Composition.Sweeps;

namespace Refrag.Composition.Conformance.Categories;

/// <summary><c>sweep</c>: a command line split into jobs, in batches.</summary>
internal sealed class SweepCategory : ICategory
{
    public IReadOnlyList<string> Names { get; } = ["sweep"];

    public Outcome Run(VectorCase vector)
    {
        if (!OverrideParser.ParseAll(vector.Texts("overrides"))
            .TryGet(out IReadOnlyList<Override>? overrides, out IReadOnlyList<Problem> problems))
            return Outcome.Problems(problems);
        if (!Sweep.Of(overrides).TryGet(out Sweep? sweep, out problems)) return Outcome.Problems(problems);
        int? size = vector.Input["max_batch_size"]?.GetValue<int>();
        return new Outcome.Answer(new JsonObject { ["batches"] = new JsonArray([.. sweep.Batches(size).Select(Batch)]) });
    }

    private static JsonArray Batch(IReadOnlyList<SweepJob> jobs) => new([.. jobs.Select(job => CanonicalJson.Texts(job.Overrides))]);
}

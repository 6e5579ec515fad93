using System.Text.Json;
using System.Text.Json.Serialization;

namespace Refrag.ShippedApps.Training;

/// <summary>One line of metrics.jsonl. It holds no time of day, so that the same run writes the same bytes.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Epoch">The epoch of the last step, from 1.</param>
/// <param name="Split"><c>train</c> for the steps since the last such line, <c>test</c> for the rows held out, at the end of an
/// epoch.</param>
/// <param name="Loss">The mean cross entropy, in nats.</param>
/// <param name="Accuracy">The part that got its own class, from 0 to 1.</param>
internal sealed record Metric(long Step, long Epoch, string Split, double Loss, double Accuracy)
{
    public const string Train = "train";
    public const string Test = "test";

    public static Metric Of(Trainer trainer, string split, Score score) =>
        new(trainer.Step, trainer.Epoch, split, score.Loss, score.Accuracy);

    public byte[] ToLine() => [.. JsonSerializer.SerializeToUtf8Bytes(this, TrainingJson.Default.Metric), (byte)'\n'];
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Metric))]
[JsonSerializable(typeof(CheckpointHeader))]
internal sealed partial class TrainingJson : JsonSerializerContext;

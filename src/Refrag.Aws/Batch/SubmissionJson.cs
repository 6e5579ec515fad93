using System.Text.Json.Serialization;

namespace Refrag.Aws.Batch;

/// <summary>Writes the request of SubmitJob, and the overrides in it.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(SubmitJobRequest))]
internal sealed partial class SubmissionJson : JsonSerializerContext;

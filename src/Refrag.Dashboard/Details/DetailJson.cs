using System.Text.Json.Serialization;

namespace Refrag.Dashboard.Details;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JobPage))]
[JsonSerializable(typeof(WhyReport))]
[JsonSerializable(typeof(LogPart))]
[JsonSerializable(typeof(ChildGrid))]
internal sealed partial class DetailJson : JsonSerializerContext;

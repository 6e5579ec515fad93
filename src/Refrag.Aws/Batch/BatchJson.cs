using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Refrag.Aws.Batch;

/// <summary>How Batch's shapes are written and read as JSON.</summary>
public static class BatchJson
{
    /// <summary>
    /// Options that know every shape of Batch, without reflection: camel case, nulls left out, unknown members ignored. Reading does not
    /// insist on required members; a server checks those itself.
    /// </summary>
    public static JsonSerializerOptions Options { get; } = AwsJson.Options(BatchJsonContext.Default, static () => BatchOperations.All);

    /// <summary>Writes what most commands send.</summary>
    internal static AwsJsonWriter Writer { get; } = new(SubmissionJson.Default);

    /// <summary>The bytes that overrides take in a request.</summary>
    public static int SizeOf(ContainerOverrides overrides) => Writer.Write(overrides)!.Length;

    /// <summary>
    /// Makes a type's enumerations readable in any case, as AWS reads them, and gives them in the model's. (Terraform's provider compares
    /// them so and sends what its user wrote; its acceptance tests run at AWS.) The actions of a retry stay as they are written: their
    /// documentation alone says that case does not matter.
    /// </summary>
    /// <param name="type">A type of Batch's; any other stays as it is.</param>
    public static void ReadAnyCase(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object || BatchShapes.Find(type.Type.Name) is not StructureRule structure) return;
        foreach ((string name, string shape, _) in structure.Members)
        {
            JsonConverter? converter = BatchShapes.Find(shape) switch
            {
                EnumerationRule rule when !shape.EndsWith("RetryAction", StringComparison.Ordinal) => new AnyCaseConverter(rule.Values),
                ListRule list when BatchShapes.Find(list.Element) is EnumerationRule rule => new AnyCaseListConverter(rule.Values),
                _ => null,
            };
            if (converter is not null && type.Properties.FirstOrDefault(property => property.Name == name) is { } property)
                property.CustomConverter = converter;
        }
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Refrag.Aws;

/// <summary>
/// Options for AWS's JSON: names in camel case, nulls left out, unknown members ignored, and required members not insisted on when reading.
/// </summary>
internal static class AwsJson
{
    /// <summary>Makes the options of one service.</summary>
    /// <param name="context">Knows the service's types.</param>
    /// <param name="operations">The operations, for the members that travel outside the body; asked for late, because operations need the
    /// options.</param>
    public static JsonSerializerOptions Options(JsonSerializerContext context, Func<IReadOnlyList<AwsOperation>> operations)
    {
        Lazy<IReadOnlyList<AwsOperation>> outside = new(() => [.. operations().Where(operation => operation.OutsideBody.Count > 0)]);
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = AwsJsonWriter.Encoder,
            Converters = { new WholeInt32Converter(), new WholeInt64Converter() },
            TypeInfoResolver = context.WithAddedModifier(type => Loosen(type, outside)),
        };
        options.MakeReadOnly();
        return options;
    }

    // A service may leave out what its model calls required, and a server wants to name every missing member itself, not fail at the first.
    private static void Loosen(JsonTypeInfo type, Lazy<IReadOnlyList<AwsOperation>> outside)
    {
        if (type.Kind != JsonTypeInfoKind.Object) return;
        foreach (JsonPropertyInfo property in type.Properties) property.IsRequired = false;
        if (outside.Value.FirstOrDefault(o => o.RequestType == type.Type) is not { } operation) return;
        foreach (JsonPropertyInfo property in type.Properties.Where(p => operation.OutsideBody.Contains(p.Name)))
            property.ShouldSerialize = static (_, _) => false;
    }
}

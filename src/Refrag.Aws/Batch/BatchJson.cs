using System.Text.Json;

namespace Refrag.Aws.Batch;

/// <summary>How Batch's shapes are written and read as JSON.</summary>
public static class BatchJson
{
    /// <summary>
    /// Options that know every shape of Batch, without reflection: camel case, nulls left out, unknown members ignored. Reading does not
    /// insist on required members; a server checks those itself.
    /// </summary>
    public static JsonSerializerOptions Options { get; } = AwsJson.Options(BatchJsonContext.Default, static () => BatchOperations.All);
}

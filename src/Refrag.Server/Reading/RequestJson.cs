using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Ecs;
using Refrag.Aws.Logs;
using Refrag.Server.Failures;
using Refrag.Server.Limits;

namespace Refrag.Server.Reading;

/// <summary>
/// Reads a request's JSON strictly: a member of another type is refused, a member that the API does not know is passed over, and what is
/// missing is left to the limits, which name all of it. (Smithy restJson1: servers ignore unknown members)
/// </summary>
internal static class RequestJson
{
    private static readonly JsonSerializerOptions s_batch = Strict(BatchJson.Options, BatchJson.ReadAnyCase);
    private static readonly JsonSerializerOptions s_logs = Strict(LogsJson.Options);
    private static readonly JsonSerializerOptions s_ecs = Strict(EcsJson.Options);

    /// <summary>How an operation's requests are read.</summary>
    public static JsonTypeInfo<TRequest> Of<TRequest, TResponse>(AwsOperation<TRequest, TResponse> operation)
        where TRequest : class
        where TResponse : class => (JsonTypeInfo<TRequest>)OptionsOf(operation.Service).GetTypeInfo(typeof(TRequest));

    /// <summary>Reads a body; <see cref="ServiceFault"/> where it is no such JSON.</summary>
    public static TRequest Read<TRequest>(ReadOnlySpan<byte> body, JsonTypeInfo<TRequest> type)
        where TRequest : class
    {
        try
        {
            return JsonSerializer.Deserialize(body.IsEmpty ? "{}"u8 : body, type)
                ?? throw ServiceFault.Serialization("The request must be a JSON object.");
        }
        catch (JsonException e)
        {
            throw ServiceFault.Serialization(Words(e, body, type));
        }
    }

    private static JsonSerializerOptions OptionsOf(AwsService service) =>
        service == AwsService.Batch ? s_batch : service == AwsService.Logs ? s_logs : s_ecs;

    // Answers of other services are read forgivingly, 1.0 as 1; what a client asks must be what it says.
    private static JsonSerializerOptions Strict(JsonSerializerOptions options, Action<JsonTypeInfo>? modifier = null)
    {
        var strict = new JsonSerializerOptions(options) { MaxDepth = ServerLimits.JsonDepth };
        strict.Converters.Clear();
        strict.Converters.Add(new FiniteDoubleConverter());
        strict.Converters.Add(new FiniteSingleConverter());
        if (modifier is not null) strict.TypeInfoResolver = strict.TypeInfoResolver?.WithAddedModifier(modifier);
        strict.MakeReadOnly();
        return strict;
    }

    private static string Words(JsonException e, ReadOnlySpan<byte> body, JsonTypeInfo type) =>
        !IsJson(body) ? $"The request is not JSON that can be read: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}."
        : e.Path is null or "$" ? $"The request must be a JSON object of {type.Type.Name}'s members."
        : $"{e.Path[(e.Path.StartsWith("$.", StringComparison.Ordinal) ? 2 : 0)..]} has a value of the wrong type.";

    private static bool IsJson(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = ServerLimits.JsonDepth });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.String) reader.GetString();
            }
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}

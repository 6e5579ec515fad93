using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Refrag.Aws.Batch;

namespace Refrag.Aws.Events;

/// <summary>
/// Events in EventBridge's envelope, as a rule's target gets them. (EventBridge User Guide, "AWS service event metadata")
/// </summary>
public static class EventBridgeJson
{
    private static readonly JsonTypeInfo<JobDetail> s_job = Info<JobDetail>();
    private static readonly JsonTypeInfo<DescribeServiceJobResponse> s_serviceJob = Info<DescribeServiceJobResponse>();
    private static readonly JsonTypeInfo<ServiceJobPreemptionSummary> s_preemptions = Info<ServiceJobPreemptionSummary>();

    /// <summary>One event as UTF-8 JSON on one line, without a line break.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="id">The event's own id.</param>
    public static byte[] Write(BatchEvent happened, Guid id)
    {
        var body = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(body, new JsonWriterOptions { Encoder = BatchJson.Options.Encoder }))
        {
            json.WriteStartObject();
            json.WriteString("version", "0");
            json.WriteString("id", id);
            json.WriteString("detail-type", happened.DetailType);
            json.WriteString("source", "aws.batch");
            json.WriteString("account", happened.Account);
            json.WriteString(
                "time", happened.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));
            json.WriteString("region", happened.Region);
            json.WriteStartArray("resources");
            foreach (string resource in happened.Resources) json.WriteStringValue(resource);
            json.WriteEndArray();
            json.WritePropertyName("detail");
            WriteDetail(json, happened);
            json.WriteEndObject();
        }
        return body.WrittenSpan.ToArray();
    }

    /// <summary>The job of an event in that form; null if it is another event, or not one.</summary>
    /// <param name="json">The event as UTF-8 JSON.</param>
    public static JobDetail? ReadJob(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var happened = JsonDocument.Parse(json);
            return happened.RootElement.ValueKind == JsonValueKind.Object
                && happened.RootElement.TryGetProperty("detail", out JsonElement detail)
                && detail.ValueKind == JsonValueKind.Object && detail.TryGetProperty("jobId", out _)
                    ? detail.Deserialize(s_job)
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void WriteDetail(Utf8JsonWriter json, BatchEvent happened)
    {
        switch (happened)
        {
            case JobEvent one: JsonSerializer.Serialize(json, one.Job, s_job); break;
            case ServiceJobStateChanged one: JsonSerializer.Serialize(json, one.Job, s_serviceJob); break;
            case ServiceJobPreemption one: WritePreemption(json, one); break;
            default: throw new InvalidOperationException($"{happened.DetailType} has no detail.");
        }
    }

    private static void WritePreemption(Utf8JsonWriter json, ServiceJobPreemption happened)
    {
        json.WriteStartObject();
        if (happened is ServiceJobPreemptionStarted started) json.WriteString("statusReason", started.StatusReason);
        json.WriteString("preemptedJobArn", happened.PreemptedJobArn);
        if (happened is ServiceJobPreemptionCompleted completed)
        {
            json.WritePropertyName("preemptionSummary");
            JsonSerializer.Serialize(json, completed.PreemptionSummary, s_preemptions);
        }
        json.WriteString("status", happened.Status);
        json.WriteEndObject();
    }

    private static JsonTypeInfo<T> Info<T>() => (JsonTypeInfo<T>)BatchJson.Options.GetTypeInfo(typeof(T));
}

using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Refrag.Aws.Batch;

namespace Refrag.Engine.Events;

/// <summary>Events in EventBridge's envelope, as a rule's target gets them. (EventBridge User Guide, "AWS service event metadata")</summary>
public static class EventBridgeJson
{
    private static readonly JsonTypeInfo<JobDetail> s_detail = (JsonTypeInfo<JobDetail>)BatchJson.Options.GetTypeInfo(typeof(JobDetail));

    /// <summary>One event as UTF-8 JSON on one line, without a line break.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="id">The event's own id.</param>
    public static byte[] Write(BatchEvent happened, Guid id)
    {
        // arn:aws:batch:us-east-1:123456789012:job/…
        string[] arn = (happened.Job.JobArn ?? "").Split(':');
        var body = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(body, new JsonWriterOptions { Encoder = BatchJson.Options.Encoder }))
        {
            json.WriteStartObject();
            json.WriteString("version", "0");
            json.WriteString("id", id);
            json.WriteString("detail-type", happened.DetailType);
            json.WriteString("source", "aws.batch");
            json.WriteString("account", arn.ElementAtOrDefault(4) ?? "");
            json.WriteString("time", happened.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));
            json.WriteString("region", arn.ElementAtOrDefault(3) ?? "");
            json.WriteStartArray("resources");
            json.WriteStringValue(happened.Job.JobArn);
            if (happened is JobQueueBlocked) json.WriteStringValue(happened.Job.JobQueue);
            json.WriteEndArray();
            json.WritePropertyName("detail");
            JsonSerializer.Serialize(json, happened.Job, s_detail);
            json.WriteEndObject();
        }
        return body.WrittenSpan.ToArray();
    }
}

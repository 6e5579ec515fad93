using System.Text.Json;
using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;

namespace Refrag.Engine.Placement;

/// <summary>The number and type of instances that a training job asks for, in the words of SageMaker's CreateTrainingJob.</summary>
/// <param name="InstanceType">The type; empty where it is not said.</param>
/// <param name="Count">How many, at least one.</param>
internal readonly record struct ServiceSize(string InstanceType, int Count)
{
    /// <summary>The capacity unit of environments without quota shares: instances of all types.</summary>
    public const string Instances = "NUM_INSTANCES";

    /// <summary>
    /// The unit in which a job counts: its instance type where it has a quota share, else instances of all types alike. (API
    /// CapacityLimit.capacityUnit)
    /// </summary>
    public string UnitOf(Job job) => job.Plan.Service?.QuotaShareName is not null && InstanceType.Length > 0 ? InstanceType : Instances;

    /// <summary>Reads it out of the payload.</summary>
    public static ServiceSize Of(SubmitServiceJobRequest request)
    {
        try
        {
            using JsonDocument payload = JsonDocument.Parse(request.ServiceRequestPayload);
            if (payload.RootElement.ValueKind != JsonValueKind.Object
                || !payload.RootElement.TryGetProperty("ResourceConfig", out JsonElement config)) return new("", 1);
            string type = config.TryGetProperty(nameof(InstanceType), out JsonElement name) && name.ValueKind == JsonValueKind.String
                ? name.GetString()!
                : "";
            return new(type,
                config.TryGetProperty("InstanceCount", out JsonElement count) && count.TryGetInt32(out int number)
                    ? Math.Max(1, number)
                    : 1);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return new("", 1);
        }
    }
}

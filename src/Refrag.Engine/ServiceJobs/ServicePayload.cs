using System.Text.Json;
using Refrag.Aws.Batch;

namespace Refrag.Engine.ServiceJobs;

/// <summary>What a simulated training job is told by its payload, in the words of SageMaker's CreateTrainingJob.</summary>
internal static class ServicePayload
{
    /// <summary>The variables of the training container; none where the payload has none, or they are not texts.</summary>
    public static IReadOnlyList<KeyValuePair> Environment(SubmitServiceJobRequest request)
    {
        try
        {
            using JsonDocument payload = JsonDocument.Parse(request.ServiceRequestPayload);
            if (payload.RootElement.ValueKind != JsonValueKind.Object || !payload.RootElement.TryGetProperty(nameof(Environment), out JsonElement variables)) return [];
            return variables.ValueKind != JsonValueKind.Object ? [] :
            [
                .. variables.EnumerateObject().Where(one => one.Value.ValueKind == JsonValueKind.String).Select(one => new KeyValuePair { Name = one.Name, Value = one.Value.GetString() }),
            ];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}

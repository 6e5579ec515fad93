using System.Text.Json;
using Refrag.Aws.Batch;

namespace Refrag.Engine.Jobs.Plans;

/// <summary>The variables of a training job, in the words of SageMaker's CreateTrainingJob: its <c>Environment</c>.</summary>
internal static class TrainingEnvironment
{
    /// <summary>Reads them out of the payload; what is not text is left out.</summary>
    public static IReadOnlyList<KeyValuePair> Of(SubmitServiceJobRequest request)
    {
        try
        {
            using JsonDocument payload = JsonDocument.Parse(request.ServiceRequestPayload);
            if (payload.RootElement.ValueKind != JsonValueKind.Object
                || !payload.RootElement.TryGetProperty("Environment", out JsonElement variables)
                || variables.ValueKind != JsonValueKind.Object) return [];
            return [.. variables.EnumerateObject()
                .Where(one => one.Value.ValueKind == JsonValueKind.String)
                .Select(one => new KeyValuePair { Name = one.Name, Value = one.Value.GetString() })];
        }
        catch (JsonException)
        {
            // A submission is checked; a state may be older than the check.
            return [];
        }
    }
}

using System.Text.Json;

namespace Refrag.Infrastructure;

/// <summary>What a state holds, as far as a move must know it.</summary>
/// <param name="json">What <c>terraform show -json</c> printed.</param>
public sealed class StackState(string json)
{
    private readonly IReadOnlyList<StateQueue> _queues = Read(json);

    /// <summary>The region in which the job queues are; null where there is none.</summary>
    public string? Region => _queues.Select(q => q.Region).FirstOrDefault(r => r is not null);

    /// <summary>Names of the job queues that go by these names in the configuration.</summary>
    internal IReadOnlyList<string> Queues(IReadOnlyList<string> resources) => [.. _queues.Where(q => resources.Contains(q.Resource)).Select(q => q.Name)];

    private static List<StateQueue> Read(string json)
    {
        using JsonDocument state = JsonDocument.Parse(json);
        var queues = new List<StateQueue>();
        if (!state.RootElement.TryGetProperty("values", out JsonElement values)
            || !values.TryGetProperty("root_module", out JsonElement root)
            || !root.TryGetProperty("resources", out JsonElement resources))
        {
            return queues;
        }
        foreach (JsonElement resource in resources.EnumerateArray().Where(r => r.GetProperty("type").GetString() == "aws_batch_job_queue"))
        {
            JsonElement queue = resource.GetProperty("values");
            // arn:PARTITION:batch:REGION:ACCOUNT:job-queue/NAME
            string[]? arn = queue.TryGetProperty("arn", out JsonElement text) ? text.GetString()?.Split(':') : null;
            queues.Add(new StateQueue(resource.GetProperty("name").GetString()!, queue.GetProperty("name").GetString()!, arn is { Length: > 3 } ? arn[3] : null));
        }
        return queues;
    }

    private sealed record StateQueue(string Resource, string Name, string? Region);
}

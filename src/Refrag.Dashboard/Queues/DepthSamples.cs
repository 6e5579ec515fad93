using Refrag.Aws.Batch;
using Refrag.Monitoring;

namespace Refrag.Dashboard.Queues;

/// <summary>How deep the queues were since the page was opened: at most two hours of samples, one in ten seconds.</summary>
internal sealed class DepthSamples
{
    private const int Most = 720;
    private static readonly TimeSpan s_pace = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, List<(long At, int Waiting, int Running)>> _samples = new(StringComparer.Ordinal);

    /// <summary>Adds a sample of a queue; one that comes soon after another takes its place.</summary>
    public void Add(QueueStatus queue, DateTimeOffset now)
    {
        if (!_samples.TryGetValue(queue.Queue.JobQueueName, out var of)) _samples[queue.Queue.JobQueueName] = of = [];
        long at = now.ToUnixTimeMilliseconds();
        int running = Count(queue, JobStatus.Starting) + Count(queue, JobStatus.Running);
        var sample = (at, queue.Jobs.Values.Sum() - running, running);
        if (of.Count > 1 && at - of[^2].At < s_pace.TotalMilliseconds) of[^1] = sample;
        else of.Add(sample);
        if (of.Count > Most) of.RemoveAt(0);
    }

    /// <summary>The times, the waiting and the running jobs of a queue.</summary>
    public IReadOnlyList<IReadOnlyList<long>> Of(string queue) => _samples.TryGetValue(queue, out var of)
        ? [[.. of.Select(one => one.At)], [.. of.Select(one => (long)one.Waiting)], [.. of.Select(one => (long)one.Running)]]
        : [[], [], []];

    private static int Count(QueueStatus queue, string status) => queue.Jobs.GetValueOrDefault(status);
}

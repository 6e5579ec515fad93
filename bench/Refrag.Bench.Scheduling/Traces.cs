using System.Globalization;
using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Simulation;
using Refrag.Traces;

namespace Refrag.Bench.Scheduling;

/// <summary>Traces of real clusters, as jobs of one queue.</summary>
internal static class Traces
{
    public static IEnumerable<SimulatedJob> Read(string path)
    {
        foreach (TraceJob job in TraceReader.Read(path, path).Value.Jobs)
        {
            // Without a share, jobs of as many GPUs are one.
            string user = job.Share ?? string.Create(CultureInfo.InvariantCulture, $"gpus{job.Gpus * job.Nodes}");
            yield return new SimulatedJob(
                new JobRequest
                {
                    Id = job.Id!,
                    Queue = "q",
                    SubmittedAt = Worlds.Start.AddMilliseconds(job.SubmittedAt),
                    Requirement = job.Requirement,
                    ShareIdentifier = user,
                    Kind = user,
                },
                TimeSpan.FromMilliseconds(job.Runs));
        }
    }
}

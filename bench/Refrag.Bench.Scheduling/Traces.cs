using System.Globalization;
using Refrag.Scheduling;
using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Fitting;
using Refrag.Scheduling.Simulation;

namespace Refrag.Bench.Scheduling;

/// <summary>Traces of real clusters, as jobs.</summary>
internal static class Traces
{
    // By the names of the columns: the traces have different ones. Philly says GPUs only; a job then has 8 vCPUs and 32 GiB for each, as p3
    // offers.
    public static IEnumerable<SimulatedJob> Read(string path)
    {
        string[] lines = File.ReadAllLines(path);
        Dictionary<string, int> columns = lines[0].Split(',').Select((name, at) => (name, at)).ToDictionary(one => one.name, one => one.at);
        foreach (string line in lines.Skip(1))
        {
            string[] cells = line.Split(',');
            int gpus = Number(cells[columns["gpus"]]);
            int milliVCpus = columns.TryGetValue("cpus", out int cpus)
                ? (int)Math.Round(decimal.Parse(cells[cpus], CultureInfo.InvariantCulture) * 1000)
                : gpus * 8000;
            int memory = columns.TryGetValue("memory_mib", out int column) ? Number(cells[column]) : gpus * 32_768;
            // A job of more GPUs than a host has runs on several hosts.
            int nodes = Math.Max(1, (gpus + 7) / 8);
            var amount = new Amount(Math.Max(250, milliVCpus / nodes), Math.Max(4, memory / nodes), (gpus + nodes - 1) / nodes);
            string user = columns.TryGetValue("virtual_cluster", out int share) ? cells[share] : $"gpus{gpus}";
            yield return new SimulatedJob(
                new JobRequest
                {
                    Id = cells[columns["job_id"]],
                    Queue = "q",
                    SubmittedAt = Worlds.Start.AddSeconds(Number(cells[columns["submit_s"]])),
                    Requirement = new Requirement { Amount = amount, Nodes = nodes },
                    ShareIdentifier = user,
                    Kind = user,
                },
                TimeSpan.FromSeconds(Number(cells[columns["duration_s"]])));
        }
    }

    private static int Number(string cell) => (int)decimal.Parse(cell, CultureInfo.InvariantCulture);
}

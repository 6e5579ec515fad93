using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Slurm.Jobs;
using Refrag.Slurm.Reading;
using Refrag.Slurm.Scripts;

namespace Refrag.Slurm.Explaining;

/// <summary>Asks Slurm why a job waits, or whether it could ever start.</summary>
/// <param name="reader">Reads the cluster.</param>
internal sealed class SlurmExplainer(ClusterReader reader)
{
    private const string Asking = "why";

    // How a job ended, in Slurm's words, where the program is not to blame.
    private static readonly Dictionary<string, (string Code, string What, string Text, string? Command)> s_ends = new(
        StringComparer.Ordinal)
    {
        ["TIMEOUT"] = ("timeout", "It ran longer than its time limit", "Give it more time", "env.timeout=TIME"),
        ["NODE_FAIL"] = ("node-failed", "Its node failed", "Let it be tried again after that", "env.retries=2"),
        ["PREEMPTED"] = ("preempted", "It was preempted by a job of higher priority", "Let it be tried again after that", "env.retries=2"),
        ["OUT_OF_MEMORY"] = ("out-of-memory", "It used more memory than it asked for", "Ask for more", "env.memory=SIZE"),
        ["BOOT_FAIL"] = ("node-failed", "Its node did not start", "Submit it again", null),
        ["DEADLINE"] = ("timeout", "It could not end before its deadline", "Set a later one", "env.sbatch.deadline=TIME"),
        ["CANCELLED"] = ("cancelled", "It was cancelled", "Submit it again", null),
    };

    /// <summary>The causes for a job that was described; null if its end is the program's own and Slurm adds nothing.</summary>
    public async Task<IReadOnlyList<SlurmCause>?> OfAsync(JobDetail job, CancellationToken cancellationToken)
    {
        if (job.Status is JobStatus.Running or JobStatus.Starting or JobStatus.Succeeded) return null;
        if (job.Status == JobStatus.Failed)
            return s_ends.TryGetValue((job.StatusReason ?? "").Split(':')[0], out var end)
                ? [new SlurmCause(end.Code, end.What, true, [$"Slurm's state: {job.StatusReason}"], [(end.Text, end.Command)])]
                : null;
        // A dependency is another job's matter, which has its own diagnosis.
        if (job.StatusReason is "Dependency") return null;
        var address = JobAddress.Parse(job.JobId);
        ClusterView view = await reader.ViewAsync(Asking, [address.Id], cancellationToken);
        QueueRow? row = view.Rows[address.Id].LastOrDefault(one => one.Task == address.Child && one.State == "PENDING");
        if (row is null) return null;
        Node[] nodes = [.. (await reader.NodesAsync(Asking, cancellationToken))
            .Where(node => node.Partitions.Contains(row.Partition, StringComparer.Ordinal))];
        IReadOnlyDictionary<string, string>? shown = await reader.JobAsync(job.Container?.TaskArn ?? row.JobId, cancellationToken);
        int restarts = int.TryParse(shown?.GetValueOrDefault("Restarts"), CultureInfo.InvariantCulture, out int count) ? count : 0;
        return WaitReasons.Of(row, nodes, restarts) is { } cause ? [cause] : [];
    }

    /// <summary>What of a submission the cluster would never start; empty if nothing is known against it.</summary>
    public async Task<IReadOnlyList<SlurmCause>> OfAsync(SubmitJobRequest request, CancellationToken cancellationToken)
    {
        IReadOnlyList<Partition> partitions = await reader.PartitionsAsync(Asking, cancellationToken);
        // Of several partitions one that takes it is enough, and Slurm chooses.
        if (partitions.FirstOrDefault(one => one.Name == request.JobQueue) is not { } partition) return [];
        return PartitionFit.Check(
            SlurmJob.Of(request), partition, await reader.NodesAsync(Asking, cancellationToken),
            request.ArrayProperties is null ? null : await reader.MostOfArrayAsync(Asking, cancellationToken));
    }
}

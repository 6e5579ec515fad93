using System.Collections.Concurrent;
using System.Text.Json;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Cli.Connections;
using Refrag.Dashboard.Sources;
using Refrag.Sweeps;

namespace Refrag.Cli.Commands.Dashboard;

/// <summary>The sweeps whose manifests lie in the usual place of the working directory.</summary>
/// <param name="session">Where the jobs are.</param>
internal sealed class ShownSweeps(QuerySession session)
{
    // A page is read by a person, who looks at the newest.
    private const int Most = 200;
    private const int MostKept = 100_000;

    // The file of a job that runs is read whole at each reading.
    private const long MostBytes = 1 << 20;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    // What an ended job has stored, or has not, stays: only the others are looked for again.
    private readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, JsonElement>?> _kept = new(StringComparer.Ordinal);

    // Each sweep has its store, whose refusal says nothing of those of others. The page says why, and the terminal does not.
    private readonly ConcurrentDictionary<string, SweepMetrics> _metrics = new(StringComparer.Ordinal);

    private string Folder => Path.GetFullPath(SweepManifestLog.UsualPlace, session.Context.WorkingDirectory);

    /// <summary>The manifests, the newest first.</summary>
    public IReadOnlyList<SweepFile> List()
    {
        try
        {
            return
            [
                .. new DirectoryInfo(Folder).EnumerateFiles("*.jsonl").OrderByDescending(file => file.LastWriteTimeUtc).Take(Most)
                    .Select(file => new SweepFile(
                        file.Name, $"{SweepManifestLog.UsualPlace}/{file.Name}", new DateTimeOffset(file.LastWriteTimeUtc))),
            ];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // No sweep was started here.
            return [];
        }
    }

    /// <summary>The jobs of one of them.</summary>
    public async Task<Result<SweepTable>> ReadAsync(SweepFile sweep, IAwsTransport batch, CancellationToken cancellationToken)
    {
        if (!(await SweepManifestLog.ReadAsync(Path.Combine(Folder, sweep.Name), cancellationToken))
            .TryGet(out SweepRecord? record, out IReadOnlyList<Problem> problems)) return Result<SweepTable>.Failure(problems);
        if (_kept.Count > MostKept) _kept.Clear();
        if (_metrics.Count > Most) _metrics.Clear();
        SweepMetrics metrics = _metrics.GetOrAdd(
            sweep.Name, _ => new SweepMetrics(session, static _ => { }) { MostBytes = MostBytes, Patience = s_patience });
        metrics.Begin();
        SweepTable table = await SweepTable.ReadAsync(record, batch, KnownAsync, cancellationToken);
        return table with { Unread = metrics.Unread };

        async Task<IReadOnlyDictionary<string, JsonElement>?> KnownAsync(JobDetail job, CancellationToken stop)
        {
            if (_kept.TryGetValue(job.JobId, out var kept)) return kept;
            (IReadOnlyDictionary<string, JsonElement>? read, bool isCertain) = await metrics.ReadAsync(job, batch, stop);
            if (isCertain && job.Status is JobStatus.Succeeded or JobStatus.Failed) _kept[job.JobId] = read;
            return read;
        }
    }
}

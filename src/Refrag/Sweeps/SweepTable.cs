using System.Text.Json;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Composition.Sweeps;
using Refrag.Monitoring;

namespace Refrag.Sweeps;

/// <summary>A job of a sweep, with what it was given and how good it is.</summary>
public sealed record SweepRow
{
    /// <summary>The job's index in the sweep, from 0.</summary>
    public required long Job { get; init; }

    /// <summary>The overrides that the job has and not all others.</summary>
    public required IReadOnlyList<string> Overrides { get; init; }

    /// <summary>The id of its newest job in Batch; null if it was not submitted.</summary>
    public string? JobId { get; init; }

    /// <summary>The job's state, as AWS names it; what the manifest says of it if Batch does not know it.</summary>
    public required string Status { get; init; }

    /// <summary>The members of the last line of its newest <c>metrics.jsonl</c>; null if it has stored none.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Metrics { get; init; }

    /// <summary>The key of an override: what stands before its equals sign.</summary>
    public static string KeyOf(string word) => word.IndexOf('=', StringComparison.Ordinal) is >= 0 and var at ? word[..at] : word;

    /// <summary>The values of its overrides, by key; of one that is given twice the last.</summary>
    public IReadOnlyDictionary<string, string> Values() => Overrides.GroupBy(KeyOf, StringComparer.Ordinal).ToDictionary(
        group => group.Key, group => group.Last() is { } word && word.Length > group.Key.Length ? word[(group.Key.Length + 1)..] : "",
        StringComparer.Ordinal);
}

/// <summary>The jobs of a sweep.</summary>
/// <param name="Rows">In the order of their indices.</param>
public sealed record SweepTable(IReadOnlyList<SweepRow> Rows)
{
    /// <summary>Why metrics of jobs are missing that may have some, in words; null if there is no reason.</summary>
    public string? Unread { get; init; }

    /// <summary>The metrics that rows have, in the order in which they name them.</summary>
    public IReadOnlyList<string> Metrics => [.. Rows.SelectMany(row => row.Metrics?.Keys ?? []).Distinct(StringComparer.Ordinal)];

    /// <summary>The keys of their overrides, in the order in which they name them.</summary>
    public IReadOnlyList<string> Keys =>
        [.. Rows.SelectMany(row => row.Overrides.Select(SweepRow.KeyOf)).Distinct(StringComparer.Ordinal)];

    /// <summary>Reads the states and metrics of a sweep's jobs.</summary>
    /// <param name="sweep">What its manifest says.</param>
    /// <param name="batch">Where the jobs are.</param>
    /// <param name="metrics">Reads the last metrics of a job; null if it has none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<SweepTable> ReadAsync(
        SweepRecord sweep, IAwsTransport batch,
        Func<JobDetail, CancellationToken, Task<IReadOnlyDictionary<string, JsonElement>?>> metrics, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<long, string> ids = sweep.JobIds();
        Dictionary<string, JobDetail> known = new(StringComparer.Ordinal);
        await foreach (JobDetail job in new JobLister(batch).DescribeAsync(ids.Values.Distinct(), cancellationToken))
            known[job.JobId] = job;
        // What all have in common says nothing of one of them.
        HashSet<string> common = sweep.Jobs.Count > 1
            ? [.. sweep.Jobs.Select(job => job.Job.Overrides).Aggregate((all, one) => [.. all.Intersect(one)])]
            : [];
        List<SweepRow> rows = [];
        foreach (ManifestJob job in sweep.Jobs)
        {
            string? id = ids.GetValueOrDefault(job.Job.Index);
            JobDetail? detail = id is null ? null : known.GetValueOrDefault(id);
            rows.Add(new SweepRow
            {
                Job = job.Job.Index,
                Overrides = [.. job.Job.Overrides.Where(word => !common.Contains(word))],
                JobId = id,
                Status = detail?.Status ?? job.Status.ToString().ToUpperInvariant(),
                Metrics = detail is null ? null : await metrics(detail, cancellationToken),
            });
        }
        return new SweepTable(rows);
    }

    /// <summary>The same in the order of a metric, the least first; rows without it come last.</summary>
    /// <param name="metric">The metric; with <c>-</c> before it the greatest first.</param>
    public SweepTable SortedBy(string metric)
    {
        bool isDown = metric.StartsWith('-');
        string name = isDown ? metric[1..] : metric;
        return this with
        {
            Rows =
            [
                .. Rows.OrderBy(row => Number(row, name) is null).ThenBy(row => row.Metrics?.ContainsKey(name) != true)
                    .ThenBy(row => Number(row, name) is { } number ? (isDown ? -number : number) : 0).ThenBy(row => row.Job),
            ],
        };
    }

    // Null also of NaN and infinities: in neither order are they the best.
    private static double? Number(SweepRow row, string name) =>
        row.Metrics is { } metrics && metrics.TryGetValue(name, out JsonElement value) && value.ValueKind is JsonValueKind.Number
            && value.TryGetDouble(out double number) && double.IsFinite(number)
                ? number
                : null;
}

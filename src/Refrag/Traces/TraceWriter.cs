using System.Globalization;

namespace Refrag.Traces;

/// <summary>Writes a workload as a trace in CSV, which <see cref="TraceReader"/> reads.</summary>
public static class TraceWriter
{
    /// <summary>Writes the header and a line a job.</summary>
    public static void Write(Workload workload, TextWriter text)
    {
        bool isDated = workload.Start is not null;
        string[] columns = [.. TraceColumns.All.Where(name => name != (isDated ? TraceColumns.SubmitSeconds : TraceColumns.SubmitTime))];
        text.Write(string.Join(',', columns));
        text.Write('\n');
        foreach (TraceJob job in workload.Jobs)
        {
            text.Write(string.Join(',', Values(workload.Start, job)));
            text.Write('\n');
        }
    }

    /// <summary>A value as a cell of CSV.</summary>
    public static string Cell(string? value) => value is null ? ""
        : value.AsSpan().IndexOfAny(",\"\r\n") < 0 ? value : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Milliseconds as seconds.</summary>
    public static string Seconds(long milliseconds) => (milliseconds / 1000m).ToString("0.###", CultureInfo.InvariantCulture);

    private static string[] Values(DateTimeOffset? start, TraceJob job) =>
    [
        Cell(job.Id),
        start is { } at
            ? at.AddMilliseconds(job.SubmittedAt).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)
            : Seconds(job.SubmittedAt),
        Seconds(job.Runs), (job.MilliVCpus * (long)job.Nodes / 1000m).ToString("0.###", CultureInfo.InvariantCulture),
        Text(job.MemoryMiB * (long)job.Nodes), Text(job.Gpus * job.Nodes), Text(job.Nodes), Text(Math.Max(1, job.Attempts)),
        job.Timeout == 0 ? "" : Seconds(job.Timeout), Cell(job.Queue), Cell(job.Share), Text(job.Priority), Cell(job.Name),
    ];

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

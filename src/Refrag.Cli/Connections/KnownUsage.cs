using System.Globalization;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Monitoring;
using Refrag.Scheduling;
using Refrag.Usage;

namespace Refrag.Cli.Connections;

/// <summary>What a job has used, beside what it asked for, as verbs show it.</summary>
internal static class KnownUsage
{
    /// <summary>Of the newest attempt of each part; null if it is not known, or the logs cannot be asked.</summary>
    public static async Task<JobUsage?> OfAsync(QuerySession session, JobDetail job, CancellationToken cancellationToken)
    {
        if (!HasRun(job)) return null;
        try
        {
            return JobUsage.OfNewest(await session.Usage.OfAsync(job, all: false, cancellationToken));
        }
        catch (AwsException)
        {
            // The end of the log says why, where it is read.
            return null;
        }
    }

    /// <summary>Names and values for people; empty if the job has not started.</summary>
    public static IEnumerable<(string Name, string Value)> Lines(JobDetail job, JobUsage? usage)
    {
        if (usage is not { Used: { } used })
        {
            if (HasRun(job)) yield return ("used", "not known: it was too short, or nothing of refrag was there to measure it");
            yield break;
        }
        Amount asked = JobNeeds.Of(job).Amount;
        yield return ("used vCPUs", string.Create(CultureInfo.InvariantCulture,
            $"{Number(used.VCpusAverage)} on average, {Number(used.VCpusPeak)} at most, of {asked.VCpus}"));
        yield return ("used memory", Memory(used, asked));
        foreach (GpuUsage gpu in used.Gpus ?? []) yield return ($"used GPU {gpu.Id}", Gpu(gpu));
        if (Disk(used) is { Length: > 0 } disk) yield return ("used disk", disk);
        yield return ("measured", Measured(usage));
    }

    // Of an array its children.
    private static bool HasRun(JobDetail job) => job.StartedAt > 0 || job.Attempts is { Count: > 0 }
        || job.ArrayProperties?.StatusSummary?.Any(
            of => of is { Key: JobStatus.Running or JobStatus.Succeeded or JobStatus.Failed, Value: > 0 }) == true;

    private static string Memory(AttemptUsage used, Amount asked)
    {
        string text = string.Create(CultureInfo.InvariantCulture,
            $"{Number(used.MemoryAverageMiB)} MiB on average, {Number(used.MemoryPeakMiB)} at most, of {asked.MemoryMiB}");
        if (used.MemoryKernelPeakMiB is { } kernel)
            return string.Create(CultureInfo.InvariantCulture, $"{text}; the kernel's peak is {kernel}, with cached files");
        return used.LargestProcessMiB is { } largest
            ? string.Create(CultureInfo.InvariantCulture, $"{text}; the largest process had {largest}")
            : text;
    }

    private static string Gpu(GpuUsage gpu) => string.Create(CultureInfo.InvariantCulture,
        $"{Number(gpu.BusyPercentAverage)} % busy on average, {Number(gpu.BusyPercentPeak)} at most; ")
        + string.Create(CultureInfo.InvariantCulture,
            $"memory {Number(gpu.MemoryPeakMiB)} of {Number(gpu.MemoryMiB)} MiB at most ({gpu.Samples} samples)");

    private static string Disk(AttemptUsage used)
    {
        List<string> parts = [];
        if (used is { DiskReadMiB: { } read, DiskWrittenMiB: { } written })
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{read} MiB read, {written} written"));
        if (used is { DiskUsedPeakMiB: { } peak, DiskSizeMiB: { } size })
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"its file system had {peak} of {size} MiB in use at most"));
        return string.Join("; ", parts);
    }

    private static string Measured(JobUsage usage)
    {
        string text = string.Create(CultureInfo.InvariantCulture,
            $"{usage.Used.Seconds:0} s, {usage.Used.Samples} samples, attempt {usage.Attempt}");
        if (usage.Parts > 1) text += string.Create(CultureInfo.InvariantCulture, $"; the largest of {usage.Parts} parts");
        return usage.Used.IsFinal ? text : text + "; its end was not seen";
    }

    private static string Number(double? value) => value is { } known
        ? known.ToString("0.##", CultureInfo.InvariantCulture)
        : "?";
}

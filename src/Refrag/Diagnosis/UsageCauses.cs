using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Usage;

namespace Refrag.Diagnosis;

/// <summary>What a job that runs or has run did not use of what it asked for.</summary>
internal static class UsageCauses
{
    public static IEnumerable<Cause> Find(Situation s)
    {
        if (s is not { Job: { } job, Usage.Used.Gpus: { Count: > 0 } gpus }) yield break;
        GpuUsage[] idle = [.. gpus.Where(IdleGpu.Is)];
        if (idle.Length == 0) yield break;
        bool isLong = Array.TrueForAll(idle, gpu => gpu.Seconds >= IdleGpu.LikelySeconds);
        yield return new Cause("gpu-idle", What(job, idle.Length, gpus.Count), isLong ? Confidence.Likely : Confidence.Possible,
            [Evidence.Needs(s.Needs), .. idle.Select(Watched)],
            [
                new Cure("See what it used and what would be enough", $"refrag fit --from {job.JobId}"),
                new Cure("See in its log whether it found the GPU", $"refrag logs {job.JobId}"),
            ]);
    }

    private static string What(JobDetail job, int idle, int all)
    {
        string verb = job.Status == JobStatus.Running ? "has not computed" : "did not compute";
        return all == 1
            ? $"Its GPU {verb} in any sample"
            : string.Create(CultureInfo.InvariantCulture, $"{idle} of its {all} GPUs {verb} in any sample");
    }

    private static Evidence Watched(GpuUsage gpu) => Evidence.Of(
        FactSource.Job, gpu.Id, "gpuBusyPercentPeak", 0,
        string.Create(CultureInfo.InvariantCulture, $"GPU {gpu.Id}: 0 % busy in {gpu.Samples} samples over {gpu.Seconds:0} s")
            + (gpu.MemoryPeakMiB is { } memory
                ? string.Create(CultureInfo.InvariantCulture, $", at most {memory} MiB of its memory in use")
                : ""));
}

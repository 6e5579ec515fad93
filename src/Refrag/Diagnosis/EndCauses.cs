using System.Globalization;
using Refrag.Aws.Batch;

namespace Refrag.Diagnosis;

/// <summary>Why a job failed: from Batch's and ECS's words, the exit code, and the end of its log.</summary>
internal static class EndCauses
{
    private static readonly string[] s_noGpu = ["libcuda.so", "No CUDA GPUs are available", "no CUDA-capable device",
        "CUDA_ERROR_NO_DEVICE", "NVIDIA driver on your system", "nvidia-smi: command not found", "nvidia-smi: not found"];

    public static IEnumerable<Cause> Find(Situation s)
    {
        if (s.Job is not { } job) yield break;
        if (StateLimit(s, job) is { } limit)
        {
            yield return limit;
            yield break;
        }
        string[] words = Words(job);
        if (ByHand(job) is { } hand)
        {
            yield return hand;
            yield break;
        }
        if (s.Needs.Amount.Gpus == 0
            && s.LogTail.LastOrDefault(l => s_noGpu.Any(w => l.Contains(w, StringComparison.OrdinalIgnoreCase))) is { } gpu)
        {
            yield return new Cause("gpu-not-asked",
                "It looks for a GPU and has asked for none: a container sees only the GPUs that its job asks for", Confidence.Likely,
                [$"log: {gpu}", $"needs {s.Needs}"], [new Cure("Ask for one", "env.gpus=1")]);
            yield break;
        }
        // What AWS says, then what the log says; in both an exact sign before a general one.
        foreach (string one in words)
        {
            if (EndSigns.Find(one, inLog: false) is not { } sign) continue;
            yield return Of(sign, s, job, one, fromLog: false);
            yield break;
        }
        foreach (string line in LogEnd.Relevant(s.LogTail).Reverse())
        {
            if (EndSigns.Find(line, inLog: true) is not { } sign) continue;
            yield return Of(sign, s, job, line, fromLog: true);
            yield break;
        }
        if (Exit(s, job) is { } exit) yield return exit;
    }

    // Batch notes it, whatever reason was given.
    private static Cause? ByHand(JobDetail job) => job.IsTerminated == true || job.IsCancelled == true
        ? new Cause("ended-by-hand",
        $"It was {(job.IsTerminated == true ? "terminated" : "cancelled")} on request"
            + (string.IsNullOrEmpty(job.StatusReason) ? "" : $": {job.StatusReason}"),
        Confidence.Certain, [job.IsTerminated == true ? "isTerminated: true" : "isCancelled: true"],
        [new Cure("Submit it again if that was not meant", $"refrag retry {job.JobId}")])
        : null;

    // The last attempt is what counts; earlier ones were tried again.
    private static string[] Words(JobDetail job)
    {
        AttemptDetail? last = job.Attempts is [.., { } attempt] ? attempt : null;
        return [.. new[] { last?.Container?.Reason, job.Container?.Reason, last?.StatusReason, job.StatusReason }
            .OfType<string>().Where(w => w.Length > 0).Distinct(StringComparer.Ordinal)];
    }

    // (UG job state time limit actions)
    private static Cause? StateLimit(Situation s, JobDetail job)
    {
        if (job.StatusReason?.Contains("JobStateTimeLimit", StringComparison.OrdinalIgnoreCase) != true) return null;
        Cause? blocked = FitCauses.Find(s).FirstOrDefault() ?? BlockedReasons.Of(job.StatusReason, s);
        return blocked is null
            ? new Cause("state-time-limit", "The queue ended it, for it waited longer than the queue allows", Confidence.Certain,
            [job.StatusReason],
            [new Cure("Look at the queue's jobStateTimeLimitActions", $"aws batch describe-job-queues --job-queues {s.QueueName}")])
            : blocked with
            {
                What = $"The queue ended it after it had waited too long: {char.ToLowerInvariant(blocked.What[0])}{blocked.What[1..]}",
                Evidence = [job.StatusReason, .. blocked.Evidence.Where(e => !e.EndsWith(job.StatusReason, StringComparison.Ordinal))],
            };
    }

    private static Cause Of(EndSign sign, Situation s, JobDetail job, string evidence, bool fromLog)
    {
        string? command = sign.Command?.Replace(" ID", $" {job.JobId}", StringComparison.Ordinal);
        (string code, string what, string cure) = (sign.Code, sign.What, sign.Cure);
        if (code == "spot-reclaimed" && sign.IsHost && !OnSpot(s))
            (code, what, cure, command) = ("host-lost", "Its host was lost or ended: no environment of its queue uses Spot",
                "Try it again; if the instance was not terminated on purpose, see its status checks in EC2", $"refrag retry {job.JobId}");
        if (sign.Code == "dependency-failed" && s.Dependencies.FirstOrDefault(d => d.Status == JobStatus.Failed) is { } dependency)
            (what, command) = ($"{what}: {dependency.JobName} ({dependency.JobId})", $"refrag why {dependency.JobId}");
        if (sign.Code == "out-of-memory")
            command = string.Create(CultureInfo.InvariantCulture, $"env.memory={Math.Max(512, s.Needs.Amount.MemoryMiB * 2)}");
        if (sign.Code is "image-missing" or "image-pull" && job.Container?.Image is { } image) what = $"{what}: {image}";
        List<string> shown = [fromLog ? $"log: {evidence}" : evidence];
        if (job.Container?.ExitCode is { } exit) shown.Add(string.Create(CultureInfo.InvariantCulture, $"exit code {exit}"));
        return new Cause(code, what, !fromLog && IsConfirmed(code, s, job) ? Confidence.Certain : Confidence.Likely, shown,
            [new Cure(cure, command)]);
    }

    // Words alone make a cause likely. It is certain if states, exit codes or times say the same.
    private static bool IsConfirmed(string code, Situation s, JobDetail job) => code switch
    {
        "out-of-memory" => job.Container?.ExitCode == 137,
        "dependency-failed" => s.Dependencies.Any(d => d.Status == JobStatus.Failed),
        "array-child-failed" => job.ArrayProperties?.StatusSummary?.GetValueOrDefault(JobStatus.Failed) > 0,
        "timeout" => job.Timeout?.AttemptDurationSeconds is { } most && job.Attempts is [.., { StartedAt: { } from, StoppedAt: { } to }]
            && to - from >= most * 1000L,
        _ => false,
    };

    private static bool OnSpot(Situation s) =>
        s.Environments.Count == 0 || s.Environments.Any(e => e.Detail?.ComputeResources?.Type is null or CRType.Spot or CRType.FargateSpot);

    /// <summary>A job that failed and shows none of the known causes: what was seen of it.</summary>
    public static Cause Unexplained(Situation s)
    {
        JobDetail job = s.Job!;
        List<string> seen = [.. Words(job)];
        if (seen.Count == 0) seen.Add("Batch gives no reason");
        int? exit = (job.Attempts is [.., { } last] ? last.Container?.ExitCode : null) ?? job.Container?.ExitCode;
        seen.Add(exit is { } code
            ? string.Create(CultureInfo.InvariantCulture, $"exit code {code}")
            : "no exit code: its program may not have started");
        seen.AddRange(s.LogTail.Where(l => !string.IsNullOrWhiteSpace(l)).TakeLast(3).Select(l => $"log: {l}"));
        return new Cause("unexplained", "It failed, and nothing known explains why", Confidence.Possible, seen,
            [new Cure("Look at its attempts", $"refrag job {job.JobId}"), new Cure("Look at its log", $"refrag logs {job.JobId}")]);
    }

    private static Cause? Exit(Situation s, JobDetail job)
    {
        int? code = (job.Attempts is [.., { } last] ? last.Container?.ExitCode : null) ?? job.Container?.ExitCode;
        if (code is not { } exit || exit == 0) return null;
        string log = s.LogTail.LastOrDefault(l => !string.IsNullOrWhiteSpace(l)) is { } line ? $"log: {line}" : "its log says nothing more";
        (string name, string what, Confidence confidence, string cure, string? command) = exit switch
        {
            137 => ("out-of-memory", "It was killed (SIGKILL): mostly it used more memory than it asked for", Confidence.Likely,
                "Ask for more memory",
                    string.Create(CultureInfo.InvariantCulture, $"env.memory={Math.Max(512, s.Needs.Amount.MemoryMiB * 2)}")),
            127 => ("command-missing", "A command that it starts is not in the image", Confidence.Likely,
                "Correct the command, or see env.entry_point (refrag or shell)", "refrag run … --dry-run"),
            126 => ("command-not-executable", "A command that it starts is not executable", Confidence.Likely,
                "Make it executable in the image (chmod +x)", null),
            139 => ("crash", "It crashed (SIGSEGV)", Confidence.Likely, "Look at its log, and run it on this machine",
                $"refrag logs {job.JobId}"),
            134 => ("crash", "It ended itself (SIGABRT): a failed assertion or a corrupted heap", Confidence.Likely, "Look at its log",
                $"refrag logs {job.JobId}"),
            143 => ("stopped", "It was asked to stop (SIGTERM) and did", Confidence.Likely,
                "See who ended it: a timeout, a person, or its host", $"refrag job {job.JobId}"),
            _ => ("app-failed", string.Create(CultureInfo.InvariantCulture, $"The app itself failed with exit code {exit}"),
                Confidence.Likely, "Look at its log", $"refrag logs {job.JobId}"),
        };
        return new Cause(
            name, what, confidence, [string.Create(CultureInfo.InvariantCulture, $"exit code {exit}"), log], [new Cure(cure, command)]);
    }
}

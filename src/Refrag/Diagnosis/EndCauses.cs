using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Monitoring;

namespace Refrag.Diagnosis;

/// <summary>Why a job failed: from Batch's and ECS's words, the exit code, and the end of its log.</summary>
internal static class EndCauses
{
    private static readonly string[] s_noGpu = ["libcuda.so", "No CUDA GPUs are available", "no CUDA-capable device",
        "CUDA_ERROR_NO_DEVICE", "NVIDIA driver on your system", "nvidia-smi: command not found", "nvidia-smi: not found",
        "CUDA is not available"];

    private static readonly string[] s_data = [".zip", ".tar", ".gz", ".tgz", ".json", ".yaml", ".yml", ".csv", ".txt", ".parquet"];

    // The dynamic linker ends with the exit code of a command that is not there.
    private const string MissingLibrary = "error while loading shared libraries";

    // (API RegisterJobDefinition, propagateTags)
    private const int MostTags = 50;

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
        if (Tags(job) is { } tags)
        {
            yield return tags;
            yield break;
        }
        Cause[] signs = [.. Signs(s, job, words)];
        // A program that finds no GPU mostly warns and works without one: what else ended it comes first.
        if (GpuNotAsked(s) is { } gpu)
        {
            signs = signs.All(c => IsOfMissingGpu(c, gpu)) ? [gpu] : [.. signs, gpu with { Confidence = Confidence.Possible }];
        }
        foreach (Cause cause in signs) yield return cause;
        if (NetworkCauses.OfNodes(s) is { } network) yield return network;
    }

    // Only a container that has a GPU has nvidia-smi.
    private static bool IsOfMissingGpu(Cause cause, Cause gpu) =>
        cause.Code is "app-failed" or "gpu-driver"
        || (cause.Code == "command-missing" && gpu.Evidence[0].Text.Contains("nvidia-smi", StringComparison.Ordinal));

    private static Cause? GpuNotAsked(Situation s) =>
        s.Needs.Amount.Gpus > 0 || LogEnd.Relevant(s.LogTail).LastOrDefault(
            line => s_noGpu.Any(words => line.Contains(words, StringComparison.OrdinalIgnoreCase))) is not { } seen
            ? null
            : new Cause("gpu-not-asked",
                "It looks for a GPU and has asked for none: a container sees only the GPUs that its job asks for", Confidence.Likely,
                [Evidence.Log(seen), Evidence.Needs(s.Needs)], [new Cure("Ask for one", "env.gpus=1")]);

    // What AWS says, then what the log says from its end, then the exit code. The first is the answer; what else would explain the end is
    // listed below it.
    private static IEnumerable<Cause> Signs(Situation s, JobDetail job, string[] words)
    {
        string[] log = [.. LogEnd.Relevant(s.LogTail)];
        IEnumerable<(string Text, bool InLog)> texts = [.. words.Select(w => (w, false)), .. log.Reverse().Select(l => (l, true))];
        List<Cause> found = [];
        Cause? general = null, near = null, hint = null;
        foreach ((string text, bool inLog) in texts)
        {
            foreach (EndSign sign in EndSigns.FindAll(text, inLog, log))
            {
                if (sign.NeedsGpu && HasNoGpu(s)) continue;
                Cause cause = Of(sign, s, job, text, inLog);
                string? other = sign.Near;
                if (other == EndSigns.NotExecutable && DataFile(job) is { } file && Names(text, file))
                {
                    other = sign.Code;
                    cause = Of(Row(EndSigns.NotExecutable), s, job, text, inLog) with
                    {
                        What = $"The command that it should start, {file}, is no program",
                        Cures = [new Cure("Name the program first, and the file as its argument")],
                    };
                }
                if (sign.IsGeneral) general ??= cause;
                else if (sign.IsHint) hint ??= cause with { Confidence = Confidence.Possible };
                else if (!found.Exists(f => f.Code == cause.Code)) found.Add(Below(found, cause));
                if (other is not null) near ??= Of(Row(other), s, job, text, inLog);
            }
        }
        if (near is not null && !found.Exists(f => f.Code == near.Code)) found.Add(Below(found, near));
        if (found.Count == 0 && general is not null) found.Add(general);
        if (Exit(s, job) is { } exit && !found.Exists(f => f.Code == exit.Code || !IsFromLog(f)))
            found.Add(Below(found, exit));
        if (found.Count == 0 && Node(s, job) is { } node) found.Add(node);
        // What a hint says need not have ended it: it stands below all that says more than that the program failed.
        if (hint is not null && !found.Exists(f => f.Code == hint.Code))
            found.Insert(found.All(f => f.Code == "app-failed") ? 0 : found.Count, hint);
        // That the program failed says nothing beside what says why.
        return found.Count > 1 ? found.Where(f => f.Code != "app-failed") : found;
    }

    // Whoever runs the engine's GPU runtime by default has them in every container of a host that has them: what is asked for is not all.
    private static bool HasNoGpu(Situation s) =>
        s.Needs.Amount.Gpus == 0 && s.Environments.Count > 0 && !AccountCauses.HasUnknownTypes(s)
        && s.Environments.All(e => e.Detail?.ComputeResources is { } resources && AccountCauses.Hosts(resources, s).All(h => h.Gpus == 0));

    private static EndSign Row(string code) => EndSigns.All.First(row => row.Code == code);

    private static Cause Below(List<Cause> found, Cause cause) =>
        found.Count == 0 ? cause : cause with { Confidence = Confidence.Possible };

    private static bool IsFromLog(Cause cause) => cause.Evidence.Any(e => e.Facts.Any(f => f.Source == FactSource.Log));

    // Batch notes it, whatever reason was given.
    private static Cause? ByHand(JobDetail job) => job.IsTerminated == true || job.IsCancelled == true
        ? new Cause("ended-by-hand",
        $"It was {(job.IsTerminated == true ? "terminated" : "cancelled")} on request"
            + (string.IsNullOrEmpty(job.StatusReason) ? "" : $": {job.StatusReason}"),
        Confidence.Certain, [Evidence.Of(FactSource.Job, null, job.IsTerminated == true ? "isTerminated" : "isCancelled", "true")],
        [Policies.RegionPolicy.TargetOf(job.StatusReason) is { } region
            ? new Cure($"Nothing, if it runs in {region}: its chain says so", $"refrag job {job.JobId}")
            : new Cure("Submit it again if that was not meant", $"refrag retry {job.JobId}")])
        : null;

    // "If the total number of combined tags from the job and job definition is over 50, the job is moved to the FAILED state."
    // (API RegisterJobDefinition, propagateTags)
    private static Cause? Tags(JobDetail job) =>
        job is not { PropagateTags: true, Tags: { Count: > MostTags } tags, Attempts: null or { Count: 0 } } ? null : new Cause(
            "tags-too-many", string.Create(CultureInfo.InvariantCulture,
                $"It has {tags.Count} tags, and a job that hands its tags on to its task may have {MostTags}"), Confidence.Likely,
            [Evidence.Of(FactSource.Job, null, "tags", tags.Count), Evidence.Of(FactSource.Job, null, "propagateTags", "true"),
                "no attempt was made"],
            [new Cure("Use fewer tags", "env.tags={}")]);

    // Where neither words nor its log say more, a node that failed is what is known.
    private static Cause? Node(Situation s, JobDetail job)
    {
        JobDetail[] failed = [.. s.Nodes.Where(n => n.Status == JobStatus.Failed)];
        if (failed.Length == 0) return null;
        JobDetail first = failed.FirstOrDefault(n => n.NodeDetails?.IsMainNode == true) ?? failed[0];
        int index = first.NodeDetails?.NodeIndex ?? 0;
        return new Cause("node-failed", string.Create(CultureInfo.InvariantCulture, $"{failed.Length} of its {s.Nodes.Count} nodes failed"),
            Confidence.Likely,
            [.. failed.Take(3).Select(n => Evidence.Of(FactSource.OtherJob, n.JobId, "status", n.Status,
                $"{n.JobId}: FAILED{(ExitOf(n) is { } code ? string.Create(CultureInfo.InvariantCulture, $", exit code {code}") : "")}"))],
            [new Cure("See the log of that node", $"refrag logs {job.JobId} --node {index}")]);
    }

    // The last attempt is what counts; earlier ones were tried again.
    private static string[] Words(JobDetail job)
    {
        AttemptDetail? last = job.Attempts is [.., { } attempt] ? attempt : null;
        EksAttemptDetail? lastOfPod = job.EksAttempts is [.., { } ofPod] ? ofPod : null;
        return [.. new[] { last?.Container?.Reason, job.Container?.Reason }
            .Concat(Ends(job).Select(end => end.Reason)).Append(last?.StatusReason).Append(lastOfPod?.StatusReason).Append(job.StatusReason)
            .OfType<string>().Where(w => w.Length > 0).Distinct(StringComparer.Ordinal)];
    }

    // How the containers of the last attempt ended, where it had several, or was a pod.
    private static IEnumerable<(int? Exit, string? Reason)> Ends(JobDetail job)
    {
        if (job.EksAttempts is [.., { } pod])
            foreach (EksAttemptContainerDetail one in (pod.InitContainers ?? []).Concat(pod.Containers ?? []))
                yield return (one.ExitCode, one.Reason);
        else if (job.EksProperties?.PodProperties is { } properties)
            foreach (EksContainerDetail one in (properties.InitContainers ?? []).Concat(properties.Containers ?? []))
                yield return (one.ExitCode, one.Reason);
        if (job.Attempts is [.., { TaskProperties: { } tasks }])
            foreach (AttemptTaskContainerDetails one in tasks.SelectMany(t => t.Containers ?? []))
                yield return (one.ExitCode, one.Reason);
    }

    // The exit code of its container; of several, of the first that did not end well.
    private static int? ExitOf(JobDetail job) =>
        (job.Attempts is [.., { } last] ? last.Container?.ExitCode : null) ?? job.Container?.ExitCode
            ?? Ends(job).Select(end => end.Exit).FirstOrDefault(code => code is not (null or 0));

    // A file of data as the command: what the user meant as an argument.
    private static string? DataFile(JobDetail job) =>
        job.Container?.Command is [{ } first, ..] && s_data.Any(d => first.EndsWith(d, StringComparison.OrdinalIgnoreCase)) ? first : null;

    // Behind an entry point the first word of the command is an argument, and the text names another file.
    private static bool Names(string text, string file) => AwsWords.Has(text, file[(file.LastIndexOf('/') + 1)..]);

    // (UG job state time limit actions)
    private static Cause? StateLimit(Situation s, JobDetail job)
    {
        if (job.StatusReason?.Contains("JobStateTimeLimit", StringComparison.OrdinalIgnoreCase) != true) return null;
        Cause? blocked = FitCauses.Find(s).FirstOrDefault() ?? BlockedReasons.Of(job.StatusReason, s);
        return blocked is null
            ? new Cause("state-time-limit", "The queue ended it, for it waited longer than the queue allows", Confidence.Certain,
            [Words(job.StatusReason)],
            [new Cure("Look at the queue's jobStateTimeLimitActions", $"aws batch describe-job-queues --job-queues {s.QueueName}")])
            : blocked with
            {
                What = $"The queue ended it after it had waited too long: {char.ToLowerInvariant(blocked.What[0])}{blocked.What[1..]}",
                Evidence = [Words(job.StatusReason),
                    .. blocked.Evidence.Where(e => !e.Text.EndsWith(job.StatusReason, StringComparison.Ordinal))],
            };
    }

    private static Evidence Words(string reason) => Evidence.Of(FactSource.Job, null, "reason", reason, reason);

    private static Evidence ExitCode(int code) => Evidence.Of(FactSource.Job, null, "exitCode", code,
        string.Create(CultureInfo.InvariantCulture, $"exit code {code}"));

    private static Cause Of(EndSign sign, Situation s, JobDetail job, string evidence, bool fromLog)
    {
        string? command = sign.Command?.Replace(" ID", $" {job.JobId}", StringComparison.Ordinal);
        (string code, string what, string cure) = (sign.Code, sign.What, sign.Cure);
        if (code == "spot-reclaimed" && sign.IsHost && !OnSpot(s))
            (code, what, cure, command) = ("host-lost", "Its host was lost or ended: no environment of its queue uses Spot",
                "Try it again; if the instance was not terminated on purpose, see its status checks in EC2", $"refrag retry {job.JobId}");
        if (sign.Code == "dependency-failed" && s.Dependencies.FirstOrDefault(d => d.Status == JobStatus.Failed) is { } dependency)
            (what, command) = ($"{what}: {dependency.JobName} ({dependency.JobId})", $"refrag why {dependency.JobId}");
        if (sign is { Code: "out-of-memory", Command: not null })
            command = MoreMemory(s);
        if (code == "job-permission" && job.Container?.JobRoleArn is { Length: > 0 } role)
            (cure, command) = ($"Give the job role {AwsNames.Short(role)} the permission that the log names", null);
        if (code == "credentials-expired" && job.Container?.JobRoleArn is { Length: > 0 })
            (cure, command) = ("Let the SDK fetch the role's credentials, and sign URLs anew", null);
        // ECS takes on two roles for a task, in the same words; which of them it is, its name says.
        if (code == "execution-role" && job.Container is { JobRoleArn: { Length: > 0 } own } container && own != container.ExecutionRoleArn
            && evidence.Contains(own, StringComparison.Ordinal))
            (code, what) = ("job-role", $"The job role that it names, {AwsNames.Short(own)}, cannot be assumed");
        if (sign.Code == "log-group-missing" && LogGroup(job) is { } group)
            command = $"aws logs create-log-group --log-group-name {group}";
        if (sign.Code is "image-missing" or "image-pull" && job.Container?.Image is { } image) what = $"{what}: {image}";
        List<Evidence> shown = [fromLog ? Evidence.Log(evidence) : Words(evidence)];
        if (ExitOf(job) is { } exit) shown.Add(ExitCode(exit));
        return new Cause(code, what, !fromLog && IsConfirmed(code, s, job) ? Confidence.Certain : Confidence.Likely, shown,
            [new Cure(cure, command)]);
    }

    // Words alone make a cause likely. It is certain if states, exit codes or times say the same.
    private static bool IsConfirmed(string code, Situation s, JobDetail job) => code switch
    {
        "out-of-memory" => ExitOf(job) == 137,
        "dependency-failed" => s.Dependencies.Any(d => d.Status == JobStatus.Failed),
        "array-child-failed" => job.ArrayProperties?.StatusSummary?.GetValueOrDefault(JobStatus.Failed) > 0,
        "timeout" => job.Timeout?.AttemptDurationSeconds is { } most && job.Attempts is [.., { StartedAt: { } from, StoppedAt: { } to }]
            && to - from >= most * 1000L,
        _ => false,
    };

    // Of a pod it is not known what it asked for.
    private static string? MoreMemory(Situation s) => s.Needs.Amount.MemoryMiB == 0
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"env.memory={Math.Max(512, s.Needs.Amount.MemoryMiB * 2)}");

    private static string? LogGroup(JobDetail job) => job.Container?.LogConfiguration?.Options?.GetValueOrDefault("awslogs-group");

    private static bool OnSpot(Situation s) =>
        s.Environments.Count == 0 || s.Environments.Any(e => e.Detail?.ComputeResources?.Type is null or CRType.Spot or CRType.FargateSpot);

    /// <summary>A job that failed and shows none of the known causes: what was seen of it.</summary>
    public static Cause Unexplained(Situation s)
    {
        JobDetail job = s.Job!;
        List<Evidence> seen = [.. Words(job).Select(Words)];
        if (seen.Count == 0) seen.Add("Batch gives no reason");
        seen.Add(ExitOf(job) is { } code
            ? ExitCode(code)
            : "no exit code: its program may not have started");
        seen.AddRange(s.LogTail.Where(l => !string.IsNullOrWhiteSpace(l)).TakeLast(3).Select(Evidence.Log));
        return new Cause("unexplained", "It failed, and nothing known explains why", Confidence.Possible, seen,
            [new Cure("Look at its attempts", $"refrag job {job.JobId}"), new Cure("Look at its log", $"refrag logs {job.JobId}")]);
    }

    private static Cause? Exit(Situation s, JobDetail job)
    {
        if (ExitOf(job) is not { } exit || exit == 0) return null;
        Evidence log =
            s.LogTail.LastOrDefault(l => !string.IsNullOrWhiteSpace(l)) is { } line ? Evidence.Log(line) : "its log says nothing more";
        (string name, string what, Confidence confidence, string cure, string? command) = exit switch
        {
            137 => ("out-of-memory", "It was killed (SIGKILL): mostly it used more memory than it asked for", Confidence.Likely,
                "Ask for more memory", MoreMemory(s)),
            135 => ("shared-memory", "It was ended by a bus error (SIGBUS): mostly its shared memory is full, which is 64 MiB unless the "
                + "definition gives it more", Confidence.Likely, "Set linuxParameters.sharedMemorySize in the definition", null),
            127 when s.LogTail.Any(line => line.Contains(MissingLibrary, StringComparison.Ordinal)) => ("app-failed",
                "A library that its program needs is not in the image", Confidence.Likely, "Add the library to the image", null),
            127 => ("command-missing", "A command that it starts is not in the image", Confidence.Likely,
                "Correct the command, or see env.entry_point (refrag or shell)", "refrag run … --dry-run"),
            126 => ("command-not-executable", "A command that it starts is not executable", Confidence.Likely,
                "Make it executable in the image (chmod +x)", null),
            139 => ("crash", "It crashed (SIGSEGV)", Confidence.Likely, "Look at its log, and run it on this machine",
                $"refrag logs {job.JobId}"),
            134 => ("crash", "It ended itself (SIGABRT): a failed assertion or a corrupted heap", Confidence.Likely, "Look at its log",
                $"refrag logs {job.JobId}"),
            132 => ("crash", "It crashed (SIGILL): mostly it was built for a newer processor than its host has", Confidence.Likely,
                "Build it for the oldest type of the environment, or leave older types out", null),
            136 => ("crash", "It crashed (SIGFPE): an arithmetic error such as a division by zero", Confidence.Likely, "Look at its log",
                $"refrag logs {job.JobId}"),
            143 => ("stopped", "It was asked to stop (SIGTERM) and did", Confidence.Likely,
                "See who ended it: a timeout, a person, or its host", $"refrag job {job.JobId}"),
            _ => ("app-failed", string.Create(CultureInfo.InvariantCulture, $"The app itself failed with exit code {exit}"),
                Confidence.Likely, "Look at its log", $"refrag logs {job.JobId}"),
        };
        return new Cause(
            name, what, confidence, [ExitCode(exit), log], [new Cure(cure, command)]);
    }
}

using System.Globalization;
using Refrag.Aws.Batch;

namespace Refrag.Diagnosis;

/// <summary>Why a job failed: from Batch's and ECS's words, the exit code, and the end of its log.</summary>
internal static class EndCauses
{
    /// <summary>
    /// Words that show a cause; the more exact before the more general. What stands in <c>All</c> must be there, and one of <c>Any</c>.
    /// </summary>
    private sealed record Sign(string Code, string All, string[] Any, string What, string Cure, string? Command = null, bool InLog = false)
    {
        /// <summary>Words that show another cause.</summary>
        public string[] Not { get; init; } = [];
    }

    private static readonly string[] s_noGpu = ["libcuda.so", "No CUDA GPUs are available", "no CUDA-capable device",
        "CUDA_ERROR_NO_DEVICE", "NVIDIA driver on your system", "nvidia-smi: command not found", "nvidia-smi: not found"];
    private const string NoRoute = "Its task could not reach AWS's services when it started";
    private const string RouteCure =
        "Give the subnets a route: NAT, public addresses, or VPC endpoints (ecr.api, ecr.dkr, s3, logs, secretsmanager)";
    private static readonly string[] s_silence = ["i/o timeout", "send request failed", "service call has been retried",
        "deadline exceeded", "request canceled", "task network configuration"];
    private static readonly string[] s_refusals = ["AccessDenied", "not authorized", "ResourceNotFound", "unable to pull the image"];

    private static readonly Sign[] s_signs =
    [
        new("dependency-failed", "", ["Dependent Job failed", "dependent job failed", "dependency failed"],
            "A job that it depends on failed", "See why that one failed, and repeat both", "refrag why DEPENDENCY"),
        new("timeout", "", ["Job attempt duration exceeded timeout", "duration exceeded timeout"],
            "An attempt took longer than its timeout", "Allow it more time, or let it continue from a checkpoint", "env.timeout=12h"),
        new("tags-too-many", "", ["tags exceed", "too many tags", "more than 50"],
            "It has more than 50 tags together with its definition, which it cannot carry to its task", "Use fewer tags", "env.tags={}"),
        // Words of secrets and logs stand in these as well; what failed is the way there.
        new("task-start-network", "ResourceInitializationError", s_silence, NoRoute, RouteCure, "refrag doctor") { Not = s_refusals },
        new("task-start-network", "logging driver", s_silence, NoRoute, RouteCure, "refrag doctor") { Not = s_refusals },
        new("volume-mount", "", ["to rootfs", "mount callback failed", "failed to invoke EFS utils", "mount.nfs"],
            "A volume of it cannot be mounted",
            "See that the file system is reachable from the subnets (port 2049), that the path exists, and that the user may use it"),
        new("spot-reclaimed", "Host EC2", ["terminated"],
            "Its host was taken away: AWS reclaimed a Spot instance, or the instance was ended", "Let it be tried again, from a checkpoint",
            "env.retries=5"),
        new("image-architecture", "",
            ["exec format error", "no matching manifest for linux", "does not match the detected host platform", "image operating system"],
            "Its image is for another processor architecture than its host", "Build the image for the hosts' architecture",
            "docker buildx build --platform linux/amd64,linux/arm64 …", InLog: true),
        new("registry-denied", "CannotPullContainer", ["denied", "no basic auth", "unauthorized", "AccessDenied", "403", "not authorized"],
            "The registry refuses its image: a permission is missing",
            "Give the instance role or the execution role ecr:BatchGetImage and ecr:GetAuthorizationToken", "refrag doctor"),
        new("image-missing", "",
            ["manifest unknown", "manifest for", "repository does not exist", "not found: manifest", "name unknown", "RepositoryNotFound",
                "ImageNotFound", "no such image"], "Its image or tag does not exist", "Push it, or name one that exists",
                "env.image=REPOSITORY:TAG"),
        new("registry-rate", "CannotPullContainer", ["toomanyrequests", "rate limit", "429"], "The registry refuses more pulls for now",
            "Use a copy of the image in ECR"),
        new("registry-unreachable", "CannotPullContainer",
            ["timeout", "timed out", "i/o", "connection refused", "no such host", "dial tcp", "Client.Timeout", "deadline"],
            "The host cannot reach the registry",
            "Give the subnets a route: NAT, public addresses, or endpoints for ecr.api, ecr.dkr and s3", "refrag doctor"),
        new("disk-full", "", ["no space left on device", "No space left on device"], "The host's disk is full",
            "Give the launch template a larger volume, or write to another place", "refrag infra apply", InLog: true),
        new("image-pull", "CannotPullContainer", [""], "Its image could not be pulled", "Look at the reason", "env.image=REPOSITORY:TAG"),
        new("log-group-missing", "", ["log group does not exist", "specified log group", "ResourceNotFoundException: The specified log"],
            "Its log group does not exist", "Make it, or let the definition name another",
            "aws logs create-log-group --log-group-name NAME"),
        new("log-permission", "",
            ["logs:CreateLogStream", "failed to create Cloudwatch log stream", "failed to initialize logging driver", "PutLogEvents"],
            "Its log cannot be written: the role lacks a permission",
            "Give the instance role or the execution role logs:CreateLogStream and logs:PutLogEvents", "refrag doctor"),
        new("secret-unreadable", "", ["unable to pull secrets", "secretsmanager", "ssm:GetParameters", "retrieve secret"],
            "A secret that it names cannot be read", "Give the execution role the permission for that secret, and see that it exists"),
        new("execution-role", "",
            ["unable to assume the role", "unable to assume role", "sts:AssumeRole", "ECS was unable to assume",
                "is not authorized to perform: iam:PassRole", "Invalid IamRole", "role is invalid"],
                "A role that it names cannot be assumed", "Name a role that exists and trusts ecs-tasks.amazonaws.com",
                "env.job_role_arn=ARN"),
        new("task-start-network", "ResourceInitializationError", ["timeout", "timed out", "i/o", "connection", "network"],
            "Its task could not reach AWS's services when it started", "Give the subnets a route: NAT, public addresses, or VPC endpoints",
            "refrag doctor"),
        new("gpu-driver", "",
            ["nvidia-container-cli", "could not select device driver", "nvml error", "CUDA driver version is insufficient",
                "Failed to initialize NVML", "no CUDA-capable device", "no kernel image is available"],
                "The host's GPU cannot be used: the driver is missing, too old or broken",
                "Use the GPU machine image (ECS_AL2023_NVIDIA) and an image of a CUDA version that the driver has", "refrag envs",
                InLog: true),
        new("command-missing", "", ["executable file not found", "no such file or directory: unknown", "stat /", "exec: \""],
            "The command that it should start is not in the image", "Correct the command, or see env.entry_point (refrag or shell)",
            "refrag run … --dry-run"),
        new("command-not-executable", "", ["permission denied: unknown", "exec failed: permission denied"],
            "The command that it should start is not executable", "Make it executable in the image (chmod +x)"),
        new("container-start", "CannotStartContainer", [""], "Its container could not be started", "Look at the reason"),
        new("container-create", "", ["CannotCreateContainer", "CannotCreateVolume", "CannotInspectContainer"],
            "Its container could not be made", "Look at the reason: mounts, volumes and names"),
        new("docker-timeout", "", ["DockerTimeoutError", "Could not transition to started"],
            "The container engine of its host did not answer in time", "Let it be tried again; a larger or faster disk helps",
            "env.retries=2"),
        new("gpu-out-of-memory", "", ["CUDA out of memory", "CUDA error: out of memory", "torch.cuda.OutOfMemoryError"],
            "It used more GPU memory than a GPU has", "Use smaller batches, or a type with larger GPUs", "refrag fit", InLog: true),
        new("out-of-memory", "",
            ["OutOfMemoryError", "OutOfMemory", "killed due to memory", "Cannot allocate memory", "std::bad_alloc",
                "java.lang.OutOfMemoryError"], "It used more memory than it asked for, and was killed", "Ask for more", "env.memory=MORE",
                InLog: true),
        new("array-child-failed", "", ["Array Child Job failed"], "A child of the array failed", "See which, and why",
            "refrag jobs --status FAILED"),
        new("node-failed", "", ["node failed", "Main node", "main node"], "A node of it failed", "See the log of that node",
            "refrag logs ID --node 0"),
        new("refrag-killed", "", ["The refrag that ran it was killed"],
            "The refrag that ran it (env=local) was killed, and a local job ends with it",
            "Run it again; a job that is to outlive its terminal runs on `refrag serve` or on AWS Batch", "refrag run …"),
        new("ended-by-hand", "",
            ["Terminated by", "Cancelled by", "Canceled by user", "user request", "refrag cancel", "refrag terminate", "TerminateJob",
                "CancelJob"], "It was ended on request", "Submit it again if that was not meant", "refrag retry ID"),
    ];

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
        foreach (Sign sign in s_signs)
        {
            string? shown = words.FirstOrDefault(w => Shows(sign, w));
            string? logged = shown is null && sign.InLog ? s.LogTail.LastOrDefault(w => Shows(sign, w)) : null;
            if ((shown ?? logged) is not { } evidence) continue;
            yield return Of(sign, s, job, evidence, fromLog: shown is null);
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

    private static bool Shows(Sign sign, string words) =>
        words.Contains(sign.All, StringComparison.OrdinalIgnoreCase)
        && sign.Any.Any(w => words.Contains(w, StringComparison.OrdinalIgnoreCase))
        && !sign.Not.Any(w => words.Contains(w, StringComparison.OrdinalIgnoreCase));

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

    private static Cause Of(Sign sign, Situation s, JobDetail job, string evidence, bool fromLog)
    {
        string? command = sign.Command?.Replace(" ID", $" {job.JobId}", StringComparison.Ordinal);
        string what = sign.What;
        if (sign.Code == "dependency-failed" && s.Dependencies.FirstOrDefault(d => d.Status == "FAILED") is { } dependency)
            (what, command) = ($"{what}: {dependency.JobName} ({dependency.JobId})", $"refrag why {dependency.JobId}");
        if (sign.Code == "out-of-memory")
            command = string.Create(CultureInfo.InvariantCulture, $"env.memory={Math.Max(512, s.Needs.Amount.MemoryMiB * 2)}");
        if (sign.Code is "image-missing" or "image-pull" && job.Container?.Image is { } image) what = $"{what}: {image}";
        List<string> shown = [fromLog ? $"log: {evidence}" : evidence];
        if (job.Container?.ExitCode is { } code) shown.Add(string.Create(CultureInfo.InvariantCulture, $"exit code {code}"));
        return new Cause(sign.Code, what, fromLog ? Confidence.Likely : Confidence.Certain, shown, [new Cure(sign.Cure, command)]);
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
                Confidence.Certain, "Look at its log", $"refrag logs {job.JobId}"),
        };
        return new Cause(
            name, what, confidence, [string.Create(CultureInfo.InvariantCulture, $"exit code {exit}"), log], [new Cure(cure, command)]);
    }
}

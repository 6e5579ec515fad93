namespace Refrag.Diagnosis;

/// <summary>
/// The table of signs. Each exact row shows itself on its own examples alone (signs.yaml beside the tests), so their order does not matter.
/// (ECS Developer Guide, stopped task error messages and CannotPullContainer task errors; Batch User Guide, troubleshooting)
/// </summary>
internal static class EndSigns
{
    private const string NoRoute = "Its task could not reach AWS's services when it started";
    private const string RouteCure =
        "Give the subnets a route: NAT, public addresses, or VPC endpoints (ecr.api, ecr.dkr, s3, logs, secretsmanager)";
    private const string DiskCure = "Give the launch template a larger volume, or write to another place";
    private const string PathlessError = "[Errno 28] No space left on device";
    private const string OtherPlatform = "Its image is for another processor architecture than its host";
    private const string PlatformCure = "Build the image for the hosts' architecture";
    private const string PlatformCommand = "docker buildx build --platform linux/amd64,linux/arm64 …";

    /// <summary>What the kernel answers where a file is no program that it can start.</summary>
    public const string FormatError = "exec format error";

    /// <summary>The code of a command that is there and cannot be started.</summary>
    public const string NotExecutable = "command-not-executable";

    private static readonly string[] s_pull =
        ["CannotPullContainerError", "CannotPullContainer", "CannotPullECRContainerError", "CannotPullImageManifestError",
            // What Kubernetes says of a pod. (Kubernetes, Images: ImagePullBackOff; the events of kubelet and containerd)
            "ErrImagePull", "ImagePullBackOff", "Failed to pull image", "failed to pull image", "failed to pull and unpack image"];
    // The engine could not start its own runtime: nothing is said of the job's command.
    private const string OwnRuntime = "unable to retrieve OCI runtime error";
    private const string Retried = "service call has been retried";
    // What is answered is not asked again: a call that was retried once had an answer, if no word says that there was none. What could not
    // be reached is tried three to five times. (seen in public reports, and in ECS's examples; not documented as a rule)
    private const string RetriedOnce = "retried 1 time";
    private static readonly string[] s_silence = ["i/o timeout", "send request failed", "timed out", "timeout", "deadline exceeded",
        "request canceled", "task network configuration", "connection refused", "There is a connection issue between the task"];
    private static readonly string[] s_refusals = ["AccessDenied", "AccessDeniedException", "not authorized", "ResourceNotFound",
        "ResourceNotFoundException", "invalid character", "did not contain json key", "unable to pull the image", "EFS utils",
            "env files", "MissingEndpoint", "invalid ssm parameters"];
    // What a log driver says of its options, or of a log router that is not there.
    private static readonly string[] s_logOptions =
        ["log driver arguments", "no log configuration specified", "unknown log opt", "dial unix", "invalid log opt"];
    private static readonly string[] s_absent = ["manifest unknown", "manifest for", "repository does not exist", "not found: manifest",
        "name unknown", "RepositoryNotFound", "RepositoryNotFoundException", "ImageNotFound", "ImageNotFoundException", "no such image",
        "not found", "requested image not found"];
    private static readonly string[] s_denied = ["denied", "no basic auth", "unauthorized", "AccessDenied", "AccessDeniedException",
        "403 Forbidden", "not authorized", "authorization failed"];
    private static readonly string[] s_limited = ["toomanyrequests", "rate limit", "429 Too Many Requests", "rate exceeded"];
    // What a registry answers that is there and not well, and what stands for one that gives no answer. (RFC 9110, 15.6)
    private static readonly string[] s_serverErrors = ["500 Internal Server Error", "502 Bad Gateway", "503 Service Unavailable"];
    private static readonly string[] s_gatewayTimeouts = ["504 Gateway Time-out", "504 Gateway Timeout"];
    private static readonly string[] s_kms =
        ["kms:Decrypt", "KMSAccessDeniedException", "KMS.DisabledException", "KMS key", "Access to KMS"];
    private static readonly string[] s_platform = ["no matching manifest for", "no match for platform",
        "no match for current platform", "does not match the detected host platform", "descriptor matching platform",
        "find a descriptor for platform",
        "operating system cannot be used on this platform"];

    /// <summary>Every row.</summary>
    public static IReadOnlyList<EndSign> All { get; } =
    [
        new("dependency-failed", "A job that it depends on failed", "See why that one failed, and repeat both", "refrag why DEPENDENCY")
        {
            Any = ["Dependent Job failed", "dependency failed"],
        },
        new("timeout", "An attempt took longer than its timeout", "Allow it more time, or let it continue from a checkpoint",
            "env.timeout=12h") { Any = ["duration exceeded timeout"] },
        new("tags-too-many", "It has more than 50 tags together with its definition, which it cannot carry to its task", "Use fewer tags",
            "env.tags={}") { Any = ["tags exceed", "too many tags", "more than 50"] },
        new("task-start-network", NoRoute, RouteCure, "refrag doctor")
        {
            Errors = ["ResourceInitializationError"], Any = s_silence, Where = AwsWords.NamesOnlyRegions,
            Not = [.. s_refusals, "failed to create new container runtime task"], Near = "registry-denied",
        },
        new("task-start-network", NoRoute, RouteCure, "refrag doctor")
        {
            Errors = ["ResourceInitializationError"], Any = [Retried, "unable to pull secrets or registry auth"],
            Not = [.. s_refusals, .. s_silence, RetriedOnce, "failed to create new container runtime task"], Near = "registry-denied",
        },
        new("task-start-network", NoRoute, RouteCure, "refrag doctor")
        {
            Any = ["failed to initialize logging driver"], Not = ["log group does not exist", .. s_refusals, .. s_logOptions],
            Where = AwsWords.NamesOnlyRegions,
        },
        new("secret-format", "A secret that it names is not the JSON that its reference needs",
            "Store the secret as a JSON object, or leave the key out of the reference")
        {
            Errors = ["ResourceInitializationError"], Any = ["invalid character",
                "retrieved secret from Secrets Manager did not contain json key"],
        },
        new("env-file", "An environment file of it cannot be read from S3",
            "See that the object exists, and that the execution role has s3:GetObject and s3:GetBucketLocation")
        {
            Any = ["failed to download env files", "env files"],
        },
        new("fargate-size", "Fargate has no task of its size", "Ask for vCPUs and memory that Fargate has together", "refrag fit")
        {
            Any = ["No Fargate configuration exists"],
        },
        new("network-interface", "Its task got no network interface in time: mostly too few addresses or too many requests at once",
            "Try it again; if it comes again, see the subnets' free addresses", "refrag doctor")
        {
            Any = ["network interface provisioning", "invoke eni plugin failed", "ENI Attachment timeout", "failed to configure ENI"],
        },
        new("no-capacity", "AWS had no capacity for its task at that time", "Let it be tried again, or add subnets of other zones",
            "env.retries=3") { Any = ["Capacity is unavailable at this time"] },
        new("no-addresses", "Its subnets have no free addresses", "Add subnets, or larger ones", "refrag doctor")
        {
            Any = ["InsufficientFreeAddressesInSubnet", "not enough free addresses in subnet"],
        },
        new("volume-mount", "A volume of it cannot be mounted",
            "See that the file system is reachable from the subnets (port 2049), that the path exists, and that the user may use it")
        {
            Any = ["to rootfs", "bind source path does not exist", "EFS utils", "mount.nfs", "mount.nfs4", "caused \"rootfs_linux.go",
                "to set up EFS volumes"],
        },
        new("spot-reclaimed", "Its host was taken away: AWS reclaimed a Spot instance, or the instance was ended",
            "Let it be tried again, from a checkpoint", "env.retries=5") { Errors = ["Host EC2"], Any = ["terminated"], IsHost = true },
        new("spot-reclaimed", "AWS reclaimed the Spot capacity that it ran on", "Let it be tried again, from a checkpoint", "env.retries=5")
        {
            Any = ["Your Spot Task was interrupted", "SpotInterruption"],
        },
        new("image-architecture", OtherPlatform, PlatformCure, PlatformCommand) { Any = s_platform, InLog = true },
        // A script without its first line (#!), or what is no program at all, is reported in the same words.
        new("image-architecture", OtherPlatform, PlatformCure, PlatformCommand)
        {
            Any = [FormatError], InLog = true, Near = NotExecutable,
        },
        new("registry-denied", "The registry refuses its image: a permission is missing, or the image is not there for this role",
            "Give the instance role or the execution role ecr:BatchGetImage and ecr:GetAuthorizationToken", "refrag doctor")
        {
            Errors = s_pull, Any = s_denied, Not = [.. s_limited, .. s_kms], Near = "image-missing",
        },
        new("registry-denied", "The role may not read the image's registry",
            "Give the execution role ecr:GetAuthorizationToken and ecr:BatchGetImage", "refrag doctor")
        {
            Errors = ["ResourceInitializationError"], Any = ["ecr:GetAuthorizationToken", "ecr:BatchGetImage"],
        },
        new("kms-key", "A key of KMS that it needs cannot be used",
            "Give the role kms:Decrypt for that key, and see that the key is enabled")
        {
            Any = s_kms,
        },
        new("image-missing", "Its image or tag does not exist", "Push it, or name one that exists", "env.image=REPOSITORY:TAG")
        {
            Errors = [.. s_pull, "CannotCreateContainerError"], Any = s_absent,
            Not = ["pull access denied", "not authorized", .. s_limited, .. s_platform, FormatError, "no such host"],
        },
        // The answer without its text: a registry says the same of what is not there and of what this role may not see.
        new("image-missing", "The registry does not have its image, or does not show it to this role",
            "Push it, or name one that exists; if it is there, see what the role may pull", "env.image=REPOSITORY:TAG")
        {
            Errors = s_pull, Any = ["API error (404)"], Not = [.. s_absent, .. s_denied], Near = "registry-denied",
        },
        // (distribution/reference: the grammar of names; Kubernetes, Images: InvalidImageName)
        new("image-pull", "What it names is not the name of an image", "Correct it: REGISTRY/REPOSITORY:TAG, in lower case",
            "env.image=REPOSITORY:TAG")
        {
            Any = ["invalid reference format", "failed to normalize image reference", "InvalidImageName"],
        },
        new("registry-rate", "The registry refuses more pulls for now", "Use a copy of the image in ECR")
        {
            Errors = s_pull, Any = s_limited,
        },
        new("registry-unreachable", "The host cannot reach the registry",
            "Give the subnets a route: NAT, public addresses, or endpoints for ecr.api, ecr.dkr and s3", "refrag doctor")
        {
            Errors = s_pull,
            Any = ["timeout", "timed out", "connection refused", "no such host", "dial tcp", "deadline exceeded", "registry endpoint",
                "request canceled", "connection reset", "failed to fetch anonymous token", "server misbehaving",
                "network is unreachable", "no route to host"],
            Not = [.. s_denied, .. s_limited, .. s_serverErrors, .. s_gatewayTimeouts, "manifest unknown"],
        },
        new("registry-unreachable", "A gateway before the registry had no answer from it in time",
            "Let it be tried again, or use a copy of the image in ECR", "env.retries=3")
        {
            Errors = s_pull, Any = s_gatewayTimeouts, Not = [.. s_denied, .. s_limited],
        },
        new("image-pull", "The registry answered that it has a fault of its own",
            "Let it be tried again, or use a copy of the image in ECR", "env.retries=3")
        {
            Errors = s_pull, Any = s_serverErrors, Not = [.. s_denied, .. s_limited],
        },
        new("disk-full", "The host's disk is full", DiskCure, "refrag infra apply")
        {
            // The last is Windows's.
            Any = ["no space left on device", "free data blocks", "ENOSPC", "out of disk space", "not enough disk space",
                "not enough space on the disk"],
            InLog = true, Where = text => !IsPathless(text),
            // Watches of files are another limit, with the same error number.
            Not = [.. AppSigns.SharedMemory, "file watchers"], NotBeside = AppSigns.Semaphore,
        },
        // Python names the file where it knows one: without a name it may be of shared memory.
        new("disk-full", "The host's disk is full", DiskCure, "refrag infra apply")
        {
            Any = [PathlessError], InLog = true, Where = IsPathless, NotBeside = AppSigns.Semaphore, Near = "shared-memory",
            Not = AppSigns.SharedMemory,
        },
        new("image-pull", "Its image could not be pulled", "Look at the reason", "env.image=REPOSITORY:TAG")
        {
            Errors = s_pull, IsGeneral = true,
        },
        new("log-group-missing", "Its log group does not exist", "Make it, or let the definition name another",
            "aws logs create-log-group --log-group-name NAME") { Any = ["log group does not exist"] },
        new("log-permission", "Its log cannot be written: the role lacks a permission",
            "Give the instance role or the execution role logs:CreateLogStream and logs:PutLogEvents", "refrag doctor")
        {
            Any = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:CreateLogGroup",
                "failed to create Cloudwatch log stream: AccessDeniedException", "failed to create Cloudwatch log stream: AccessDenied",
                "failed to create Cloudwatch log group: AccessDeniedException", "failed to create Cloudwatch log group: AccessDenied"],
        },
        new("log-configuration", "Its log configuration is wrong: there is no endpoint for the region that it names",
            "Correct awslogs-region in the definition") { Any = ["MissingEndpoint"] },
        new("log-configuration", "Its log driver cannot be started: an option is wrong, or the log router that it writes to is not there",
            "Correct the options of its logConfiguration; with FireLens see that the router's container starts first")
        {
            Any = s_logOptions, With = "failed to initialize logging driver",
        },
        new("log-configuration", "Its log configuration is wrong: what it names is no region", "Correct awslogs-region in the definition")
        {
            Any = ["no such host"], Where = text => !AwsWords.NamesOnlyRegions(text),
        },
        new("secret-unreadable", "A secret that it names cannot be read",
            "Give the execution role the permission for that secret, and see that it exists")
        {
            Any = ["secretsmanager:GetSecretValue", "ssm:GetParameters", "unable to retrieve secret from asm",
                "unable to retrieve secrets from ssm", "fetching secret data", "Secrets Manager can't find the specified secret"],
            Not = [.. s_silence, "invalid character", "did not contain json key", "kms:Decrypt", "Access to KMS"],
        },
        new("task-start-network", NoRoute, RouteCure, "refrag doctor")
        {
            Errors = ["ResourceInitializationError"], Any = [RetriedOnce], Not = [.. s_refusals, .. s_silence], Near = "registry-denied",
        },
        new("execution-role", "A role that it names cannot be assumed", "Name a role that exists and trusts ecs-tasks.amazonaws.com",
            "env.job_role_arn=ARN")
        {
            Any = ["unable to assume the role", "unable to assume role", "sts:AssumeRole", "iam:PassRole", "Invalid IamRole",
                "role is invalid"],
        },
        new("execution-role", "It needs an execution role and names none", "Name one that trusts ecs-tasks.amazonaws.com",
            "env.execution_role_arn=ARN")
        {
            Any = ["to have execution role ARN", "specify a value for 'executionRoleArn'"],
        },
        new("command-missing", "The command that it should start is not in the image",
            "Correct the command, or see env.entry_point (refrag or shell)", "refrag run … --dry-run")
        {
            Any = ["executable file not found", "no such file or directory: unknown", "stat /", "exec: \"", "No command specified"],
            Not = ["permission denied", "to rootfs", "exec format error", "is a directory", "mount callback failed",
                .. AppSigns.GpuRuntime, OwnRuntime],
            // The kernel's answer for a script whose interpreter is missing, or ends in a carriage return.
            LogOnly = ["exec user process caused: no such file or directory", "exec user process caused \"no such file or directory\""],
            LogAnswer = "no such file or directory",
        },
        new("command-missing", "The interpreter that a script of it names in its first line is not in the image",
            "Correct the script's first line, or add the interpreter to the image; a line that ends in a carriage return names none")
        {
            LogOnly = ["bad interpreter: No such file or directory"],
        },
        new(NotExecutable, "The command that it should start is not executable", "Make it executable in the image (chmod +x)")
        {
            Any = ["permission denied"], With = "exec", Not = ["to rootfs", .. AppSigns.GpuRuntime, OwnRuntime],
            LogOnly = ["exec user process caused: permission denied", "exec user process caused \"permission denied\""],
            LogAnswer = "permission denied",
        },
        new("container-start", "Its container could not be started", "Look at the reason")
        {
            Errors = ["CannotStartContainerError", "CannotStartContainer"], IsGeneral = true,
        },
        new("container-create", "Its container could not be made", "Look at the reason: mounts, volumes and names")
        {
            Errors = ["CannotCreateContainerError", "CannotCreateContainer", "CannotCreateVolumeError", "CannotCreateVolume",
                "CannotInspectContainerError", "CgroupError"],
            IsGeneral = true,
        },
        new("docker-timeout", "The container engine of its host did not answer in time",
            "Let it be tried again; a larger or faster disk helps", "env.retries=2")
        {
            Any = ["Could not transition to created", "Could not transition to started", "Could not transition to running",
                "Could not transition to stopped", "Could not transition to inspecting", "DockerTimeoutError",
                    "ContainerRuntimeTimeoutError"],
        },
        new("array-child-failed", "A child of the array failed", "See which, and why", "refrag jobs --status FAILED")
        {
            Any = ["Array Child Job failed"],
        },
        new("node-failed", "A node of it failed", "See the log of that node", "refrag logs ID --node 0") { Any = ["node failed",
            "Main node"] },
        new("refrag-killed", "The refrag that ran it (env=local) was killed, and a local job ends with it",
            "Run it again; a job that is to outlive its terminal runs on `refrag serve` or on AWS Batch", "refrag run …")
        {
            Any = ["The refrag that ran it was killed"],
        },
        new("ended-by-hand", "It was ended on request", "Submit it again if that was not meant", "refrag retry ID")
        {
            Any = ["Terminated by", "Cancelled by", "Canceled by user", "user request", "refrag cancel", "refrag terminate", "TerminateJob",
                "CancelJob", "initiated job termination"],
        },
        .. AppSigns.All,
    ];

    private static bool IsPathless(string text) => text.TrimEnd().EndsWith(PathlessError, StringComparison.Ordinal);

    /// <summary>The rows that a text shows: the exact ones, else a general one; empty if it shows none.</summary>
    /// <param name="text">Words of AWS, or a line of the log.</param>
    /// <param name="inLog">Whether it is a line of the log.</param>
    /// <param name="log">The lines of the log's end.</param>
    public static IEnumerable<EndSign> FindAll(string text, bool inLog, IReadOnlyList<string> log)
    {
        string plain = AwsWords.Plain(text);
        EndSign[] exact = [.. All.Where(s => !s.IsGeneral && s.Shows(plain, inLog, log))];
        return exact.Length > 0 ? exact : All.Where(s => s.IsGeneral && s.Shows(plain, inLog, log)).Take(1);
    }
}

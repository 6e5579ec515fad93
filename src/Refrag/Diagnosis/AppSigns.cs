namespace Refrag.Diagnosis;

/// <summary>
/// The rows of <see cref="EndSigns"/> for what a program met while it ran: memory, GPUs, credentials, permissions and the network. Most are
/// words of a log.
/// </summary>
internal static class AppSigns
{
    // Python makes its semaphores in shared memory, and its trace names the call in a line of its own.
    internal const string Semaphore = "_multiprocessing.SemLock";

    // (TensorFlow, bfc_allocator.cc)
    private const string TensorFlowAllocator = "bfc) ran out of memory trying to allocate";
    // Memory of the host that a GPU reads: TensorFlow's gpu_host_bfc and XLA's xla_gpu_host_bfc.
    private const string HostAllocator = "host_bfc)";
    private const string NoFailure = "not a failure";
    private const string MemoryCure = "Ask for more";

    // What gives a container its GPUs: a command of the job does not begin with it.
    internal static readonly string[] GpuRuntime = ["nvidia-container-cli", "nvidia-container-runtime"];

    // The file system of shared memory, and the files that PyTorch and NCCL have there.
    internal static readonly string[] SharedMemory = ["/dev/shm", "</torch_", "shared memory", "shm_open"];

    /// <summary>Every row of them.</summary>
    public static IReadOnlyList<EndSign> All { get; } =
    [
        new("gpu-driver", "The host's GPU cannot be used: the driver is missing, too old or broken",
            "Use the GPU machine image (ECS_AL2023_NVIDIA) and an image of a CUDA version that the driver has", "refrag envs")
        {
            Any = [.. GpuRuntime, "could not select device driver", "nvml error",
                "CUDA driver version is insufficient",
                "Failed to initialize NVML", "no CUDA-capable device", "NVIDIA-SMI has failed",
                "NVIDIA driver on your system is too old", "No CUDA GPUs are available", "forward compatibility was attempted"],
            InLog = true,
        },
        new("app-failed", "Its program was not built for this kind of GPU: it has no code for its architecture",
            "Use a build of it for that GPU, or instance types with the GPUs that it was built for", "refrag fit")
        {
            Any = ["no kernel image is available"], InLog = true,
        },
        new("shared-memory", "Its workers ran out of shared memory: a container has 64 MiB unless the definition gives it more",
            "Give it more, or use fewer workers", "env.shared_memory=8GiB")
        {
            Any = ["insufficient shared memory", "out of shared memory", "Bus error", "SIGBUS", "creating shared memory segment"],
            InLog = true,
        },
        new("shared-memory", "Its shared memory is full: a container has 64 MiB unless the definition gives it more",
            "Give it more, or use fewer workers", "env.shared_memory=8GiB")
        {
            Any = SharedMemory, With = "no space left on device", InLog = true,
        },
        new("shared-memory", "A semaphore of its processes found shared memory full: a container has 64 MiB unless the definition gives it "
            + "more", "Give it more, or use fewer workers", "env.shared_memory=8GiB")
        {
            Any = ["no space left on device"], Beside = Semaphore, InLog = true,
        },
        // PyTorch does not see why; in containers it is mostly shared memory.
        new("shared-memory", "A worker that loads data was gone all at once: in containers mostly for want of shared memory",
            "Give it more, or use fewer workers", "env.shared_memory=8GiB")
        {
            Any = ["exited unexpectedly"], With = "DataLoader worker", InLog = true, Near = "out-of-memory",
        },
        new("gpu-out-of-memory", "It used more GPU memory than a GPU has", "Use smaller batches, or a type with larger GPUs", "refrag fit")
        {
            Any = ["CUDA out of memory", "CUDA error: out of memory", "cuda runtime error (2)", "CUDA_ERROR_OUT_OF_MEMORY",
                "cudaErrorMemoryAllocation", "cudaMalloc failed: out of memory", "cupy.cuda.memory.OutOfMemoryError",
                "RESOURCE_EXHAUSTED: Out of memory", "RESOURCE_EXHAUSTED: Failed to allocate request for",
                "Resource exhausted: Out of memory", "CUBLAS_STATUS_ALLOC_FAILED", "CUDNN_STATUS_ALLOC_FAILED",
                "torch.cuda.OutOfMemoryError",
                "torch.OutOfMemoryError"], InLog = true,
        },
        // XLA, where it names no status, and no device.
        new("gpu-out-of-memory", "It used more GPU memory than a GPU has", "Use smaller batches, or a type with larger GPUs", "refrag fit")
        {
            LogOnly = ["Out of memory while trying to allocate"], NeedsGpu = true,
        },
        // What a shell says of a program of it; the shell's own exit code may be another.
        new("crash", "A program of it crashed (SIGILL): mostly it was built for a newer processor than its host has",
            "Build it for the oldest type of the environment, or leave older types out")
        {
            LogOnly = ["Illegal instruction"],
        },
        new("crash", "A program of it crashed (SIGSEGV)", "Look at its log, and run it on this machine", "refrag logs ID")
        {
            LogOnly = ["Segmentation fault"],
        },
        new("java-heap", "Its Java heap is full: the heap has a limit of its own, below what the job asks for",
            "Raise -Xmx or -XX:MaxRAMPercentage; more memory alone may not help")
        {
            Any = ["java.lang.OutOfMemoryError"], InLog = true,
        },
        new("gpu-out-of-memory", "It used more GPU memory than a GPU has", "Use smaller batches, or a type with larger GPUs", "refrag fit")
        {
            Any = [TensorFlowAllocator], InLog = true, Not = [NoFailure, HostAllocator],
        },
        new("out-of-memory", "TensorFlow or XLA had no more of the host's memory that GPUs read: it is the job's, not a GPU's",
            "Ask for more, or raise the program's limit on pinned host memory", "env.memory=MORE")
        {
            Any = [TensorFlowAllocator], InLog = true, With = HostAllocator, Not = [NoFailure],
        },
        new("gpu-out-of-memory", "TensorFlow had no more room on a GPU, and says that this need not be a failure",
            "Use smaller batches, or a type with larger GPUs", "refrag fit")
        {
            Any = [TensorFlowAllocator], InLog = true, With = NoFailure, Not = [HostAllocator], IsHint = true,
        },
        // A tensor that finds no room on a processor is no matter of a GPU.
        new("gpu-out-of-memory", "It used more GPU memory than a GPU has", "Use smaller batches, or a type with larger GPUs", "refrag fit")
        {
            Any = ["OOM when allocating tensor"], With = "GPU", InLog = true,
        },
        new("java-heap", "Java cannot get the heap that -Xmx names: it is larger than what the job may use",
            "Lower -Xmx below the job's memory, or ask for more") { LogOnly = ["Could not reserve enough space for"] },
        new("out-of-memory", "It needed more memory than it asked for", MemoryCure, "env.memory=MORE")
        {
            Any = ["OutOfMemoryError", "OutOfMemory", "OOMKilled", "killed due to memory", "Cannot allocate memory", "std::bad_alloc"],
            Not = ["CUDA", "torch.cuda.OutOfMemoryError", "torch.OutOfMemoryError", "java.lang.OutOfMemoryError",
                "peak memory allocation of"],
            InLog = true, LogOnly = ["Killed", "oom-kill", "Out of memory: Killed process", "MemoryError", "ArrayMemoryError",
                // R, Go, Rust and STAR.
                "cannot allocate vector of size", "runtime: out of memory", "memory allocation of", "FATAL ERROR: not enough memory for",
                // Java, of memory beside its heap.
                "insufficient memory for the Java Runtime Environment to continue",
                "Native memory allocation (malloc) failed to allocate", "Native memory allocation (mmap) failed to map"],
        },
        // What YARN allows a container is a share that Spark asks for: more memory of the job alone leaves it as it is.
        new("out-of-memory", "YARN ended a container of Spark that used more memory than Spark had asked for",
            "Raise spark.executor.memoryOverhead (older: spark.yarn.executor.memoryOverhead), and what the job asks for if it is full")
        {
            LogOnly = ["killed by YARN for exceeding memory limits", "killed by YARN for exceeding physical memory limits",
                "killed by YARN for exceeding virtual memory limits"],
        },
        // Node's own limit follows the memory that it finds.
        new("out-of-memory", "Node's heap is full: its limit follows the memory of the container", MemoryCure, "env.memory=MORE")
        {
            LogOnly = ["JavaScript heap out of memory"],
        },
        // What a parent says of a child that the kernel killed.
        new("out-of-memory", "A process of it was killed (SIGKILL): mostly it used more memory than the job asked for", MemoryCure,
            "env.memory=MORE")
        {
            LogOnly = ["(SIGKILL)", "Signals.SIGKILL", "was sent SIGKILL", "killed by SIGKILL", "9, SIGKILL", "by signal 9",
                "return code 137", "return code: 137", "exit code 137", "exit code: 137", "exit status 137",
                "exit status: 137", "exit status (137)", "code -9", "status -9"],
            Not = ["send SIGKILL", "sending SIGKILL", "send signal 9", "sending signal 9"],
        },
        new("job-permission", "Its app is refused by AWS: its job role lacks a permission, or it has none",
            "Give the job role the permission that the log names; without a job role name one", "env.job_role_arn=ARN")
        {
            LogOnly = ["is not authorized to perform", "(AccessDenied) when calling the", "(AccessDeniedException) when calling the",
                "(403) when calling the", "(UnauthorizedOperation) when calling the",
                // Older command lines, the SDKs of other languages, and S3's own answer.
                "(403) occurred when calling the", "(AccessDenied) occurred when calling the", "Access Denied (Service:",
                "Error Code: AccessDenied", "AccessDenied: Access Denied", "<Code>AccessDenied</Code>", "MetaflowS3AccessDenied",
                "AccessDeniedException: User:", "AccessDenied: User:",
                // The SDKs for Go, IAM's and EC2's own words.
                "AccessDenied: Access denied", "api error AccessDenied", "api error AccessDeniedException",
                "UnauthorizedOperation: You are not authorized to perform this operation", "Error Code: UnauthorizedOperation",
                "You are not authorized to perform this operation. (Service: Ec2"],
        },
        // A URL that a job role signed ends in the same words as credentials that were handed over: which of them it is, is not known.
        new("credentials-expired", "AWS credentials that its app uses have expired",
            "Name a job role in place of credentials that are handed over", "env.job_role_arn=ARN")
        {
            LogOnly = ["(ExpiredToken) when calling the", "(ExpiredTokenException) when calling the", "The provided token has expired",
                "security token included in the request is expired"],
        },
        // What listens on this machine alone is a matter of the app.
        new("app-network", "Its app cannot reach an address: there is no such name, no route to it, or nothing that answers there",
            "See that the name is right, that the security groups let it through, and that the subnets have a route: NAT, public "
                + "addresses, or VPC endpoints", "refrag doctor")
        {
            LogOnly = ["Could not resolve host", "Temporary failure in name resolution", "Name or service not known",
                "Network is unreachable", "No route to host", "Could not connect to the endpoint URL", "getaddrinfo ENOTFOUND",
                "getaddrinfo EAI_AGAIN", "java.net.UnknownHostException", "Connect timeout on endpoint URL",
                "connect ETIMEDOUT", "connect EHOSTUNREACH", "connect ECONNREFUSED", "[Errno 110] Connection timed out",
                "[Errno 111] Connection refused", "could not connect to server: Connection timed out",
                "could not connect to server: Connection refused", "failed: Connection timed out", "failed: Connection refused",
                // PostgreSQL's and NCCL's words, and Java's.
                "Call to connect returned Connection refused", "java.net.ConnectException: Connection timed out",
                "java.net.ConnectException: Connection refused", "java.net.SocketTimeoutException: connect timed out",
                // PyTorch's store, where the nodes of a job meet, and NCCL again.
                "The client socket has timed out after", "The client socket has failed to connect to any network address of",
                "returned Connection timed out",
                "The connection to the C10d store has failed", "failed : Connection timed out", "failed : Connection refused"],
            Not = ["127.0.0.1", "localhost"],
        },
        // EFA drops what a security group does not let through. (EC2 User Guide, EFA: an EFA-enabled security group)
        new("app-network", "A transfer between its nodes failed over EFA: a security group stops it, or the other node has ended",
            "Let the security group of the instances take all traffic from itself and send all traffic to itself; else see the other nodes",
            "refrag doctor")
        {
            Any = ["completed with error"], With = "NET/OFI", InLog = true,
        },
        new("no-credentials", "Its app found no AWS credentials: the job has no role, or the app does not reach ECS's address for them",
            "Name a job role; if it has one, see that the container reaches 169.254.170.2 and that nothing hides its variables",
            "env.job_role_arn=ARN")
        {
            LogOnly = ["Unable to locate credentials", "NoCredentialsError", "NoCredentialProviders",
                "Unable to load AWS credentials from any provider", "Unable to load credentials from any of the providers",
                "Could not load credentials from any providers",
                // The SDKs for JavaScript, Rust, Go, .NET, Ruby and PHP, and older ones.
                "Missing credentials in config", "find AWS credentials in environment", "no providers in chain provided credentials",
                "no EC2 IMDS role found", "Unable to get IAM security credentials from EC2 Instance Metadata Service",
                "Aws::Errors::MissingCredentialsError", "Error retrieving credentials from the instance profile metadata",
                "NoAuthHandlerFound"],
        },
    ];
}

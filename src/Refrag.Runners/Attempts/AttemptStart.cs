using Refrag.Aws.Batch;

namespace Refrag.Runners.Attempts;

/// <summary>What a runner needs to start one attempt.</summary>
internal sealed record AttemptStart
{
    /// <summary>
    /// The program and its arguments; no shell takes it apart. A process needs at least one element; a container may do without: its
    /// image's own command then runs.
    /// </summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>
    /// The whole environment: nothing is inherited beside it, but what an image brings. A runner whose <see cref="RunnerReport.Kind"/> is
    /// not
    /// <see cref="RunnerKind.Process"/> is given the job's and Batch's variables only, never this machine's.
    /// </summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>The directory the program starts in. Containers keep their image's.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>
    /// Under what name the attempt can be found again; null if it need not be found, and then it ends with the engine.
    /// </summary>
    public AttemptIdentity? Identity { get; init; }

    /// <summary>
    /// The task that it is one of several containers of: they share its volumes. Null if it is the only one. Processes do not look at
    /// it.
    /// </summary>
    public AttemptIdentity? Task { get; init; }

    /// <summary>What it may use; null for no limit.</summary>
    public AttemptLimits? Limits { get; init; }

    /// <summary>
    /// The ids of the GPUs that are this attempt's alone, as CUDA_VISIBLE_DEVICES names them. For processes the environment says it
    /// already.
    /// </summary>
    public IReadOnlyList<string> Gpus { get; init; } = [];

    /// <summary>
    /// What a container is made of beside command, environment and limits: image, mounts, user and so on, after overrides. Of processes,
    /// only the ulimits count.
    /// </summary>
    public ContainerProperties? Container { get; init; }

    /// <summary>
    /// Why it cannot be started, in AWS's words, as where a secret is missing; null if nothing is known to be in the way.
    /// </summary>
    public string? Obstacle { get; init; }

    /// <summary>Gets how far the fetching of an image is, in the container engine's words; null if no caller wants to know.</summary>
    public Action<string>? Progress { get; init; }

    /// <summary>Gets why the start has to wait, while it does; null if no caller wants to know.</summary>
    public Action<string>? Delayed { get; init; }

    /// <summary>Is cancelled when the attempt is to be stopped: a start that waits then gives up.</summary>
    public CancellationToken Stopping { get; init; }

    /// <summary>The job's parameters; only the simulated runner looks at them.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();
}

/// <summary>What an attempt may use.</summary>
/// <param name="VCpus">Its share of the processors: more where others leave it idle, as on Amazon ECS with EC2.</param>
/// <param name="Memory">The most memory that it gets before it is killed.</param>
internal sealed record AttemptLimits(VCpus VCpus, MebiBytes Memory);

/// <summary>How an attempt ended.</summary>
/// <param name="ExitCode">The program's exit code, 128 + n where signal n ended it; null if it cannot be known.</param>
/// <param name="Reason">What the exit code does not say, in AWS's words where AWS has some; null if there is nothing to add.</param>
/// <param name="Started">Whether the program ran at all.</param>
internal sealed record AttemptExit(int? ExitCode, string? Reason = null, bool Started = true)
{
    /// <summary>What Batch says where the kernel ended a program for want of memory.</summary>
    public const string OutOfMemory = "OutOfMemoryError: Container killed due to memory usage";
}

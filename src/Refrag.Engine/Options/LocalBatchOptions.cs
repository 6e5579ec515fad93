using System.Collections;
using Refrag.Aws;
using Refrag.Aws.Events;
using Refrag.Engine.Names;

namespace Refrag.Engine.Options;

/// <summary>How the embedded engine is set up.</summary>
public sealed record LocalBatchOptions
{
    /// <summary>The account of an engine that is given none; it does not exist.</summary>
    public const string UsualAccount = LocalArns.UsualAccount;

    /// <summary>
    /// The folder that the state is kept in; made if there is none, for its owner alone. One engine has it at a time. Default: null,
    /// which keeps everything in memory.
    /// </summary>
    public string? StateDirectory { get; init; }

    /// <summary>
    /// The account that ARNs name: 12 digits. A state folder belongs to the account that it was made for. Default:
    /// <see cref="UsualAccount"/>.
    /// </summary>
    public string Account { get; init; } = UsualAccount;

    /// <summary>The region that ARNs and jobs' variables name. Default: <c>us-east-1</c>.</summary>
    public string Region { get; init; } = AwsRegions.Usual;

    /// <summary>
    /// A folder that a copy of the state and of the logs is written to, for readers of other processes (<c>LocalBatch.OpenEnded</c>). The
    /// engine itself works in memory, as without it, and its jobs end with this process; a disk that fails costs the copy and never the
    /// jobs. Used only if <see cref="StateDirectory"/> is null. Default: null, which writes no copy.
    /// </summary>
    public string? MirrorDirectory { get; init; }

    /// <summary>
    /// Called once if the copy in <see cref="MirrorDirectory"/> cannot be written any more, on any thread. Default: none.
    /// </summary>
    public Action<Problem>? MirrorFailed { get; init; }

    /// <summary>
    /// How long a job queue, a compute environment and other resources stay CREATING, UPDATING or DELETING. While a queue or environment
    /// does, updates of it are refused, as on AWS. Default: zero, for no time and no refusals.
    /// </summary>
    public TimeSpan ChangeLatency { get; init; }

    /// <summary>
    /// How long a new job is in no list of its queue's or a consumable resource's jobs, as on AWS, whose lists are eventually consistent.
    /// DescribeJobs has it at once, and so have the lists of an array's children and a job's nodes. Default: zero.
    /// </summary>
    public TimeSpan ListDelay { get; init; }

    /// <summary>How long jobs that have ended can be described and listed. Default: 7 days, the least that AWS promises.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>
    /// The queues, each with a compute environment of its own. Default: the two that the project's infrastructure has. A state folder that
    /// is not new keeps the queues that it has; these are then ignored.
    /// </summary>
    public IReadOnlyList<LocalQueue> Queues { get; init; } =
    [
        new("refrag-cpu-job-queue", "refrag-cpu-compute-env"),
        new("refrag-gpu-job-queue", "refrag-gpu-compute-env"),
    ];

    /// <summary>
    /// The job definitions that are there from the start, with their requirements. Default: the two that the project's infrastructure has.
    /// They have no command; a submission brings it. As with the queues, a state folder that is not new keeps its own.
    /// </summary>
    public IReadOnlyList<LocalDefinition> Definitions { get; init; } =
    [
        new("refrag-cpu-job-def", new VCpus(4), new MebiBytes(8192), new Gpus(0)),
        new("refrag-gpu-job-def", new VCpus(8), new MebiBytes(32768), new Gpus(1)),
    ];

    /// <summary>
    /// Where each attempt that is a process gets a folder of its own to start in, named after its task's id and kept as long as its log;
    /// needs a <see cref="StateDirectory"/>, for only its logs are removed. Default: null, and all start in
    /// <see cref="WorkingDirectory"/>.
    /// </summary>
    public string? WorkFolder { get; init; }

    /// <summary>The directory that jobs start in. Default: where this process stands.</summary>
    public string WorkingDirectory { get; init; } = Environment.CurrentDirectory;

    /// <summary>
    /// The variables that jobs inherit beneath their own. Default: those of this process. Names that begin with AWS_BATCH are left out.
    /// </summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = OwnVariables();

    /// <summary>
    /// The names of <see cref="Variables"/> that jobs get beneath their own, in containers too; processes get PATH, HOME and the locale
    /// besides. Default: null, and processes get all of them, containers none.
    /// </summary>
    public IReadOnlyList<string>? PassedVariables { get; init; }

    /// <summary>
    /// The values of secrets and parameters, by the ARN or the name with which definitions name them. A job that names another fails as on
    /// AWS. Default: null; jobs with secrets are then refused, or fail in containers.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Secrets { get; init; }

    /// <summary>
    /// Where the answers of <c>LocalBatch.TaskMetadataAsync</c> are served over HTTP, for <c>ECS_CONTAINER_METADATA_URI_V4</c>; asked for
    /// when an attempt starts, on any thread. Default: null, and jobs have no such variable.
    /// </summary>
    public Func<Uri?> MetadataAddress { get; init; } = static () => null;

    /// <summary>
    /// What stands before each command, as an image's entry point does; the first word is the program. Default: nothing, the command is the
    /// program.
    /// </summary>
    public IReadOnlyList<string> EntryPoint { get; init; } = [];

    /// <summary>How many vCPUs jobs may have together. Default: the machine's (or the container's) processors.</summary>
    public VCpus VCpus { get; init; } = new(Environment.ProcessorCount);

    /// <summary>How much memory jobs may have together. Default: the machine's (or the container's) memory.</summary>
    public MebiBytes Memory { get; init; } = new(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1_048_576);

    /// <summary>
    /// The GPUs that jobs may have, as CUDA_VISIBLE_DEVICES names them. Default: null, which looks at CUDA_VISIBLE_DEVICES and
    /// NVIDIA_VISIBLE_DEVICES and then asks <c>nvidia-smi</c>, once, when the first job asks for a GPU; with the simulated runner, 64 that
    /// there are not.
    /// </summary>
    public IReadOnlyList<string>? GpuIds { get; init; }

    /// <summary>
    /// How much of each log stream is kept for readers, in bytes of memory. Default 16 MiB. Readers that fall further behind miss lines.
    /// </summary>
    public long LogBytesPerStream { get; init; } = 16 * 1_048_576;

    /// <summary>Hears of every change of a job's status, and of blocked queues. Default: null.</summary>
    public IEventSink? Events { get; init; }

    /// <summary>Gets a line, or several with a trace, about each fault of the engine's own, on any thread. Default: none.</summary>
    public Action<string> Log { get; init; } = static _ => { };

    /// <summary>
    /// First words of commands that stand for something else on this machine, as <c>exec</c> does for refrag's own image, whose entry point
    /// is refrag. Default: none. <see cref="EntryPoint"/> stands before what comes out. Where jobs run in containers these are not looked
    /// at.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Programs { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>
    /// How MANAGED compute environments are rehearsed. Default: null, and their jobs run on this machine as those of UNMANAGED ones do.
    /// </summary>
    public FleetOptions? Fleets { get; init; }

    private static Dictionary<string, string> OwnVariables() => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .ToDictionary(pair => (string)pair.Key, pair => (string?)pair.Value ?? "");
}

/// <summary>A job queue of the embedded engine.</summary>
/// <param name="Name">The queue's name.</param>
/// <param name="ComputeEnvironment">The name of the compute environment that it feeds.</param>
/// <param name="Fleet">The environment's fleet, which makes it MANAGED; null for an UNMANAGED environment, which is this machine.</param>
public sealed record LocalQueue(string Name, string ComputeEnvironment, LocalFleet? Fleet = null);

/// <summary>The fleet of a MANAGED compute environment.</summary>
/// <param name="InstanceTypes">Its instance types.</param>
/// <param name="MaxVCpus">The most vCPUs; at least 1.</param>
/// <param name="IsSpot">Whether its instances are Spot instances (<c>SPOT_PRICE_CAPACITY_OPTIMIZED</c>); else they are on demand
/// (<c>BEST_FIT_PROGRESSIVE</c>).</param>
public sealed record LocalFleet(IReadOnlyList<string> InstanceTypes, int MaxVCpus, bool IsSpot = false);

/// <summary>A job definition that is there from the start.</summary>
/// <param name="Name">The definition's name; its revision is 1.</param>
/// <param name="VCpus">The vCPUs that a job gets where it does not say.</param>
/// <param name="Memory">The memory that a job gets where it does not say.</param>
/// <param name="Gpus">The GPUs that a job gets where it does not say.</param>
public sealed record LocalDefinition(string Name, VCpus VCpus, MebiBytes Memory, Gpus Gpus);

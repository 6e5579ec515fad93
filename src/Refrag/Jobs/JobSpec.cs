using Refrag.CodeArchives;
using Refrag.Results;

namespace Refrag.Jobs;

/// <summary>
/// What the user asked to run, read from a composed configuration and checked as far as that is possible without asking AWS. Immutable;
/// <c>JobSpecReader</c> makes it.
/// </summary>
public sealed record JobSpec
{
    /// <summary>What runs: a class linked into refrag, or a command.</summary>
    public required AppSpec App { get; init; }

    /// <summary>Where it runs.</summary>
    public required EnvironmentKind Kind { get; init; }

    /// <summary>The job's name: at most 128 letters, digits, hyphens and underscores, the first a letter or a digit.</summary>
    public required string Name { get; init; }

    /// <summary>The queues to choose from, and a choice made by hand.</summary>
    public required NameChoice Queues { get; init; }

    /// <summary>The job definitions to choose from, and a choice made by hand.</summary>
    public required NameChoice Definitions { get; init; }

    /// <summary>What one job, array child or node needs.</summary>
    public required Requirements Requirements { get; init; }

    /// <summary>How many hosts work together; 1 for a job of one container.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>How many children an array job has, 2 to 10,000; null for a job that is no array.</summary>
    public int? ArraySize { get; init; }

    /// <summary>Further attempts after faults that are not the app's own, 0 to 9.</summary>
    public int Retries { get; init; }

    /// <summary>The longest that one attempt may take; at least 60 seconds, null for no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The share of a fair-share queue; null on a FIFO queue.</summary>
    public string? ShareIdentifier { get; init; }

    /// <summary>The priority within the share, 0 to 9999; null for the definition's.</summary>
    public int? Priority { get; init; }

    /// <summary>Ids of jobs that must succeed first.</summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];

    /// <summary>Variables for the container, in the order of the configuration.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>Tags beside refrag's own.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What only a job definition can say.</summary>
    public DefinitionChanges Changes { get; init; } = new();

    /// <summary>How the command starts in the container.</summary>
    public EntryPoint EntryPoint { get; init; }

    /// <summary>Whether that follows from the image's name, because the configuration does not say it.</summary>
    public bool IsEntryPointAssumed { get; init; }

    /// <summary>The code that the job brings; null if it brings none.</summary>
    public CodeSource? Code { get; init; }

    /// <summary>Where the job finds that code; null until it is archived, and if there is none.</summary>
    public CodeReference? CodeReference { get; init; }

    /// <summary>Where its results are stored while it runs; null if they stay where the job writes them.</summary>
    public ResultsChoice? Results { get; init; }

    /// <summary>Which capacity it is for: Spot or on demand, and how urgent it is.</summary>
    public CapacityChoice Capacity { get; init; } = new();

    /// <summary>The regions that it may run in; null if it is for the one of <see cref="Connection"/> alone.</summary>
    public RegionsChoice? Regions { get; init; }

    /// <summary>What it has on a Slurm cluster; null elsewhere.</summary>
    public SlurmChoice? Slurm { get; init; }

    /// <summary>How AWS is reached.</summary>
    public ConnectionSpec Connection { get; init; } = new();

    /// <summary>Where the values of the environment stand in the user's words, so that a later problem can point at them.</summary>
    public SpecPlaces Places { get; init; } = SpecPlaces.None;
}

/// <summary>Where a job runs.</summary>
public enum EnvironmentKind
{
    /// <summary>On this machine, through the Batch engine that is built in.</summary>
    Local,

    /// <summary>On AWS Batch, or on any endpoint that speaks its API.</summary>
    AwsBatch,

    /// <summary>On a Slurm cluster, through its command-line tools.</summary>
    Slurm,
}

/// <summary>How a command starts in the container.</summary>
public enum EntryPoint
{
    /// <summary>The image's entry point is refrag.</summary>
    Refrag,

    /// <summary>Any image that has <c>/bin/sh</c>.</summary>
    Shell,
}

/// <summary>One name for CPU work, one for GPU work, one for jobs of several nodes, and one that wins over all.</summary>
/// <param name="Cpu">Chosen where no GPU is asked for.</param>
/// <param name="Gpu">Chosen where at least one GPU is asked for.</param>
/// <param name="Manual">Chosen by hand; null to choose by nodes and GPUs.</param>
/// <param name="Distributed">Chosen for jobs of several nodes; null to choose by GPUs for them too.</param>
public sealed record NameChoice(string Cpu, string Gpu, string? Manual, string? Distributed = null);

/// <summary>What one container needs. Null means: what the job definition says.</summary>
/// <param name="Gpus">Whole GPUs; 0 for CPU work.</param>
/// <param name="VCpus">Whole vCPUs.</param>
/// <param name="Memory">Memory in MiB.</param>
public sealed record Requirements(Gpus Gpus, VCpus? VCpus, MebiBytes? Memory);

/// <summary>What SubmitJob cannot override and a derived definition must say. Null: as in the chosen definition.</summary>
/// <param name="Image">The container image.</param>
/// <param name="JobRoleArn">The role that the app itself has.</param>
/// <param name="ExecutionRoleArn">The role that pulls the image and writes the log.</param>
/// <param name="LogGroup">The CloudWatch Logs group.</param>
/// <param name="AllowsShell">Whether ECS Exec is switched on.</param>
/// <param name="Container">What the container gets beside: memory that is shared, volumes, secrets and so on.</param>
public sealed record DefinitionChanges(
    string? Image = null,
    string? JobRoleArn = null,
    string? ExecutionRoleArn = null,
    string? LogGroup = null,
    bool AllowsShell = false,
    ContainerChanges? Container = null)
{
    /// <summary>Whether there is nothing to change.</summary>
    public bool IsEmpty => this == new DefinitionChanges();
}

/// <summary>How AWS is reached. Null: what the AWS environment variables and the profile say.</summary>
/// <param name="Region">The region, such as <c>us-east-1</c>.</param>
/// <param name="Profile">The profile in AWS's configuration files.</param>
/// <param name="EndpointUrl">Another endpoint than AWS's.</param>
/// <param name="Slurm">The Slurm cluster that answers in AWS's place; null for none.</param>
public sealed record ConnectionSpec(
    string? Region = null, string? Profile = null, Uri? EndpointUrl = null, SlurmConnection? Slurm = null);

/// <summary>How a Slurm cluster is reached.</summary>
/// <param name="Host">The login node, as <c>ssh</c> takes it; null if Slurm's tools are on this machine.</param>
/// <param name="Folder">The folder for jobs that login node and nodes share; an absolute path.</param>
public sealed record SlurmConnection(string? Host, string Folder);

/// <summary>What a job of <c>env=slurm</c> has beside.</summary>
/// <param name="Program">The refrag of the nodes, for class apps.</param>
/// <param name="Parameters">Options of sbatch by their long names, among them <c>chdir</c>, the working directory.</param>
public sealed record SlurmChoice(string Program, IReadOnlyDictionary<string, string> Parameters);

/// <summary>What runs.</summary>
/// <param name="Name">The app's name, as in <c>app=train</c>.</param>
public abstract record AppSpec(string Name);

/// <summary>An app that is a class linked into refrag.</summary>
/// <param name="Name">The app's name, as in <c>app=train</c>.</param>
/// <param name="Class">The name under which the class is registered.</param>
/// <param name="Configuration">The app's own configuration, as JSON.</param>
public sealed record ClassApp(string Name, string Class, string Configuration) : AppSpec(Name);

/// <summary>An app that is a command.</summary>
/// <param name="Name">The app's name, as in <c>app=train</c>.</param>
/// <param name="Command">The program and its arguments; never empty.</param>
public sealed record CommandApp(string Name, IReadOnlyList<string> Command) : AppSpec(Name);

/// <summary>Where keys of the configuration stand.</summary>
public abstract class SpecPlaces
{
    /// <summary>Knows no place.</summary>
    public static SpecPlaces None { get; } = new NoPlaces();

    /// <summary>Where the value of <paramref name="key"/>, such as <c>env.gpus</c>, was written; null if that is not known.</summary>
    public abstract Place? Of(string key);

    private sealed class NoPlaces : SpecPlaces
    {
        public override Place? Of(string key) => null;
    }
}

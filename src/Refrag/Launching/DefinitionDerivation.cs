using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Refrag.Aws.Batch;
using Refrag.Jobs;
using Refrag.Submission;
using Refrag.Targeting;

namespace Refrag.Launching;

/// <summary>
/// A definition made from the chosen one, because SubmitJob cannot override an image, a role, a log group, volumes and much else, or the
/// number of nodes.
/// </summary>
/// <param name="Base">The chosen definition: a name, with <c>:revision</c> where the user gave one.</param>
/// <param name="Name">
/// The derived definition's name. It follows from the base and the changes alone, so that the same changes find the same definition.
/// </param>
/// <param name="Changes">What is changed.</param>
/// <param name="Nodes">The number of nodes; 1 for a definition of one container.</param>
public sealed record DefinitionDerivation(string Base, string Name, DefinitionChanges Changes, int Nodes)
{
    /// <summary>The tag of a derived definition that names the definition it was made from.</summary>
    public const string BaseTag = "refrag:derived-from";

    private const int HashLength = 10;

    internal static DefinitionDerivation? For(JobSpec spec, Target target) =>
        // On a cluster the submission itself says how many nodes it wants.
        (spec.Nodes == 1 && spec.Changes.IsEmpty) || spec.Kind == EnvironmentKind.Slurm
            ? null
            : new DefinitionDerivation(target.Definition, DerivedName(target.Definition, spec), spec.Changes, spec.Nodes);

    /// <summary>
    /// Whether the chosen definition says all of this already, as where a synced environment names the image that is deployed.
    /// </summary>
    internal bool IsAlready(JobDefinition chosen) =>
        Nodes == 1 && chosen.ContainerProperties is { } container
        && ContentHash.Of(Registration(chosen, ChangedContainer(chosen), Capabilities(chosen)))
            == ContentHash.Of(Registration(chosen, container, chosen.PlatformCapabilities));

    /// <summary>The registration, given the chosen definition's active revision.</summary>
    public RegisterJobDefinitionRequest Derive(JobDefinition chosen) =>
        Registration(chosen, ChangedContainer(chosen), Capabilities(chosen)) with { Tags = Tags(chosen) };

    /// <summary>The chosen definition's container with the changes made; null if it has none.</summary>
    internal ContainerProperties? ChangedContainer(JobDefinition chosen) =>
        chosen.ContainerProperties is { } properties ? Changed(properties, Changes, IsFargate(chosen)) : null;

    /// <summary>Whether it is for Fargate.</summary>
    internal bool IsFargate(JobDefinition chosen) =>
        Capabilities(chosen)?.Contains(PlatformCapability.Fargate, StringComparer.Ordinal) == true;

    /// <summary>What it is for. Without any, a definition is for EC2. (API RegisterJobDefinition.platformCapabilities)</summary>
    internal IReadOnlyList<string>? Capabilities(JobDefinition chosen)
    {
        if (Changes.Container?.Platform is not { } platform) return chosen.PlatformCapabilities;
        bool isUsual = platform == PlatformCapability.Ec2 && chosen.PlatformCapabilities is not { Count: > 0 };
        return isUsual ? chosen.PlatformCapabilities : [platform];
    }

    private RegisterJobDefinitionRequest Registration(
        JobDefinition chosen, ContainerProperties? container, IReadOnlyList<string>? capabilities)
    {
        bool nodes = Nodes > 1;
        return new RegisterJobDefinitionRequest
        {
            JobDefinitionName = Name,
            Type = nodes ? JobDefinitionType.Multinode : chosen.Type,
            Parameters = chosen.Parameters,
            SchedulingPriority = chosen.SchedulingPriority,
            ContainerProperties = nodes ? null : container,
            NodeProperties = nodes ? NodesOf(container) : null,
            RetryStrategy = chosen.RetryStrategy,
            PropagateTags = chosen.PropagateTags,
            Timeout = chosen.Timeout,
            PlatformCapabilities = capabilities,
        };
    }

    private NodeProperties NodesOf(ContainerProperties? container) => new()
    {
        NumNodes = Nodes,
        MainNode = 0,
        NodeRangeProperties = [new NodeRangeProperty { TargetNodes = LaunchPlanner.NodeRange(Nodes), Container = container }],
    };

    /// <summary>The container with the changes made.</summary>
    /// <param name="container">The container.</param>
    /// <param name="changes">What is changed.</param>
    /// <param name="isFargate">Whether the definition is for Fargate then.</param>
    internal static ContainerProperties Changed(ContainerProperties container, DefinitionChanges changes, bool isFargate)
    {
        ContainerProperties changed = container with
        {
            Image = changes.Image ?? container.Image,
            JobRoleArn = changes.JobRoleArn ?? container.JobRoleArn,
            ExecutionRoleArn = changes.ExecutionRoleArn ?? container.ExecutionRoleArn,
            LogConfiguration = changes.LogGroup is { } group ? WithLogGroup(container.LogConfiguration, group) : container.LogConfiguration,
            EnableExecuteCommand = changes.AllowsShell ? true : container.EnableExecuteCommand,
        };
        return changes.Container?.Over(changed, isFargate) ?? changed;
    }

    private static LogConfiguration WithLogGroup(LogConfiguration? log, string group)
    {
        // The options of another driver than awslogs mean nothing to this one.
        LogConfiguration same = log is { LogDriver: LogDriver.Awslogs } ? log : new LogConfiguration { LogDriver = LogDriver.Awslogs };
        Dictionary<string, string> options = new(same.Options ?? new Dictionary<string, string>(), StringComparer.Ordinal)
        {
            ["awslogs-group"] = group,
        };
        return same with { Options = options };
    }

    private Dictionary<string, string> Tags(JobDefinition chosen) =>
        new(CarriedTags(chosen), StringComparer.Ordinal) { [BaseTag] = Base };

    /// <summary>The tags that a new definition takes over from an old one.</summary>
    internal static Dictionary<string, string> CarriedTags(JobDefinition? old)
    {
        Dictionary<string, string> tags = new(StringComparer.Ordinal) { ["project"] = "refrag" };
        foreach ((string key, string value) in old?.Tags ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            // AWS keeps the prefix aws: for itself and refuses it from others; refrag's own describe the old one's content.
            bool reserved = key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase)
                || key.StartsWith("refrag:", StringComparison.Ordinal);
            if (!reserved) tags.TryAdd(key, value);
        }
        return tags;
    }

    private static string DerivedName(string definition, JobSpec spec)
    {
        DefinitionChanges changes = spec.Changes;
        string content = string.Join('\n', definition, changes.Image, changes.JobRoleArn, changes.ExecutionRoleArn, changes.LogGroup,
            spec.Nodes.ToString(CultureInfo.InvariantCulture));
        // Appended, so that definitions without them keep the names that they had.
        if (changes.AllowsShell) content += "\nshell";
        if (changes.Container is { } container) content = $"{content}\n{container.Content}";
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)))[..HashLength];
        string name = definition.Split('/')[^1].Split(':')[0];
        int room = BatchLimits.NameLength - HashLength - 1;
        return $"{(name.Length > room ? name[..room] : name)}-{hash}";
    }
}

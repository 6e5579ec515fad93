using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Refrag.Aws.Batch;
using Refrag.Jobs;
using Refrag.Targeting;

namespace Refrag.Launching;

/// <summary>
/// A definition made from the chosen one, because SubmitJob cannot override an image, a role, a log group or the number of nodes.
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
        spec.Nodes == 1 && spec.Changes.IsEmpty
            ? null
            : new DefinitionDerivation(target.Definition, DerivedName(target.Definition, spec), spec.Changes, spec.Nodes);

    /// <summary>
    /// Whether the chosen definition says all of this already, as where a synced environment names the image that is deployed.
    /// </summary>
    internal bool IsAlready(JobDefinition chosen) =>
        Nodes == 1 && chosen.ContainerProperties is { } container
        && Matches(container.Image, Changes.Image) && Matches(container.JobRoleArn, Changes.JobRoleArn)
        && Matches(container.ExecutionRoleArn, Changes.ExecutionRoleArn)
        && (!Changes.AllowsShell || container.EnableExecuteCommand == true)
        && (Changes.LogGroup is null
            || (container.LogConfiguration is { LogDriver: LogDriver.Awslogs, Options: { } options }
            && options.GetValueOrDefault("awslogs-group") == Changes.LogGroup));

    private static bool Matches(string? chosen, string? wanted) => wanted is null || chosen == wanted;

    /// <summary>The registration, given the chosen definition's active revision.</summary>
    public RegisterJobDefinitionRequest Derive(JobDefinition chosen)
    {
        ContainerProperties? container = chosen.ContainerProperties is { } properties ? Changed(properties, Changes) : null;
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
            Tags = Tags(chosen),
            PlatformCapabilities = chosen.PlatformCapabilities,
        };
    }

    private NodeProperties NodesOf(ContainerProperties? container) => new()
    {
        NumNodes = Nodes,
        MainNode = 0,
        NodeRangeProperties = [new NodeRangeProperty { TargetNodes = LaunchPlanner.NodeRange(Nodes), Container = container }],
    };

    /// <summary>The container with the changes made.</summary>
    internal static ContainerProperties Changed(ContainerProperties container, DefinitionChanges changes) => container with
    {
        Image = changes.Image ?? container.Image,
        JobRoleArn = changes.JobRoleArn ?? container.JobRoleArn,
        ExecutionRoleArn = changes.ExecutionRoleArn ?? container.ExecutionRoleArn,
        LogConfiguration = changes.LogGroup is { } group ? WithLogGroup(container.LogConfiguration, group) : container.LogConfiguration,
        EnableExecuteCommand = changes.AllowsShell ? true : container.EnableExecuteCommand,
    };

    private static LogConfiguration WithLogGroup(LogConfiguration? log, string group)
    {
        // The options of another driver than awslogs mean nothing to this one.
        bool same = log is { LogDriver: LogDriver.Awslogs, Options: not null };
        Dictionary<string, string> options = same ? new(log!.Options!, StringComparer.Ordinal) : new(StringComparer.Ordinal);
        options["awslogs-group"] = group;
        return new LogConfiguration { LogDriver = LogDriver.Awslogs, Options = options };
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
        // Without it a content has the name that it had before there was this change.
        if (changes.AllowsShell) content += "\nshell";
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)))[..HashLength];
        string name = definition.Split('/')[^1].Split(':')[0];
        int room = BatchLimits.NameLength - HashLength - 1;
        return $"{(name.Length > room ? name[..room] : name)}-{hash}";
    }
}

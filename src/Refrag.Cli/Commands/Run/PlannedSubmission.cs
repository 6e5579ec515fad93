using System.Text.Json;
using System.Text.Json.Serialization;
using Refrag.Cli.Connections;

namespace Refrag.Cli.Commands.Run;

/// <summary>
/// The object of <c>refrag run --dry-run</c>; of a sweep, a list of them: what would be sent for one submission. Nothing is asked of AWS,
/// but for what the regions of <c>env.regions</c> offer.
/// </summary>
internal sealed record PlannedSubmission
{
    /// <summary>The jobs of the sweep that it is, by number, such as <c>0-9,12</c>; left out if there is no sweep.</summary>
    public string? Jobs { get; init; }

    /// <summary>The queue that the job goes to.</summary>
    public required string Queue { get; init; }

    /// <summary>The job definition that it is submitted with; where one is derived, the one that it is derived from.</summary>
    public required string Definition { get; init; }

    /// <summary>Why it goes there, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>What happens once it has lost its hosts, and who does it, in words; left out if it is not to be moved.</summary>
    public string? Fallback { get; init; }

    /// <summary>The region that it goes to; left out if <c>env.regions</c> names none.</summary>
    public string? Region { get; init; }

    /// <summary>When it moves to another region, and who moves it, in words; left out if it stays.</summary>
    public string? Failover { get; init; }

    /// <summary>What the regions offer, the best first; left out if <c>env.regions</c> names none.</summary>
    public IReadOnlyList<OfferLine>? Offers { get; init; }

    /// <summary>The requests, in the order in which they would be sent.</summary>
    public required IReadOnlyList<PlannedRequest> Requests { get; init; }
}

/// <summary>A request that would be sent.</summary>
internal sealed record PlannedRequest
{
    /// <summary>The operation of AWS Batch: <c>RegisterJobDefinition</c> if a definition is derived, and <c>SubmitJob</c>.</summary>
    public required string Operation { get; init; }

    /// <summary>The definition whose content is changed, of RegisterJobDefinition; what else it says is known to AWS alone.</summary>
    public string? DerivedFrom { get; init; }

    /// <summary>When the request is not sent, in words.</summary>
    public string? Unless { get; init; }

    /// <summary>What is changed in the definition.</summary>
    public PlannedChanges? Changes { get; init; }

    /// <summary>The whole request of SubmitJob, in AWS's words.</summary>
    public JsonElement? Request { get; init; }

    /// <summary>What sbatch is given with <c>env=slurm</c>; left out elsewhere.</summary>
    public PlannedScript? Slurm { get; init; }
}

/// <summary>A submission to a Slurm cluster.</summary>
internal sealed record PlannedScript
{
    /// <summary>The command line; jobs of <c>env.depends_on</c> are added to its <c>--dependency</c> when it is sent.</summary>
    public required string Command { get; init; }

    /// <summary>The script, which is written into the job's folder first.</summary>
    public required string Script { get; init; }
}

/// <summary>What a derived definition says otherwise than the one that it is derived from.</summary>
internal sealed record PlannedChanges
{
    /// <summary>Its name.</summary>
    public required string JobDefinitionName { get; init; }

    /// <summary><c>multinode</c>, if it becomes one of several nodes.</summary>
    public string? Type { get; init; }

    /// <summary>How many nodes it has, if several.</summary>
    public int? NumNodes { get; init; }

    /// <summary>The container image.</summary>
    public string? Image { get; init; }

    /// <summary>The role of the job.</summary>
    public string? JobRoleArn { get; init; }

    /// <summary>The role that starts it.</summary>
    public string? ExecutionRoleArn { get; init; }

    /// <summary>The log group.</summary>
    [JsonPropertyName("awslogs-group")]
    public string? LogGroup { get; init; }

    /// <summary>True, if ECS Exec is switched on.</summary>
    public bool? EnableExecuteCommand { get; init; }

    /// <summary>What it is for, <c>EC2</c> or <c>FARGATE</c>, if it is to be another platform than the definition's.</summary>
    public IReadOnlyList<string>? PlatformCapabilities { get; init; }

    /// <summary>
    /// What is added to the container, in AWS's words: limits, volumes, where secrets are, and so on; an entry replaces the one of the same
    /// name or path.
    /// </summary>
    public JsonElement? ContainerProperties { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PlannedSubmission))]
[JsonSerializable(typeof(IReadOnlyList<PlannedSubmission>))]
internal sealed partial class DryRunJson : JsonSerializerContext;

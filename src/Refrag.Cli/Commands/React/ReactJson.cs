using System.Text.Json.Serialization;

namespace Refrag.Cli.Commands.React;

/// <summary>A line of <c>refrag react --json</c>: a job that this process has moved.</summary>
internal sealed record MovedJob
{
    /// <summary>The id of the job that has ended.</summary>
    public required string JobId { get; init; }

    /// <summary>The job's name.</summary>
    public required string JobName { get; init; }

    /// <summary>The id of the job that was submitted in its place.</summary>
    public required string MovedTo { get; init; }

    /// <summary>The queue of that job.</summary>
    public required string JobQueue { get; init; }

    /// <summary>The region of that job; left out if it is that of the job before it.</summary>
    public string? Region { get; init; }

    /// <summary>Why, in words.</summary>
    public required string Reason { get; init; }
}

/// <summary>A line of <c>refrag react --status --json</c>: an action that hosts have claimed.</summary>
internal sealed record ClaimedMove
{
    /// <summary>The id of the job that is moved; left out if the newest claim cannot be read.</summary>
    public string? JobId { get; init; }

    /// <summary>After which of its attempts, from 1.</summary>
    public int? Attempt { get; init; }

    /// <summary>What is done, in words.</summary>
    public string? What { get; init; }

    /// <summary>The host with the newest claim: a machine's name and a process id.</summary>
    public string? Owner { get; init; }

    /// <summary>When that claim was made, by that host's clock.</summary>
    public DateTimeOffset? MadeAt { get; init; }

    /// <summary>How many hosts have claimed it, one after the other.</summary>
    public required int Claims { get; init; }

    /// <summary>The tag <c>refrag:submission-id</c> of the job that is submitted.</summary>
    public string? SubmissionId { get; init; }

    /// <summary>The id of the job that was submitted; left out if that is not recorded.</summary>
    public string? MovedTo { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MovedJob))]
[JsonSerializable(typeof(ClaimedMove))]
internal sealed partial class ReactJson : JsonSerializerContext;

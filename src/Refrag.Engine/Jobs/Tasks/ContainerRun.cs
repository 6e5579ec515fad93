using System.Globalization;
using System.Text.Json.Serialization;

namespace Refrag.Engine.Jobs.Tasks;

/// <summary>What has become of one container of a task of several, in one attempt. Times are milliseconds since 1970.</summary>
internal sealed record ContainerRun
{
    /// <summary>Its log stream.</summary>
    public required string LogStream { get; init; }

    /// <summary>When its start was decided; null while it waits for others. It is written down before anything is started.</summary>
    public long? LaunchedAt { get; init; }

    /// <summary>When its program began to run.</summary>
    public long? StartedAt { get; init; }

    /// <summary>When it ended, or was given up.</summary>
    public long? StoppedAt { get; init; }

    /// <summary>The exit code; null while it runs and where it is not known.</summary>
    public int? ExitCode { get; init; }

    /// <summary>What the exit code does not say.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether its program ran at all.</summary>
    public bool Started { get; init; } = true;

    /// <summary>Whether its host went away, or the engine was away when it ended, so that how is not known.</summary>
    public bool IsLost { get; init; }

    /// <summary>Whether it waits for others.</summary>
    [JsonIgnore]
    public bool IsWaiting => LaunchedAt is null && StoppedAt is null;

    /// <summary>Whether it is being started or runs.</summary>
    [JsonIgnore]
    public bool IsAlive => LaunchedAt is not null && StoppedAt is null;

    /// <summary>Whether it has ended.</summary>
    [JsonIgnore]
    public bool HasEnded => StoppedAt is not null;

    /// <summary>Under which key the runner knows it.</summary>
    public static string Key(string taskId, int container) => string.Create(CultureInfo.InvariantCulture, $"{taskId}-{container}");
}

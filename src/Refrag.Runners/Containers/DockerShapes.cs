using System.Text.Json.Serialization;

namespace Refrag.Runners.Containers;

/// <summary>The Docker Engine API's shapes, as far as they are used. Names are the API's.</summary>
internal sealed record CreateContainer
{
    public required string Image { get; init; }

    public IReadOnlyList<string>? Cmd { get; init; }

    public required IReadOnlyList<string> Env { get; init; }

    public string? User { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public required HostConfig HostConfig { get; init; }
}

/// <summary>What the host gives a container.</summary>
internal sealed record HostConfig
{
    public string? NetworkMode { get; init; }

    public long? Memory { get; init; }

    public long? MemorySwap { get; init; }

    public long? MemorySwappiness { get; init; }

    public long? CpuShares { get; init; }

    public IReadOnlyList<UlimitShape>? Ulimits { get; init; }

    public bool? ReadonlyRootfs { get; init; }

    public bool? Privileged { get; init; }

    public bool? Init { get; init; }

    public long? ShmSize { get; init; }

    public IReadOnlyList<string>? Binds { get; init; }

    public IReadOnlyList<MountShape>? Mounts { get; init; }

    public IReadOnlyDictionary<string, string>? Tmpfs { get; init; }

    public IReadOnlyList<DeviceShape>? Devices { get; init; }

    public IReadOnlyList<DeviceRequest>? DeviceRequests { get; init; }
}

/// <summary>A limit of a process.</summary>
internal sealed record UlimitShape(string Name, long Soft, long Hard);

/// <summary>A mount that is not a bind.</summary>
internal sealed record MountShape(string Type, string Target, bool ReadOnly, string? Source = null);

/// <summary>A volume with a name: to be made, or in a list.</summary>
internal sealed record VolumeShape
{
    public string Name { get; init; } = "";

    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}

/// <summary>The answer to the question for volumes.</summary>
internal sealed record ListedVolumes
{
    public IReadOnlyList<VolumeShape>? Volumes { get; init; }
}

/// <summary>A device of the host.</summary>
internal sealed record DeviceShape(string PathOnHost, string PathInContainer, string CgroupPermissions);

/// <summary>A request for devices that a driver hands out: GPUs.</summary>
internal sealed record DeviceRequest
{
    public string Driver { get; init; } = "";

    [JsonPropertyName("DeviceIDs")]
    public IReadOnlyList<string>? DeviceIds { get; init; }

    public IReadOnlyList<IReadOnlyList<string>> Capabilities { get; init; } = [];
}

/// <summary>The answer to a creation.</summary>
internal sealed record CreatedContainer
{
    public string Id { get; init; } = "";
}

/// <summary>A container as it is.</summary>
internal sealed record InspectedContainer
{
    public string Id { get; init; } = "";

    public ContainerState State { get; init; } = new();

    public HostConfig? HostConfig { get; init; }
}

/// <summary>Where a container is in its life.</summary>
internal sealed record ContainerState
{
    public string Status { get; init; } = "";

    public bool Running { get; init; }

    public bool OOMKilled { get; init; }

    public int ExitCode { get; init; }

    public string? Error { get; init; }

    public DateTimeOffset? StartedAt { get; init; }
}

/// <summary>A container in a list.</summary>
internal sealed record ListedContainer
{
    public string Id { get; init; } = "";

    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}

/// <summary>What the daemon is.</summary>
internal sealed record DockerVersion
{
    public string Version { get; init; } = "";

    public string ApiVersion { get; init; } = "";

    [JsonPropertyName("MinAPIVersion")]
    public string? MinApiVersion { get; init; }

    public IReadOnlyList<DockerComponent>? Components { get; init; }
}

/// <summary>A part of the daemon.</summary>
internal sealed record DockerComponent
{
    public string Name { get; init; } = "";
}

/// <summary>How a wait ended.</summary>
internal sealed record WaitedContainer
{
    public int StatusCode { get; init; }
}

/// <summary>A line of a pull's progress.</summary>
internal sealed record PullProgress
{
    [JsonPropertyName("status")]
    public string? Status { get; init; }

    [JsonPropertyName("id")]
    public string? Id { get; init; }

    [JsonPropertyName("progress")]
    public string? Progress { get; init; }

    [JsonPropertyName("error")]
    public string? Error { get; init; }
}

/// <summary>What an error says.</summary>
internal sealed record DockerErrorBody
{
    [JsonPropertyName("message")]
    public string? Message { get; init; }
}

/// <summary>Writes and reads the shapes without reflection.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CreateContainer))]
[JsonSerializable(typeof(CreatedContainer))]
[JsonSerializable(typeof(InspectedContainer))]
[JsonSerializable(typeof(IReadOnlyList<ListedContainer>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, IReadOnlyList<string>>))]
[JsonSerializable(typeof(VolumeShape))]
[JsonSerializable(typeof(ListedVolumes))]
[JsonSerializable(typeof(DockerVersion))]
[JsonSerializable(typeof(WaitedContainer))]
[JsonSerializable(typeof(PullProgress))]
[JsonSerializable(typeof(DockerErrorBody))]
internal sealed partial class DockerJson : JsonSerializerContext;

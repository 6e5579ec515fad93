using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Refrag.Aws.Batch;

namespace Refrag.Jobs;

/// <summary>
/// What the container and its machine get that SubmitJob cannot say. What is not said is as in the chosen definition; what it says of the
/// same limit, path or variable is replaced. Two are equal if they say the same.
/// </summary>
public sealed record ContainerChanges
{
    /// <summary>How the architecture is written in a definition for 64-bit ARM. (API RuntimePlatform)</summary>
    public const string Arm64 = "ARM64";

    /// <summary>How the architecture is written in a definition for x86. (API RuntimePlatform)</summary>
    public const string X64 = "X86_64";

    // UG efa: the device's path on the host. Only the first is named there; that the others of an instance with several are numbered on is
    // how the driver names them, and assumed.
    private const string EfaDevice = "/dev/infiniband/uverbs";

    private static readonly JsonTypeInfo s_json = BatchJson.Options.GetTypeInfo(typeof(ContainerProperties));

    /// <summary>The size of <c>/dev/shm</c>; null for the definition's, or 64 MiB.</summary>
    public MebiBytes? SharedMemory { get; init; }

    /// <summary>File systems in memory.</summary>
    public IReadOnlyList<Tmpfs> Tmpfs { get; init; } = [];

    /// <summary>Limits of the container's processes.</summary>
    public IReadOnlyList<Ulimit> Ulimits { get; init; } = [];

    /// <summary>The disk of a task on Fargate, in GiB; null for the definition's, or 20.</summary>
    public int? EphemeralStorageGiB { get; init; }

    /// <summary>Variables whose values AWS keeps: their names, and where the values are.</summary>
    public IReadOnlyList<Secret> Secrets { get; init; } = [];

    /// <summary>What is mounted.</summary>
    public IReadOnlyList<Volume> Volumes { get; init; } = [];

    /// <summary>Where it is mounted.</summary>
    public IReadOnlyList<MountPoint> MountPoints { get; init; } = [];

    /// <summary>
    /// The processor architecture, <see cref="Arm64"/> or <see cref="X64"/>; null for the definition's. A definition says it for Fargate
    /// alone (API RuntimePlatform): on EC2 it is what the instance types of the queue must have.
    /// </summary>
    public string? Architecture { get; init; }

    /// <summary>What the job runs on, one of <see cref="PlatformCapability"/>; null for the definition's.</summary>
    public string? Platform { get; init; }

    /// <summary>How many Elastic Fabric Adapters the container gets; 0 for what the definition says.</summary>
    public int EfaDevices { get; init; }

    /// <summary>Whether there is nothing to change.</summary>
    // Every submission asks: a comparison of the content would build serializers for nothing.
    public bool IsEmpty =>
        (SharedMemory, EphemeralStorageGiB, Architecture, Platform, EfaDevices) == (null, null, null, null, 0)
        && Tmpfs.Count + Ulimits.Count + Secrets.Count + Volumes.Count + MountPoints.Count == 0;

    /// <summary>Whether both say the same.</summary>
    public bool Equals(ContainerChanges? other) => ReferenceEquals(this, other) || (other is not null && Content == other.Content);

    /// <inheritdoc/>
    public override int GetHashCode() => Content.GetHashCode(StringComparison.Ordinal);

    /// <summary>All of it as one text; the same for what is equal, in every process.</summary>
    internal string Content => string.Join(
        '\n', JsonSerializer.Serialize(Over(new ContainerProperties(), isFargate: true), s_json), Platform, Architecture);

    /// <summary>What of it a definition says: the members that are set, in Batch's words; null if none are.</summary>
    public JsonElement? Members()
    {
        bool isFargate = Platform == PlatformCapability.Fargate;
        JsonElement members = JsonSerializer.SerializeToElement(Over(new ContainerProperties(), isFargate), s_json);
        return members.GetPropertyCount() > 0 ? members : null;
    }

    /// <summary>The container with the changes made.</summary>
    /// <param name="container">The container.</param>
    /// <param name="isFargate">Whether the definition is for Fargate then.</param>
    internal ContainerProperties Over(ContainerProperties container, bool isFargate) => OnPlatform(container, isFargate) with
    {
        LinuxParameters = Over(container.LinuxParameters),
        Ulimits = Merge(container.Ulimits, Ulimits, one => one.Name),
        EphemeralStorage = EphemeralStorageGiB is { } size
            ? new EphemeralStorage { SizeInGiB = size }
            : IsMovedToEc2 ? null : container.EphemeralStorage,
        // One variable has one value: Batch refuses a secret that is a plain variable too.
        Environment = Without(container.Environment, old => Secrets.Any(one => one.Name == old.Name)),
        Secrets = Merge(container.Secrets, Secrets, one => one.Name),
        Volumes = Over(container.Volumes, isFargate),
        MountPoints = Merge(Without(container.MountPoints, IsReplaced), MountPoints, one => Trimmed(one.ContainerPath)),
    };

    /// <summary>Whether two paths of a container are the same folder of it.</summary>
    internal static bool IsSamePath(string? one, string? other) => Trimmed(one) == Trimmed(other);

    private static string? Trimmed(string? path) => path?.TrimEnd('/');

    private IReadOnlyList<Volume>? Over(IReadOnlyList<Volume>? volumes, bool isFargate)
    {
        IReadOnlyList<Volume>? merged = Merge(volumes, Volumes, one => one.Name);
        return isFargate && merged is not null ? [.. merged.Select(OnFargate)] : merged;
    }

    // API Volume.host: not applicable to Fargate, where a volume without any source is an empty one.
    private static Volume OnFargate(Volume volume) => volume.Host is { SourcePath: null } ? volume with { Host = null } : volume;

    // Another volume of that name is not what was mounted elsewhere too. What is mounted at a path of the change keeps its place.
    private bool IsReplaced(MountPoint old) =>
        MountPoints.All(one => !IsSamePath(one.ContainerPath, old.ContainerPath))
        && (Volumes.Any(one => one.Name == old.SourceVolume) || Tmpfs.Any(one => IsSamePath(one.ContainerPath, old.ContainerPath)));

    private bool IsMovedToEc2 => Platform == PlatformCapability.Ec2;

    // What only the other platform has is left behind. (API ContainerProperties)
    private ContainerProperties OnPlatform(ContainerProperties container, bool isFargate)
    {
        if (IsMovedToEc2)
            return container with { NetworkConfiguration = null, FargatePlatformConfiguration = null, RuntimePlatform = null };
        if (!isFargate) return container;
        return container with
        {
            Vcpus = null,
            Memory = null,
            ResourceRequirements = Requirements(container),
            RuntimePlatform = Architecture is { } architecture
                ? (container.RuntimePlatform ?? new RuntimePlatform()) with { CpuArchitecture = architecture }
                : container.RuntimePlatform,
        };
    }

    // "vcpus is not applicable for Fargate. Use resource requirements instead": AWS's own words.
    private static IReadOnlyList<ResourceRequirement>? Requirements(ContainerProperties container)
    {
        List<ResourceRequirement> old = [];
        if (container.Vcpus is { } vcpus) old.Add(Requirement(ResourceType.Vcpu, vcpus));
        if (container.Memory is { } memory) old.Add(Requirement(ResourceType.Memory, memory));
        return old.Count > 0 ? Merge(old, container.ResourceRequirements ?? [], one => one.Type) : container.ResourceRequirements;
    }

    private static ResourceRequirement Requirement(string type, int value) =>
        new() { Type = type, Value = value.ToString(CultureInfo.InvariantCulture) };

    private LinuxParameters? Over(LinuxParameters? linux)
    {
        IReadOnlyList<Tmpfs>? kept =
            Without(linux?.Tmpfs, old => MountPoints.Any(one => IsSamePath(one.ContainerPath, old.ContainerPath)));
        if (SharedMemory is null && Tmpfs.Count == 0 && EfaDevices == 0 && ReferenceEquals(kept, linux?.Tmpfs)) return linux;
        linux ??= new LinuxParameters();
        return linux with
        {
            SharedMemorySize = SharedMemory is { } size ? (int)size.Value : linux.SharedMemorySize,
            Tmpfs = Merge(kept, Tmpfs, one => Trimmed(one.ContainerPath)),
            Devices = Merge(linux.Devices, [.. Enumerable.Range(0, EfaDevices).Select(Efa)], one => one.HostPath),
        };
    }

    private static Device Efa(int index) => new() { HostPath = string.Create(CultureInfo.InvariantCulture, $"{EfaDevice}{index}") };

    private static IReadOnlyList<T>? Without<T>(IReadOnlyList<T>? old, Func<T, bool> isDropped) =>
        old is null || !old.Any(isDropped) ? old : [.. old.Where(one => !isDropped(one))];

    // In the old order, so that what is said already changes nothing.
    private static IReadOnlyList<T>? Merge<T>(IReadOnlyList<T>? old, IReadOnlyList<T> added, Func<T, string?> key)
        where T : class
    {
        if (added.Count == 0) return old;
        T? Instead(T one) => added.FirstOrDefault(other => key(other) == key(one));
        return
        [
            .. (old ?? []).Select(one => Instead(one) ?? one),
            .. added.Where(one => (old ?? []).All(other => key(other) != key(one))),
        ];
    }
}

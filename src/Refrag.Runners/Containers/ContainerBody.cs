using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Runners.Attempts;

namespace Refrag.Runners.Containers;

/// <summary>Makes the Docker Engine API's description of a container from Batch's.</summary>
internal static class ContainerBody
{
    /// <summary>The label that names the attempt.</summary>
    public const string AttemptLabel = "refrag.attempt";

    /// <summary>The label that names the engine's state that it belongs to.</summary>
    public const string OwnerLabel = "refrag.owner";

    private const long BytesOfMebi = 1_048_576;
    private const int SharesOfVCpu = 1024;

    /// <summary>The description; <paramref name="wrong"/> says what cannot be had here.</summary>
    public static CreateContainer Of(AttemptStart start, string key, string owner, out string? wrong)
    {
        ContainerProperties container = start.Container ?? throw new ArgumentException("A container needs its properties.", nameof(start));
        wrong = WhatIsMissing(container, start.Environment);
        return new CreateContainer
        {
            Image = container.Image ?? "",
            Cmd = start.Command.Count > 0 ? start.Command : null,
            Env = [.. start.Environment.Select(pair => $"{pair.Key}={pair.Value}")],
            User = container.User,
            Labels = new Dictionary<string, string> { [AttemptLabel] = key, [OwnerLabel] = owner },
            HostConfig = Host(start, container),
        };
    }

    private static HostConfig Host(AttemptStart start, ContainerProperties container)
    {
        LinuxParameters? linux = container.LinuxParameters;
        long? memory = start.Limits?.Memory.Value * BytesOfMebi;
        return new HostConfig
        {
            // As Batch on EC2: a job sees the host's network. So the nodes of a multi-node job find each other.
            NetworkMode = "host",
            Memory = memory,
            // Docker counts memory and swap together. (API LinuxParameters)
            MemorySwap = linux?.MaxSwap is { } swap && memory is { } bytes ? bytes + (swap * BytesOfMebi) : null,
            MemorySwappiness = linux is { MaxSwap: not null } ? linux.Swappiness : null,
            CpuShares = start.Limits is { } limits ? (long)(limits.VCpus.Value * SharesOfVCpu) : null,
            Ulimits = container.Ulimits?.Select(one => new UlimitShape(one.Name, one.SoftLimit ?? 0, one.HardLimit ?? 0)).ToList(),
            ReadonlyRootfs = container.ReadonlyRootFilesystem,
            Privileged = container.Privileged,
            Init = linux?.InitProcessEnabled,
            ShmSize = linux?.SharedMemorySize * BytesOfMebi,
            Binds = Mounts(container)
                .Where(pair => pair.Source is not null)
                .Select(pair => $"{pair.Source}:{pair.Mount.ContainerPath}{(pair.Mount.ReadOnly == true ? ":ro" : "")}").ToList(),
            Mounts = Mounts(container).Where(pair => pair.Source is null)
                .Select(pair =>
                new MountShape(
                    "volume", pair.Mount.ContainerPath ?? "", pair.Mount.ReadOnly == true, TaskVolumes.NameOf(start, pair.Mount))).ToList(),
            Tmpfs = linux?.Tmpfs?.ToDictionary(one => one.ContainerPath, Options),
            Devices = linux?.Devices?.Select(Device).ToList(),
            DeviceRequests = start.Gpus.Count > 0 ? [new DeviceRequest { DeviceIds = start.Gpus, Capabilities = [["gpu"]] }] : null,
        };
    }

    private static IEnumerable<(MountPoint Mount, string? Source)> Mounts(ContainerProperties container) =>
        (container.MountPoints ?? []).Select(
            mount => (mount, container.Volumes?.FirstOrDefault(volume => volume.Name == mount.SourceVolume)?.Host?.SourcePath));

    private static string Options(Tmpfs one) =>
        string.Join(',', [.. one.MountOptions ?? [], string.Create(CultureInfo.InvariantCulture, $"size={one.Size}m")]);

    private static DeviceShape Device(Device device) => new(
        device.HostPath,
        device.ContainerPath ?? device.HostPath,
        device.Permissions is { Count: > 0 } permissions
            ? string.Concat(permissions.Select(one => char.ToLowerInvariant(one[0]))).Replace('k', 'm')
            : "rwm");

    private static string? WhatIsMissing(ContainerProperties container, IReadOnlyDictionary<string, string> environment)
    {
        if (string.IsNullOrEmpty(container.Image)) return "RF4031 the job definition names no image. Name one.";
        // A volume of S3 Files is an empty one here, and the job's status reason says so.
        if (container.Volumes?.FirstOrDefault(volume => volume.EfsVolumeConfiguration is not null) is { } remote)
            return $"RF4032 volume {remote.Name} is on AWS and cannot be mounted here. Use a host path, or run the job with env=awsbatch.";
        return container.Secrets?.Any(secret => !environment.ContainsKey(secret.Name)) == true
            ? "RF4032 secrets are kept by AWS and cannot be read here. Give the server their values with --secrets FILE, or run the job "
                + "on AWS."
            : null;
    }
}

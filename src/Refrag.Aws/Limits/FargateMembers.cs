namespace Refrag.Aws.Batch;

/// <summary>
/// What a container on Fargate does not have. (API ContainerProperties, LinuxParameters, Ulimit, Host: members that are not applicable to
/// Fargate and shouldn't be provided)
/// </summary>
public static class FargateMembers
{
    /// <summary>The members that must not be given and are; empty if there are none.</summary>
    public static IEnumerable<string> NotApplicable(ContainerProperties container)
    {
        if (container.Privileged == true) yield return "privileged";
        if (container.Ulimits is { Count: > 0 }) yield return "ulimits";
        if (container.InstanceType is not null) yield return "instanceType";
        if (container.LinuxParameters is { } linux)
        {
            if (linux.Devices is { Count: > 0 }) yield return "linuxParameters.devices";
            if (linux.SharedMemorySize is not null) yield return "linuxParameters.sharedMemorySize";
            if (linux.Tmpfs is { Count: > 0 }) yield return "linuxParameters.tmpfs";
            if (linux.MaxSwap is not null) yield return "linuxParameters.maxSwap";
            if (linux.Swappiness is not null) yield return "linuxParameters.swappiness";
        }
        if (container.Volumes?.Any(volume => volume.Host?.SourcePath is { Length: > 0 }) == true) yield return "volumes.host.sourcePath";
    }
}

namespace Refrag.Aws.Batch;

/// <summary>The machine image that Batch chooses for GPU instances.</summary>
public static class GpuImages
{
    private static readonly HashSet<string> s_olderThanImage = ["g3", "g3s", "p3", "p3dn"];

    /// <summary>
    /// Whether an environment has only types that are older than the image Batch chooses by itself, which is that of Amazon Linux 2023,
    /// and names no other image. What other images know is theirs to say.
    /// </summary>
    public static bool IsTooNewFor(ComputeResource? resources) =>
        resources is { InstanceTypes: { Count: > 0 } types, ImageId: null, LaunchTemplate: null }
        && types.All(type => s_olderThanImage.Contains(type.Split('.')[0]))
        && !(resources.Ec2Configuration ?? []).Any(image => image.ImageIdOverride is not null || image.ImageType == "ECS_AL2_NVIDIA");
}

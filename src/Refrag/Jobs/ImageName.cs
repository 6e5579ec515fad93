namespace Refrag.Jobs;

/// <summary>What the name of a container image says about where it comes from. (OCI distribution; Docker, image references)</summary>
internal static class ImageName
{
    // Registries that anyone pulls from.
    private static readonly string[] s_public =
        ["docker.io", "gcr.io", "ghcr.io", "mcr.microsoft.com", "nvcr.io", "public.ecr.aws", "quay.io", "registry.gitlab.com"];

    /// <summary>
    /// Whether others have made the image, so that it is not to be expected that refrag is in it: it comes from a public registry, or from
    /// none that is named, and its repository is not called refrag.
    /// </summary>
    /// <param name="image">The image, such as <c>python:3.12</c>.</param>
    public static bool IsOfOthers(string image)
    {
        string[] parts = image.Split('@')[0].Split('/');
        string repository = parts[^1].Split(':')[0];
        // The first part is a registry if it has a dot or a port, or is this machine.
        bool hasRegistry = parts.Length > 1 && (parts[0].IndexOfAny(['.', ':']) >= 0 || parts[0] == "localhost");
        return repository != "refrag" && (!hasRegistry || s_public.Contains(parts[0]));
    }
}

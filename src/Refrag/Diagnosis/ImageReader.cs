using System.Text.Json;
using Refrag.Aws;
using Refrag.Aws.Ecr;
using Refrag.Infrastructure;
using Refrag.Scheduling.Catalogue;

namespace Refrag.Diagnosis;

/// <summary>Reads of an image in ECR whether it is there, and for which architectures.</summary>
internal sealed class ImageReader(IAwsTransport aws, IDownloads? downloads, Checks checks)
{
    // What an image says of itself is some KiB; larger is not what we look for.
    private const int LargestConfig = 4 << 20;

    private static readonly string[] s_manifests =
    [
        "application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json",
    ];

    public Task<ImageFacts?> OfAsync(string reference, EcrImage image, CancellationToken cancellationToken) =>
        checks.AskAsync("the image", async () =>
    {
        try
        {
            BatchGetImageResponse answer = await aws.SendAsync(
                EcrOperations.BatchGetImage,
                new BatchGetImageRequest
                {
                    RegistryId = image.Account,
                    RepositoryName = image.Repository,
                    ImageIds = [image.Id],
                    AcceptedMediaTypes = s_manifests,
                },
                cancellationToken);
            return answer.Images is [{ } found, ..]
                ? new ImageFacts(reference, true, await ArchitecturesAsync(image, found.ImageManifest, cancellationToken))
                : new ImageFacts(reference, false, null);
        }
        catch (EcrException missing) when (missing.ErrorCode == EcrException.RepositoryNotFound)
        {
            return (ImageFacts?)new ImageFacts(reference, false, null);
        }
    }, null);

    // A list of manifests names the platform of each; a single one names it in its configuration, which is a blob of its own.
    private async Task<IReadOnlyList<Architecture>?> ArchitecturesAsync(
        EcrImage image, string? manifest, CancellationToken cancellationToken)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(manifest ?? "{}");
            if (document.RootElement.TryGetProperty("manifests", out JsonElement manifests)) return OfList(manifests);
            if (!document.RootElement.TryGetProperty("config", out JsonElement config)
                || !config.TryGetProperty("digest", out JsonElement digest) || digest.GetString() is not { } blob) return null;
            return await checks.AskAsync("the image's architecture", () => OfConfigAsync(image, blob, cancellationToken), null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private async Task<IReadOnlyList<Architecture>?> OfConfigAsync(EcrImage image, string digest, CancellationToken cancellationToken)
    {
        if (downloads is null) return null;
        GetDownloadUrlForLayerResponse answer = await aws.SendAsync(
            EcrOperations.GetDownloadUrlForLayer,
            new GetDownloadUrlForLayerRequest { RegistryId = image.Account, RepositoryName = image.Repository, LayerDigest = digest },
            cancellationToken);
        if (!Uri.TryCreate(answer.DownloadUrl, UriKind.Absolute, out Uri? url)) return null;
        using JsonDocument config = JsonDocument.Parse(await downloads.DownloadAsync(url, LargestConfig, cancellationToken));
        return config.RootElement.TryGetProperty("architecture", out JsonElement name) && Known(name.GetString()) is { } one ? [one] : null;
    }

    private static List<Architecture>? OfList(JsonElement manifests)
    {
        List<Architecture> found = [];
        foreach (JsonElement one in manifests.EnumerateArray())
        {
            string? name =
                one.TryGetProperty("platform", out JsonElement platform) && platform.TryGetProperty("architecture", out JsonElement text)
                ? text.GetString()
                : null;
            // "unknown" are attestations, not images.
            if (Known(name) is { } known) found.Add(known);
        }
        return found.Count > 0 ? [.. found.Distinct()] : null;
    }

    private static Architecture? Known(string? name) =>
        name switch { "amd64" => Architecture.X64, "arm64" => Architecture.Arm64, _ => null };
}

using System.Text.Json;
using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Containers;

namespace Refrag.Testcontainers;

/// <summary>AWS Batch in a container, with the parts of CloudWatch Logs, ECS and EC2 that <c>refrag serve</c> has.</summary>
public sealed class RefragContainer : DockerContainer
{
    /// <summary>The port in the container.</summary>
    public const int Port = 9099;

    // Where the image has its state. (infra/docker/Dockerfile)
    private const string KeyFile = "/state/access-keys.json";

    internal RefragContainer(IContainerConfiguration configuration)
        : base(configuration)
    {
    }

    /// <summary>
    /// The endpoint for clients of Batch, CloudWatch Logs, ECS and EC2. Throws <see cref="InvalidOperationException"/> before the start.
    /// </summary>
    public Uri Endpoint => new UriBuilder(Uri.UriSchemeHttp, Hostname, GetMappedPublicPort(Port)).Uri;

    /// <summary>The key that clients sign with; the server makes it when it starts on a new state.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<RefragAccessKey> GetAccessKeyAsync(CancellationToken cancellationToken = default)
    {
        byte[] file = await ReadFileAsync(KeyFile, cancellationToken);
        using JsonDocument keys = JsonDocument.Parse(file);
        JsonElement first = keys.RootElement[0];
        return new RefragAccessKey(first.GetProperty("accessKeyId").GetString()!, first.GetProperty("secretAccessKey").GetString()!);
    }
}

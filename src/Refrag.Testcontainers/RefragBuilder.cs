using Docker.DotNet.Models;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Configurations;

namespace Refrag.Testcontainers;

/// <summary>
/// Sets up a container of refrag's server. It listens on port 9099, on a free port of the host, and has started when it takes requests. The
/// options of <c>refrag serve</c> that stand behind the image's entry point are the container's command.
/// </summary>
public sealed class RefragBuilder : ContainerBuilder<RefragBuilder, RefragContainer, IContainerConfiguration>
{
    /// <summary>A container of an image of the server.</summary>
    /// <param name="image">The image's name, such as <c>refrag-server</c>.</param>
    public RefragBuilder(string image)
        : this(new ContainerConfiguration()) => DockerResourceConfiguration = Init().WithImage(image).DockerResourceConfiguration;

    private RefragBuilder(IContainerConfiguration configuration)
        : base(configuration) => DockerResourceConfiguration = configuration;

    /// <inheritdoc/>
    protected override IContainerConfiguration DockerResourceConfiguration { get; }

    /// <summary>The container, not started yet.</summary>
    public override RefragContainer Build()
    {
        Validate();
        return new RefragContainer(DockerResourceConfiguration);
    }

    /// <inheritdoc/>
    protected override RefragBuilder Init() => base.Init()
        .WithPortBinding(RefragContainer.Port, assignRandomHostPort: true)
        .WithWaitStrategy(Wait.ForUnixContainer().UntilCommandIsCompleted("refrag", "serve", "--check"));

    /// <inheritdoc/>
    protected override RefragBuilder Clone(IResourceConfiguration<CreateContainerParameters> resourceConfiguration) =>
        Merge(DockerResourceConfiguration, new ContainerConfiguration(resourceConfiguration));

    /// <inheritdoc/>
    protected override RefragBuilder Clone(IContainerConfiguration resourceConfiguration) =>
        Merge(DockerResourceConfiguration, new ContainerConfiguration(resourceConfiguration));

    /// <inheritdoc/>
    protected override RefragBuilder Merge(IContainerConfiguration oldValue, IContainerConfiguration newValue) =>
        new(new ContainerConfiguration(oldValue, newValue));
}

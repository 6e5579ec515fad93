using System.Runtime.InteropServices;
using DotNet.Testcontainers.Configurations;
using Microsoft.Extensions.Logging.Abstractions;
using Refrag.Testcontainers;

namespace Refrag.Acceptance.Tests.Served;

/// <summary>
/// The Testcontainers module against podman. The image has the entry point and the folders of the server's image; the program and what it
/// needs are this machine's, so that nothing is fetched.
/// </summary>
[Trait("Peer", "podman")]
public sealed class TestcontainersTests(Podman podman) : IClassFixture<Podman>
{
    private const string Image = "localhost/refrag-server-test:1";
    private const string Programs = "/opt/refrag";

    [Fact]
    public async Task Start_ServersImage_AnswersWhoSignsWithItsKey()
    {
        string socket = podman.Socket;
        await podman.DemandPortsAsync();
        await MakeImageAsync();
        await using RefragContainer container = Build(socket);

        // Its start is several programs, one after the other.
        using CancellationTokenSource limit = new(Eventually.ProgramLimit, TimeProvider.System);
        await container.StartAsync(limit.Token);
        RefragAccessKey key = await container.GetAccessKeyAsync(limit.Token);

        Finished queues = await ListQueuesAsync(container, key.Id, key.Secret);
        Assert.True(queues.ExitCode == 0, queues.ToString());
        Assert.Contains("refrag-cpu-job-queue", queues.Output, StringComparison.Ordinal);
        Finished refused = await ListQueuesAsync(container, key.Id, "another");
        Assert.True(refused.ExitCode != 0, refused.ToString());
        Assert.DoesNotContain("refrag-cpu-job-queue", refused.Output, StringComparison.Ordinal);
        Assert.Equal(key.Id, key.ToString());
    }

    private static RefragContainer Build(string socket)
    {
        string runtime = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        return new RefragBuilder(Image)
            .WithDockerEndpoint($"unix://{socket}")
            // What removes the containers of a process that was killed is an image of its own, which would be fetched.
            .WithCleanUp(false)
            .WithLogger(NullLogger.Instance)
            .WithBindMount("/usr", "/usr", AccessMode.ReadOnly)
            .WithBindMount(runtime, runtime, AccessMode.ReadOnly)
            .WithBindMount(Path.GetDirectoryName(BuiltProgram.Path)!, Programs, AccessMode.ReadOnly)
            .WithEnvironment("DOTNET_ROOT", runtime)
            .Build();
    }

    // As in infra/docker/Dockerfile.
    private async Task MakeImageAsync()
    {
        using var root = new TemporaryFolder();
        foreach (string folder in (string[])["usr", "opt/bin", "opt/refrag", "etc", "tmp", "proc", "dev", "sys", "state"])
            Directory.CreateDirectory(root.At(folder));
        foreach (string link in (string[])["bin", "lib", "lib64"]) File.CreateSymbolicLink(root.At(link), $"usr/{link}");
        File.CreateSymbolicLink(root.At("opt/bin/refrag"), $"{Programs}/{Path.GetFileName(BuiltProgram.Path)}");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(root.At("state"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await podman.ImportAsync(
            root.Path, Image, "ENV PATH=/opt/bin:/usr/bin", "EXPOSE 9099",
            """ENTRYPOINT ["refrag", "serve", "--urls", "http://0.0.0.0:9099", "--allow-remote", "--state", "/state"]""",
            """CMD ["--runner", "simulated"]""");
    }

    private static Task<Finished> ListQueuesAsync(RefragContainer container, string id, string secret) => new BuiltProgram()
        .With("AWS_ENDPOINT_URL_BATCH", container.Endpoint.ToString()).With("AWS_REGION", "us-east-1")
        .With("AWS_ACCESS_KEY_ID", id).With("AWS_SECRET_ACCESS_KEY", secret)
        .RunAsync("queues", "env=awsbatch", "--json");
}

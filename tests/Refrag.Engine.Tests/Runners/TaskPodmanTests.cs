using Refrag.Aws.Batch;
using Refrag.Runners.Attempts;
using Refrag.Runners.Containers;

namespace Refrag.Engine.Tests.Runners;

/// <summary>What the containers of a task share, in a real container engine.</summary>
[Trait("Peer", "podman")]
public sealed class TaskPodmanTests(Podman podman) : IClassFixture<Podman>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly AttemptIdentity _task = new(Guid.NewGuid().ToString("N"));
    private readonly AttemptIdentity _other = new(Guid.NewGuid().ToString("N"));

    [Fact]
    public async Task Volume_WithoutAHostPath_IsTheTasksAndGoesWithIt()
    {
        await using ContainerRunner runner = Runner(out DockerApi docker);
        Assert.Equal(["shared"], await RunAsync(runner, "a", _task, "echo shared >/data/x; cat /data/x"));
        Assert.Equal(["shared"], await RunAsync(runner, "b", _task, "cat /data/x"));
        Assert.Equal(["nothing"], await RunAsync(runner, "c", _other, "cat /data/x 2>/dev/null || echo nothing"));
        Assert.Equal(2, (await VolumesAsync(docker)).Count);

        foreach (string key in new[] { "a", "b" }) await runner.ForgetAsync(new AttemptIdentity($"{_task.Key}-{key}"), Token);
        await runner.ForgetTaskAsync(_task, Token);
        Assert.Equal(_other.Key, Assert.Single(await VolumesAsync(docker)).Labels![ContainerBody.AttemptLabel]);
        // The other's is known to no engine: its container and its volume are swept.
        await runner.SweepAsync(new HashSet<AttemptIdentity>(), Token);
        Assert.Empty(await VolumesAsync(docker));
    }

    // podman looks for the name first and makes the volume then, so the later of two may be refused though it is there.
    [Fact]
    public async Task Volume_ThatManyContainersMakeAtOnce_IsThereForEach()
    {
        await using ContainerRunner runner = Runner(out DockerApi docker);
        var volumes = new TaskVolumes(docker, Owner);
        for (int round = 0; round < 20; round++)
        {
            var task = new AttemptIdentity(Guid.NewGuid().ToString("N"));
            AttemptStart start = Start("a", task, "true");
            CreateContainer body = ContainerBody.Of(start, start.Identity!.Key, Owner, out _);
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => volumes.MakeAsync(start, body, Token)));
        }
        Assert.Equal(20, (await VolumesAsync(docker)).Count);
        await runner.SweepAsync(new HashSet<AttemptIdentity>(), Token);
        Assert.Empty(await VolumesAsync(docker));
    }

    private ContainerRunner Runner(out DockerApi docker)
    {
        docker = new DockerApi(podman.Socket, TimeProvider.System);
        return new ContainerRunner(docker, "podman", Owner, TimeProvider.System);
    }

    private string Owner => "test-" + _task.Key;

    private Task<IReadOnlyList<VolumeShape>> VolumesAsync(DockerApi docker) =>
        docker.ListVolumesAsync($"{ContainerBody.OwnerLabel}={Owner}", Token);

    private static async Task<IReadOnlyList<string>> RunAsync(ContainerRunner runner, string name, AttemptIdentity task, string script)
    {
        var output = new CollectedOutput();
        IRunningAttempt attempt = await runner.StartAsync(Start(name, task, script), output, Token);
        Assert.Equal(new AttemptExit(0), await attempt.Exit.Soon());
        return output.Out;
    }

    private static AttemptStart Start(string name, AttemptIdentity task, string script) => new()
    {
        Command = ["sh", "-c", script],
        Environment = new Dictionary<string, string>(),
        WorkingDirectory = "/",
        Identity = new AttemptIdentity($"{task.Key}-{name}"),
        Task = task,
        Container = new ContainerProperties
        {
            Image = Podman.Image,
            Volumes = [new Volume { Name = "elsewhere" }, new Volume { Name = "data" }],
            MountPoints = [new MountPoint { SourceVolume = "data", ContainerPath = "/data" }],
        },
    };
}

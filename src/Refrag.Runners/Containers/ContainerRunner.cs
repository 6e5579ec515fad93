using System.Globalization;
using Refrag.Runners.Attempts;
using Refrag.Runners.Processes;

namespace Refrag.Runners.Containers;

/// <summary>
/// Runs attempts in containers, by the Docker Engine API. An attempt with an identity keeps its container until it is forgotten and is
/// found again by its name; one without ends with it.
/// </summary>
/// <param name="docker">The container engine; disposed with the runner.</param>
/// <param name="about">What the engine is, for the report.</param>
/// <param name="owner">Which state the containers belong to: another engine with another state leaves them alone.</param>
/// <param name="time">The clock.</param>
internal sealed class ContainerRunner(DockerApi docker, string about, string owner, TimeProvider time) : IRunner
{
    private const string Created = "created";
    private readonly CancellationTokenSource _leave = new();
    private readonly TaskVolumes _volumes = new(docker, owner);

    /// <inheritdoc/>
    public RunnerReport Report { get; } = new()
    {
        Kind = RunnerKind.Container,
        Summary = $"Jobs run in containers of {about}.",
        Survives = true,
        Notes =
        [
            "Memory: a job that takes more than it asked for is killed. CPU: each job has its share, and more where others leave it idle.",
            "An image that is here is not fetched again. Containers see the host's network, as on AWS Batch with EC2.",
            "Jobs continue when the server ends, and the next one finds them again.",
        ],
    };

    /// <inheritdoc/>
    public Task<IRunningAttempt> StartAsync(AttemptStart start, IOutputSink output, CancellationToken cancellationToken)
    {
        bool isRepeated = false;
        return DelayedStart.RunAsync(TryAsync, Away, start.Delayed, time, start.Stopping);

        // An engine that went away before it answered may have started the container all the same.
        async Task<IRunningAttempt> TryAsync()
        {
            bool mayRun = isRepeated && start.Identity is not null;
            isRepeated = true;
            return (mayRun ? (await AdoptOnceAsync(start.Identity!, output, cancellationToken)).Attempt : null)
                ?? await StartOnceAsync(start, output, cancellationToken);
        }
    }

    private async Task<IRunningAttempt> StartOnceAsync(AttemptStart start, IOutputSink output, CancellationToken cancellationToken)
    {
        string key = start.Identity?.Key ?? Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
        CreateContainer body = ContainerBody.Of(start, key, owner, out string? wrong);
        if (wrong is not null) return Refused("CannotCreateContainerError", wrong);
        if (await PullAsync(body.Image, start.Progress, cancellationToken) is { } failed) return failed;
        string id;
        try
        {
            await _volumes.MakeAsync(start, body, cancellationToken);
            id = await docker.CreateAsync(Name(key), body, cancellationToken);
        }
        catch (DockerException e) when (!e.IsAway)
        {
            return Refused("CannotCreateContainerError", e.Message);
        }
        try
        {
            if (await IgnoresGpusAsync(id, start, cancellationToken)) throw new DockerException(null, GpusIgnored);
            // Before the program can be killed: a greedy one is within a few milliseconds.
            OomCounter oom = OomCounter.Read();
            await docker.StartAsync(id, cancellationToken);
            return new ContainerAttempt(docker, id, output, removes: start.Identity is null, oom, time, _leave.Token);
        }
        catch (DockerException e) when (!e.IsAway)
        {
            await TryRemoveAsync(id, cancellationToken);
            return Refused("CannotStartContainerError", e.Message);
        }
    }

    /// <inheritdoc/>
    public Task<Adoption> AdoptAsync(AttemptIdentity identity, IOutputSink output, CancellationToken cancellationToken) =>
        DelayedStart.RunAsync(() => AdoptOnceAsync(identity, output, cancellationToken), Away, report: null, time, _leave.Token);

    private async Task<Adoption> AdoptOnceAsync(AttemptIdentity identity, IOutputSink output, CancellationToken cancellationToken)
    {
        InspectedContainer? found = await docker.InspectAsync(Name(identity.Key), cancellationToken);
        if (found is null) return Adoption.NeverStarted;
        if (found.State is { Running: false, Status: Created or "configured" or "initialized" })
        {
            await docker.RemoveAsync(found.Id, cancellationToken);
            return Adoption.NeverStarted;
        }
        return new Adoption(
            AdoptionState.Found, new ContainerAttempt(docker, found.Id, output, removes: false, OomCounter.Read(), time, _leave.Token));
    }

    /// <inheritdoc/>
    public Task ForgetAsync(AttemptIdentity identity, CancellationToken cancellationToken) =>
        TryRemoveAsync(Name(identity.Key), cancellationToken);

    /// <inheritdoc/>
    public Task ForgetTaskAsync(AttemptIdentity task, CancellationToken cancellationToken) => _volumes.RemoveAsync(task, cancellationToken);

    /// <inheritdoc/>
    public async Task SweepAsync(IReadOnlySet<AttemptIdentity> known, CancellationToken cancellationToken)
    {
        var names = known.Select(identity => identity.Key).ToHashSet();
        foreach (ListedContainer container in await docker.ListAsync($"{ContainerBody.OwnerLabel}={owner}", cancellationToken))
        {
            if (container.Labels?.GetValueOrDefault(ContainerBody.AttemptLabel) is { } key && !names.Contains(key))
                await TryRemoveAsync(container.Id, cancellationToken);
        }
        await _volumes.SweepAsync(names, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _leave.CancelAsync();
        _leave.Dispose();
        docker.Dispose();
    }

    private const string GpusIgnored =
        "RF4033 the container engine took the request for GPUs and ignored it. Use Docker with the NVIDIA container toolkit, or "
            + "--runner process.";

    private async Task<bool> IgnoresGpusAsync(string id, AttemptStart start, CancellationToken cancellationToken) =>
        start.Gpus.Count > 0
            && (await docker.InspectAsync(id, cancellationToken))?.HostConfig?.DeviceRequests is not [{ DeviceIds.Count: > 0 }, ..];

    private async Task<EndedAttempt?> PullAsync(string image, Action<string>? progress, CancellationToken cancellationToken)
    {
        try
        {
            if (!await docker.HasImageAsync(image, cancellationToken))
                await docker.PullAsync(WithTag(image), progress ?? (_ => { }), cancellationToken);
            return null;
        }
        catch (DockerException e) when (!e.IsAway)
        {
            return Refused("CannotPullContainerError", e.Message);
        }
    }

    // Without a tag the API would fetch every one there is.
    private static string WithTag(string image) =>
        image.Contains('@') || image[(image.LastIndexOf('/') + 1)..].Contains(':') ? image : image + ":latest";

    private async Task TryRemoveAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            await docker.RemoveAsync(id, cancellationToken);
        }
        catch (DockerException)
        {
            // There is none, or it stays; its label says whose it was.
        }
    }

    // With the state's name: a copy of the state knows the same attempts, and their containers are not its own.
    private string Name(string key) => $"refrag-{owner}-{key}";

    private static string? Away(Exception exception) => exception is DockerException { IsAway: true } ? exception.Message : null;

    private static EndedAttempt Refused(string what, string why) => new(new AttemptExit(null, $"{what}: {why}", Started: false));
}

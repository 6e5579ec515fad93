using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Runners.Attempts;

namespace Refrag.Runners.Containers;

/// <summary>
/// The volumes that the containers of one task share: those without a path on the host. They are made with the first container that mounts
/// them and removed at the task's end. A container that is alone has volumes without names, which go with it.
/// </summary>
internal sealed class TaskVolumes(DockerApi docker, string owner)
{
    /// <summary>The name of the volume behind a mount point; null if it is to have none.</summary>
    public static string? NameOf(AttemptStart start, MountPoint mount)
    {
        if (start.Task is not { } task) return null;
        // Every container of a task gets all the task's volumes, so a volume has the same number in each.
        int number = (start.Container?.Volumes ?? []).ToList().FindIndex(volume => volume.Name == mount.SourceVolume);
        return number < 0 ? null : string.Create(CultureInfo.InvariantCulture, $"refrag-{task.Key}-{number}");
    }

    /// <summary>Makes those that a container mounts.</summary>
    public async Task MakeAsync(AttemptStart start, CreateContainer body, CancellationToken cancellationToken)
    {
        foreach (string name in (body.HostConfig.Mounts ?? []).Select(mount => mount.Source).OfType<string>().Distinct())
        {
            var labels = new Dictionary<string, string>
            {
                [ContainerBody.AttemptLabel] = start.Task!.Key,
                [ContainerBody.OwnerLabel] = owner,
            };
            await docker.MakeVolumeAsync(new VolumeShape { Name = name, Labels = labels }, cancellationToken);
        }
    }

    /// <summary>Removes those of a task whose containers are gone.</summary>
    public Task RemoveAsync(AttemptIdentity task, CancellationToken cancellationToken) =>
        RemoveAsync($"{ContainerBody.AttemptLabel}={task.Key}", volume => true, cancellationToken);

    /// <summary>Removes those of tasks that are no longer known.</summary>
    public Task SweepAsync(IReadOnlySet<string> known, CancellationToken cancellationToken) => RemoveAsync(
        $"{ContainerBody.OwnerLabel}={owner}",
        volume => volume.Labels?.GetValueOrDefault(ContainerBody.AttemptLabel) is { } key && !known.Contains(key),
        cancellationToken);

    private async Task RemoveAsync(string label, Func<VolumeShape, bool> isMeant, CancellationToken cancellationToken)
    {
        try
        {
            foreach (VolumeShape volume in (await docker.ListVolumesAsync(label, cancellationToken)).Where(isMeant))
                await docker.RemoveVolumeAsync(volume.Name, cancellationToken);
        }
        catch (DockerException)
        {
            // What stays bears its owner's name; the next start sweeps again.
        }
    }
}

namespace Refrag.Slurm.Scripts;

/// <summary>A Slurm cluster, and where refrag keeps what belongs to its jobs.</summary>
/// <param name="Host">The login node that <c>ssh</c> reaches; null if Slurm's commands are on this machine.</param>
/// <param name="Folder">
/// An absolute path of a folder that login node and compute nodes share. Each job has a folder of its id in it: its request, its script,
/// its logs and exit codes.
/// </param>
public sealed record SlurmPlace(string? Host, string Folder)
{
    internal string FolderOf(string id) => $"{Folder}/{id}";
}

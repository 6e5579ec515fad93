using System.Runtime.CompilerServices;
using Refrag.Stores;

namespace Refrag.Claims;

/// <summary>
/// A store in a folder: exclusive creation is what decides, which local file systems and NFS from version 3 have. (open(2), O_EXCL)
/// </summary>
/// <param name="folder">The folder, absolute.</param>
/// <param name="place">Where it is, as jobs name it.</param>
/// <param name="isPrivate">Whether it is for its owner alone; else it has the modes that the umask gives.</param>
internal sealed class FolderClaimStore(string folder, string place, bool isPrivate) : IClaimStore
{
    private const string Ending = ".json";

    /// <inheritdoc/>
    public string Place => place;

    /// <inheritdoc/>
    public Task<bool> CreateAsync(string name, byte[] content, CancellationToken cancellationToken)
    {
        WholeFile.CreateFolder(folder, isPrivate);
        return WholeFile.CreateAsync(PathOf(name), isPrivate, content, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<byte[]?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            // Its writer may still have it open: what is read then is a claim that was not written to its end.
            await using FileStream file = new(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using MemoryStream content = new();
            await file.CopyToAsync(content, cancellationToken);
            return content.ToArray();
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder)) yield break;
        foreach (string path in Directory.EnumerateFiles(folder, $"*{Ending}"))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return Path.GetFileNameWithoutExtension(path);
        }
        await Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing is held.
    }

    private string PathOf(string name) => Path.Combine(folder, name + Ending);
}

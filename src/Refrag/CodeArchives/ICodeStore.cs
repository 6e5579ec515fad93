namespace Refrag.CodeArchives;

/// <summary>
/// Where archives of code are, each under the hash of its content. An archive is in a store whole or not at all. Where the store fails,
/// <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> says why.
/// </summary>
public interface ICodeStore
{
    /// <summary>The URL under which a job finds an archive.</summary>
    string UrlOf(string digest);

    /// <summary>Whether the store has an archive. It counts as used now.</summary>
    Task<bool> HasAsync(string digest, CancellationToken cancellationToken);

    /// <summary>
    /// Adds an archive. Whoever adds the same one at the same time adds the same content. If the writer throws, nothing is added.
    /// </summary>
    /// <param name="digest">The hash of its content.</param>
    /// <param name="write">Writes it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task PutAsync(string digest, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken);

    /// <summary>Opens an archive to read it from its beginning to its end. Only in a folder does it count as used now.</summary>
    Task<Stream> OpenAsync(string digest, CancellationToken cancellationToken);
}

using Refrag.Aws;

namespace Refrag.Results;

/// <summary>
/// Files under names, with slashes, each whole or not at all. Several threads may use it at once. Where the store fails,
/// <see cref="IOException"/>, <see cref="UnauthorizedAccessException"/> or <see cref="AwsException"/> says why.
/// </summary>
public interface IResultStore : IDisposable
{
    /// <summary>The URL of a name.</summary>
    string UrlOf(string name);

    /// <summary>Writes a file, in place of an earlier one. If reading the content throws, the earlier one stays.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="content">The content.</param>
    /// <param name="bytes">How many bytes it has.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task PutAsync(string name, Stream content, long bytes, CancellationToken cancellationToken);

    /// <summary>Reads a file from its beginning to its end; false, and nothing was written, if there is none.</summary>
    Task<bool> GetAsync(string name, Stream output, CancellationToken cancellationToken);

    /// <summary>Removes a file; one that is not there counts as removed.</summary>
    Task RemoveAsync(string name, CancellationToken cancellationToken);
}

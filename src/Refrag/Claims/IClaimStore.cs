using Refrag.Aws;

namespace Refrag.Claims;

/// <summary>
/// Small records under names, each written once and never changed. Where the store fails, <see cref="IOException"/>,
/// <see cref="UnauthorizedAccessException"/> or <see cref="AwsException"/> says why.
/// </summary>
public interface IClaimStore : IDisposable
{
    /// <summary>Where it is, as jobs name it in their tags.</summary>
    string Place { get; }

    /// <summary>Writes a record if none has its name; of several that try at once one succeeds.</summary>
    /// <param name="name">Its name: letters, digits, hyphens and dots.</param>
    /// <param name="content">What it holds: never the same as what another writer tries to write.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it is this writer's.</returns>
    Task<bool> CreateAsync(string name, byte[] content, CancellationToken cancellationToken);

    /// <summary>A record; null if there is none.</summary>
    Task<byte[]?> ReadAsync(string name, CancellationToken cancellationToken);

    /// <summary>The names of all records, in no order.</summary>
    IAsyncEnumerable<string> ListAsync(CancellationToken cancellationToken);
}

using System.Runtime.CompilerServices;
using Refrag.Aws;
using Refrag.Aws.S3;

namespace Refrag.Claims;

/// <summary>A store in a bucket: conditional writes are what decides.</summary>
/// <param name="bucket">The bucket.</param>
/// <param name="prefix">What stands before the names; empty, or ending with a slash.</param>
/// <param name="aws">How S3 is reached.</param>
internal sealed class S3ClaimStore(string bucket, string prefix, AwsClientOptions aws) : IClaimStore
{
    private const string Ending = ".json";
    private readonly S3Objects _objects = new(aws);

    /// <inheritdoc/>
    public string Place => new S3Address(bucket, prefix.TrimEnd('/')).ToString();

    /// <inheritdoc/>
    public async Task<bool> CreateAsync(string name, byte[] content, CancellationToken cancellationToken) =>
        await _objects.CreateAsync(AddressOf(name), content, cancellationToken)
        // The answer to a first request may have been lost, and the second one then meets what the first has written.
        || (await ReadAsync(name, cancellationToken))?.AsSpan().SequenceEqual(content) == true;

    /// <inheritdoc/>
    public async Task<byte[]?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        try
        {
            await _objects.GetAsync(AddressOf(name), content, cancellationToken);
            return content.ToArray();
        }
        catch (AwsServiceException fault) when (fault.ErrorCode == "NoSuchKey")
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (string key in _objects.ListAsync(new S3Address(bucket, prefix), cancellationToken))
        {
            string name = key[prefix.Length..];
            if (name.EndsWith(Ending, StringComparison.Ordinal) && !name.Contains('/', StringComparison.Ordinal))
                yield return name[..^Ending.Length];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _objects.Dispose();

    private S3Address AddressOf(string name) => new(bucket, prefix + name + Ending);
}

using Refrag.Aws;
using Refrag.Aws.S3;

namespace Refrag.Results;

/// <summary>A store in S3.</summary>
/// <param name="bucket">The bucket.</param>
/// <param name="prefix">What stands before the names; empty, or ending with a slash.</param>
/// <param name="aws">How S3 is reached.</param>
internal sealed class S3ResultStore(string bucket, string prefix, AwsClientOptions aws) : IResultStore
{
    private readonly S3Objects _objects = new(aws);

    /// <inheritdoc/>
    public string UrlOf(string name) => AddressOf(name).ToString();

    /// <inheritdoc/>
    public Task PutAsync(string name, Stream content, long bytes, CancellationToken cancellationToken) =>
        _objects.PutAsync(AddressOf(name), content, bytes, cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> GetAsync(string name, Stream output, CancellationToken cancellationToken)
    {
        try
        {
            await _objects.GetAsync(AddressOf(name), output, cancellationToken);
            return true;
        }
        catch (AwsServiceException fault) when (fault.ErrorCode == "NoSuchKey")
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public Task RemoveAsync(string name, CancellationToken cancellationToken) => _objects.RemoveAsync(AddressOf(name), cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _objects.Dispose();

    private S3Address AddressOf(string name) => new(bucket, prefix + name);
}

namespace Refrag.Aws;

/// <summary>A source of keys, asked before each request, so that it may renew what expires.</summary>
public interface IAwsCredentials
{
    /// <summary>The keys, or why there are none.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<Result<AwsKeys>> GetAsync(CancellationToken cancellationToken);
}

/// <summary>Keys that never change.</summary>
/// <param name="keys">The keys.</param>
public sealed class FixedCredentials(AwsKeys keys) : IAwsCredentials
{
    /// <inheritdoc/>
    public ValueTask<Result<AwsKeys>> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult<Result<AwsKeys>>(keys);
}

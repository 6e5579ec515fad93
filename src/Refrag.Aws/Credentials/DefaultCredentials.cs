using Amazon.Runtime;

namespace Refrag.Aws;

/// <summary>
/// Looks for credentials where AWS's own tools do, at the first request and not before, and then lets the AWS SDK load and renew them.
/// </summary>
/// <param name="options">Names the profile, the environment and the time limit.</param>
internal sealed class DefaultCredentials(AwsClientOptions options) : IAwsCredentials, IDisposable
{
    private readonly SemaphoreSlim _one = new(1, 1);
    private CredentialSource? _source;

    public async ValueTask<Result<AwsKeys>> GetAsync(CancellationToken cancellationToken)
    {
        if (_source is not { } source)
        {
            Result<CredentialSource> found = await FindOnceAsync(cancellationToken);
            if (!found.IsSuccess) return Result<AwsKeys>.Failure(found.Problems);
            source = found.Value;
        }
        return await LoadAsync(source, cancellationToken);
    }

    public void Dispose() => _one.Dispose();

    // Many requests may start at once; one of them looks, the others wait for what it finds.
    private async Task<Result<CredentialSource>> FindOnceAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_source is { } known) return known;
            Result<CredentialSource> found = await CredentialChain.FindAsync(options, cancellationToken);
            if (found.IsSuccess) _source = found.Value;
            return found;
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<Result<AwsKeys>> LoadAsync(CredentialSource source, CancellationToken cancellationToken)
    {
        try
        {
            ImmutableCredentials keys = await source.Credentials
                .GetCredentialsAsync().WaitAsync(options.Retries.CredentialTime, options.Time, cancellationToken);
            return new AwsKeys(keys.AccessKey, keys.SecretKey, keys.UseToken ? keys.Token : null);
        }
        catch (TimeoutException)
        {
            return SettingProblems.BadCredentials(
                source.Name, $"no answer within {options.Retries.CredentialTime.TotalSeconds:0} s", source.Cure);
        }
        // The SDK reports a missing file, a failed process and a refused token each with its own exception; all mean the same here.
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return SettingProblems.BadCredentials(source.Name, e.Message, source.Cure);
        }
    }
}

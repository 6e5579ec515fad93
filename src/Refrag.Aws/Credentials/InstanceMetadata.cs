namespace Refrag.Aws;

/// <summary>The role of the EC2 instance that this runs on, if it runs on one.</summary>
internal static class InstanceMetadata
{
    // On an instance the service answers within milliseconds; elsewhere nothing does, and waiting would be in vain.
    private static readonly TimeSpan s_probeTime = TimeSpan.FromSeconds(1);

    public static async Task<CredentialSource?> FindAsync(AwsClientOptions options, CancellationToken cancellationToken)
    {
        if (string.Equals(options.Environment.Variable("AWS_EC2_METADATA_DISABLED"), "true", StringComparison.OrdinalIgnoreCase))
            return null;
        return await AnswersAsync(Endpoint(options), options.Time, cancellationToken) ? Source(options) : null;
    }

    public static CredentialSource Source(AwsClientOptions options) => new(
        "the instance's metadata", new InstanceCredentials(Endpoint(options)),
        "Give the instance a profile with a role, and allow two hops where this runs in a container.");

    private static Uri Endpoint(AwsClientOptions options) =>
        Uri.TryCreate(options.Environment.Variable("AWS_EC2_METADATA_SERVICE_ENDPOINT"), UriKind.Absolute, out Uri? given)
            ? given
            : new Uri("http://169.254.169.254");

    // Something that listens there is not yet the metadata service: only who gives a token is asked for keys.
    private static async Task<bool> AnswersAsync(Uri endpoint, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(s_probeTime, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using HttpClient http = InstanceCredentials.Open(endpoint);
        try
        {
            return (await InstanceCredentials.TokenAsync(http, both.Token)).Length > 0;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}

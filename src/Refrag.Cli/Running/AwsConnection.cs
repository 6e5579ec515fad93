using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Logs;
using Refrag.Infrastructure;
using Refrag.Jobs;

namespace Refrag.Cli.Running;

/// <summary>The way to AWS, or to another endpoint that speaks its API. Nothing is looked up before the first request.</summary>
internal sealed class AwsConnection : IDisposable
{
    private readonly AwsClient _client;
    private readonly AwsClientOptions _options;

    private AwsConnection(AwsClientOptions options)
    {
        (_client, _options) = (new AwsClient(options), options);
        LateLines = new LateLines(options, _client);
    }

    public IBatchTransport Batch => new HttpBatchTransport(_client);

    public ILogsTransport Logs => new HttpLogsTransport(_client);

    /// <summary>The services that know a deployed stack.</summary>
    public StackServices Stack => new(Batch, _client, Logs);

    /// <summary>Every other service.</summary>
    public IAwsTransport Aws => _client;

    /// <summary>
    /// The same, as what knows the account that Batch belongs to; null where Batch is another endpoint and the others would be AWS's: what AWS has in some account says nothing of that Batch.
    /// </summary>
    public IAwsTransport? Account => IsElsewhere(AwsService.Batch) && !IsElsewhere(AwsService.Iam) ? null : _client;

    /// <summary>How long after an attempt's end lines of it may still come.</summary>
    public LateLines LateLines { get; }

    /// <summary>Fetches what AWS hands out as URLs.</summary>
    public IDownloads Downloads => _client;

    public static AwsConnection Open(CliContext context, ConnectionSpec connection) => new(new AwsClientOptions
    {
        Region = connection.Region,
        Profile = connection.Profile,
        EndpointUrl = connection.EndpointUrl?.ToString(),
        Time = context.Time,
    });

    private bool IsElsewhere(AwsService service) => AwsDestination.Find(_options, service).TryGet(out AwsDestination? destination, out _) && !destination.IsAws;

    public void Dispose() => _client.Dispose();
}

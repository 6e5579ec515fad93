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

    private AwsConnection(AwsClient client) => _client = client;

    public IBatchTransport Batch => new HttpBatchTransport(_client);

    public ILogsTransport Logs => new HttpLogsTransport(_client);

    /// <summary>The services that know a deployed stack.</summary>
    public StackServices Stack => new(Batch, _client, Logs);

    /// <summary>Every other service.</summary>
    public IAwsTransport Aws => _client;

    /// <summary>Fetches what AWS hands out as URLs.</summary>
    public IDownloads Downloads => _client;

    public static AwsConnection Open(CliContext context, ConnectionSpec connection) => new(new AwsClient(new AwsClientOptions
    {
        Region = connection.Region,
        Profile = connection.Profile,
        EndpointUrl = connection.EndpointUrl?.ToString(),
        Time = context.Time,
    }));

    public void Dispose() => _client.Dispose();
}

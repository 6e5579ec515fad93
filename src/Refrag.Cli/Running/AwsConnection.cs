using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Ec2;
using Refrag.Aws.Ecr;
using Refrag.Aws.Logs;
using Refrag.Aws.Pricing;
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

    public IEc2Transport Ec2 => new HttpEc2Transport(_client);

    public IPricingTransport Pricing => new HttpPricingTransport(_client);

    /// <summary>The services that know a deployed stack.</summary>
    public StackServices Stack => new(Batch, new HttpEc2Transport(_client), new HttpEcrTransport(_client), Logs);

    public static AwsConnection Open(CliContext context, ConnectionSpec connection) => new(new AwsClient(new AwsClientOptions
    {
        Region = connection.Region,
        Profile = connection.Profile,
        EndpointUrl = connection.EndpointUrl?.ToString(),
        Time = context.Time,
    }));

    public void Dispose() => _client.Dispose();
}

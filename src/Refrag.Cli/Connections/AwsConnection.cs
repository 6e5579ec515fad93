using Refrag.Aws;
using Refrag.Aws.Events;
using Refrag.Cli.Context;
using Refrag.History;
using Refrag.Jobs;
using Refrag.Slurm;
using Refrag.Slurm.Scripts;

namespace Refrag.Cli.Connections;

/// <summary>The way to AWS, or to another endpoint that speaks its API. Nothing is looked up before the first request.</summary>
internal sealed class AwsConnection : IDisposable
{
    private readonly AwsClient _client;
    private readonly AwsClientOptions _options;
    private readonly Lazy<AwsClient?> _hosts;
    private readonly SlurmTransport? _slurm;

    private AwsConnection(AwsClientOptions options, SlurmConnection? slurm)
    {
        (_client, _options) = (new AwsClient(options), options);
        _slurm = slurm is null ? null : new SlurmTransport(new SlurmPlace(slurm.Host, slurm.Folder));
        Transport = (IAwsTransport?)_slurm ?? new CheckedTransport(_client);
        LogDelay = new LogDelay(options, _client) { IsOfFiles = slurm is not null };
        _hosts = new Lazy<AwsClient?>(OpenHosts);
    }

    /// <summary>Carries operations of every service; documented limits are checked first.</summary>
    public IAwsTransport Transport { get; }

    /// <summary>
    /// The same, as what knows the account that Batch belongs to; null if Batch is another endpoint and the others would be AWS's: what
    /// AWS has in some account says nothing of that Batch.
    /// </summary>
    public IAwsTransport? Account => IsSlurm || IsElsewhere(AwsService.Batch) && !IsElsewhere(AwsService.Iam) ? null : Transport;

    /// <summary>Whether Batch is AWS's own, and not another endpoint.</summary>
    public bool IsAws => !IsSlurm && !IsElsewhere(AwsService.Batch);

    /// <summary>Whether a Slurm cluster answers in Batch's place.</summary>
    public bool IsSlurm => _slurm is not null;

    /// <summary>The cluster, for what Batch's operations cannot say; null if none answers in Batch's place.</summary>
    public SlurmTransport? Slurm => _slurm;

    /// <summary>
    /// Carries operations of ECS and EC2 to where Batch is: they say on which instances its jobs run. Null if Batch is AWS's and one of
    /// them is not.
    /// </summary>
    public IAwsTransport? Hosts => _hosts.Value;

    /// <summary>Where Batch is: <see cref="JobPlace.Aws"/>, or the URL of another server.</summary>
    public string Place => IsSlurm ? "" : IsAws ? JobPlace.Aws : BatchUrl is { } url ? JobPlace.EndpointOf(url) : "";

    /// <summary>The events of the server; null if Batch is AWS's, which streams none.</summary>
    public EventFeed? Events => IsAws || IsSlurm ? null : new EventFeed(_client, _options.Time);

    /// <summary>How long after an attempt's end lines of it may still come.</summary>
    public LogDelay LogDelay { get; }

    /// <summary>Fetches what AWS hands out as URLs.</summary>
    public IDownloads Downloads => _client;

    public static AwsConnection Open(CliContext context, ConnectionSpec connection) => new(Options(context, connection), connection.Slurm);

    /// <summary>Whether Batch is a server on this machine. Reads settings only, never credentials or the network.</summary>
    public static bool IsOfThisMachine(CliContext context, ConnectionSpec connection) => connection.Slurm is null &&
        AwsEndpoint.Find(Options(context, connection), AwsService.Batch).TryGet(out AwsEndpoint? destination, out _)
            && destination.Endpoint.IsLoopback;

    /// <summary>How other services of AWS are reached that a job uses; <c>env.endpoint_url</c> is Batch's.</summary>
    public static AwsClientOptions OfOtherServices(CliContext context, ConnectionSpec connection) =>
        Options(context, connection) with { EndpointUrl = null };

    private static AwsClientOptions Options(CliContext context, ConnectionSpec connection) => new()
    {
        Region = connection.Region,
        Profile = connection.Profile,
        EndpointUrl = connection.EndpointUrl?.ToString(),
        Time = context.Time,
    };

    private bool IsElsewhere(AwsService service) =>
        AwsEndpoint.Find(_options, service).TryGet(out AwsEndpoint? destination, out _) && !destination.IsAws;

    // Another server answers for its own hosts: what AWS's ECS and EC2 know is of no use for its jobs.
    private AwsClient? OpenHosts() =>
        IsSlurm ? null
        : !IsAws ? new AwsClient(_options with { EndpointUrl = BatchUrl?.ToString() })
        : IsElsewhere(AwsService.Ecs) || IsElsewhere(AwsService.Ec2) ? null
        : _client;

    private Uri? BatchUrl => AwsEndpoint.Find(_options, AwsService.Batch).TryGet(out AwsEndpoint? batch, out _) ? batch.Endpoint : null;

    public void Dispose()
    {
        if (_hosts is { IsValueCreated: true, Value: { } hosts } && hosts != _client) hosts.Dispose();
        _client.Dispose();
        _slurm?.Dispose();
    }
}

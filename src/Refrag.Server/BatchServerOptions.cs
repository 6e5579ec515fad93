using Refrag.Aws;
using Refrag.Server.Access;
using Refrag.Server.Endpoints;
using Refrag.Server.Events;

namespace Refrag.Server;

/// <summary>How a server is set up.</summary>
public sealed record BatchServerOptions
{
    /// <summary>Where to listen, such as <c>http://127.0.0.1:9099</c>; port 0 takes any free one. At least one.</summary>
    public required IReadOnlyList<Uri> Urls { get; init; }

    /// <summary>Who may sign requests; null takes any credentials, which is for loopback alone.</summary>
    public required IReadOnlyList<AccessKey>? Keys { get; init; }

    /// <summary>Whether other machines may reach it. Default false: an address that is not of loopback is RF5110.</summary>
    public bool AllowRemote { get; init; }

    /// <summary>
    /// The region of requests that name none, because they have no credential scope. Default: <c>us-east-1</c>.
    /// </summary>
    public string Region { get; init; } = AwsRegions.Usual;

    /// <summary>
    /// From a region that has Batch to what answers the operations there; asked for each request after its signature was verified. Default:
    /// null, and one transport answers for all regions.
    /// </summary>
    public Func<string, ValueTask<IAwsTransport>>? Regions { get; init; }

    /// <summary>Host names that the server answers to, beside localhost and the addresses that it listens on.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Where the engine's events arrive; null if events are not served.</summary>
    public EventHub? Events { get; init; }

    /// <summary>A file that events are appended to; null for none.</summary>
    public string? EventFile { get; init; }

    /// <summary>A URL that events are posted to; null for none.</summary>
    public Uri? EventWebhook { get; init; }

    /// <summary>The health of what answers the requests, for <c>/healthz</c>. Default: ready.</summary>
    public Func<ServerHealth> Health { get; init; } = static () => new ServerHealth(ServerHealth.Ready);

    /// <summary>Which runner executes jobs, for <c>/healthz</c>.</summary>
    public string Runner { get; init; } = "process";

    /// <summary>The version, for <c>/healthz</c>.</summary>
    public string Version { get; init; } = typeof(BatchServerOptions).Assembly.GetName().Version?.ToString(3) ?? "";

    /// <summary>Gets a line about each fault of the server's own. Default: nothing is done with it.</summary>
    public Action<string> Log { get; init; } = static _ => { };

    /// <summary>
    /// What is answered below <c>/v4/</c>: from the rest of the path to a JSON document, or null. Default: null, and there is no such path.
    /// </summary>
    public Func<string, CancellationToken, Task<string?>>? TaskMetadata { get; init; }

    /// <summary>
    /// The rehearsal behind <c>/rehearsal/events</c>, <c>/rehearsal/fleets</c> and <c>/rehearsal/start</c>.
    /// Default: null, and there are no such paths.
    /// </summary>
    public Rehearsing? Rehearsing { get; init; }
}

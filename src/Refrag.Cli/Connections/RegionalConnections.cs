using Refrag.Aws;
using Refrag.Cli.Context;
using Refrag.Jobs;

namespace Refrag.Cli.Connections;

/// <summary>The ways to the same account in several regions; each is opened when it is needed.</summary>
/// <param name="context">The process.</param>
/// <param name="connection">How AWS is reached, in any region.</param>
internal sealed class RegionalConnections(CliContext context, ConnectionSpec connection) : IDisposable
{
    private readonly Dictionary<string, AwsConnection> _open = new(StringComparer.Ordinal);

    /// <summary>The connection to a region.</summary>
    public AwsConnection In(string region)
    {
        lock (_open)
        {
            if (!_open.TryGetValue(region, out AwsConnection? one))
                _open[region] = one = AwsConnection.Open(context, connection with { Region = region });
            return one;
        }
    }

    /// <summary>Batch in a region.</summary>
    public IAwsTransport Batch(string region) => In(region).Transport;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (AwsConnection one in _open.Values) one.Dispose();
    }
}

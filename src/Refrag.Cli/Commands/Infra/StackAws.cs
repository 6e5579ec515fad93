using Refrag.Aws;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Jobs;

namespace Refrag.Cli.Commands.Infra;

/// <summary>AWS in the regions of stacks. Only a region that a state or a plan names is asked: in another one, resources of the same names
/// belong to another stack.</summary>
internal sealed class StackAws(CliContext context) : IDisposable
{
    private readonly Dictionary<string, AwsConnection> _connections = new(StringComparer.Ordinal);

    /// <summary>The connection to a region, opened once.</summary>
    public IAwsTransport In(string region)
    {
        if (!_connections.TryGetValue(region, out AwsConnection? connection))
            _connections[region] = connection = AwsConnection.Open(context, new ConnectionSpec(region));
        return connection.Transport;
    }

    public void Dispose()
    {
        foreach (AwsConnection connection in _connections.Values) connection.Dispose();
    }
}

using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Logs;

namespace Refrag.Infrastructure;

/// <summary>The services that know what is deployed, all in the stack's region.</summary>
/// <param name="Batch">Knows queues, environments and definitions.</param>
/// <param name="Aws">Knows instance types and images.</param>
/// <param name="Logs">Knows log groups.</param>
public sealed record StackServices(IBatchTransport Batch, IAwsTransport Aws, ILogsTransport Logs);

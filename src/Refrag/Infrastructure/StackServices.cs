using Refrag.Aws.Batch;
using Refrag.Aws.Ec2;
using Refrag.Aws.Ecr;
using Refrag.Aws.Logs;

namespace Refrag.Infrastructure;

/// <summary>The services that know what is deployed, all in the stack's region.</summary>
/// <param name="Batch">Knows queues, environments and definitions.</param>
/// <param name="Ec2">Knows instance types.</param>
/// <param name="Ecr">Knows images.</param>
/// <param name="Logs">Knows log groups.</param>
public sealed record StackServices(IBatchTransport Batch, IEc2Transport Ec2, IEcrTransport Ecr, ILogsTransport Logs);

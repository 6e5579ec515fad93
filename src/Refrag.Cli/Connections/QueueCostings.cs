using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Catalogues;
using Refrag.Cli.Context;
using Refrag.Costs;
using Refrag.Monitoring;

namespace Refrag.Cli.Connections;

/// <summary>What is assumed of jobs, with the environments of each queue read once.</summary>
/// <param name="context">The process.</param>
/// <param name="batch">Where the queues are.</param>
/// <param name="region">Whose prices count.</param>
internal sealed class QueueCostings(CliContext context, IAwsTransport batch, string region)
{
    private readonly Dictionary<string, JobCosting> _queues = new(StringComparer.Ordinal);
    private readonly KnownCatalogue _known = UserCatalogue.Load(context);

    /// <summary>Those of the queues that a verb looks at.</summary>
    public QueueCostings(QuerySession session)
        : this(session.Context, session.Batch, session.Region)
    {
    }

    /// <summary>The costing of a queue.</summary>
    public async Task<JobCosting> OnAsync(string queue, CancellationToken cancellationToken)
    {
        if (_queues.TryGetValue(queue, out JobCosting? known)) return known;
        var reader = new QueueReader(batch);
        IReadOnlyList<JobQueueDetail> queues = await reader.QueuesAsync([queue], cancellationToken);
        string[] names = [.. queues.SelectMany(q => q.ComputeEnvironmentOrder).OrderBy(o => o.Order).Select(o => o.ComputeEnvironment)];
        IReadOnlyList<ComputeEnvironmentDetail> environments = names.Length == 0
            ? []
            : await reader.EnvironmentsAsync(names, cancellationToken);
        return _queues[queue] = new JobCosting(environments, region, _known.Types, _known.Prices);
    }
}

using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Costs;
using Refrag.History;
using Refrag.Scheduling.Fitting;

namespace Refrag.Cli.Connections;

/// <summary>
/// What jobs have cost, for all commands that show it: from what Batch answers now and the instances that the history on this machine
/// knows.
/// </summary>
/// <param name="queues">What is assumed where nothing is known.</param>
/// <param name="endpoint">Where Batch is; null on this machine.</param>
/// <param name="history">What was measured; null if there is nothing.</param>
/// <param name="bill">AWS's bill; null if it is not at hand.</param>
internal sealed class KnownCosts(QueueCostings queues, string? endpoint, HistoryStore? history, SplitBill? bill = null)
{
    /// <summary>What one job has cost so far; null for an array, on this machine, and if the job has not run.</summary>
    public static async Task<RecordedCost?> OfAsync(QuerySession session, JobDetail job, CancellationToken cancellationToken)
    {
        // What ran of an array are its children.
        if (session.Connection is not { } connection || job.ArrayProperties is { Size: > 0, Index: null }) return null;
        using HistoryStore? history = UserHistory.OpenToRead(session.Context);
        KnownCosts costs = new(new QueueCostings(session), connection.Place, history);
        RecordedJob known = costs.Recall(job, session.Now);
        return known.OfJob.Any(attempt => attempt.Ran(session.Now) > TimeSpan.Zero)
            ? (await costs.OnAsync(job.JobQueue, cancellationToken)).Of(known, session.Now)
            : null;
    }

    /// <summary>A job, or a node of one, as Batch has just described it, with what was measured of it.</summary>
    public RecordedJob Recall(JobDetail job, DateTimeOffset now)
    {
        var described = RecordedJob.Of(job, now);
        if (job.JobId.Split('#') is not [{ } whole, { } number]
            || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int node))
            return described.With(Find(job, job.JobId));
        RecordedJob? known = Find(job, whole)?.OfNode(node);
        // Batch does not report with a node how many there are: one of several has an instance for itself.
        Requirement needs = known?.Needs ?? described.Needs with { Nodes = 2 };
        return (described with { IsNode = true, Needs = needs }).With(known);
    }

    private RecordedJob? Find(JobDetail job, string id) =>
        endpoint is not null && JobPlace.Of(endpoint, job.JobArn) is { } place ? history?.Find(place, id) : null;

    /// <summary>The costing of a queue.</summary>
    public async Task<RecordedCosting> OnAsync(string queue, CancellationToken cancellationToken) =>
        new(await queues.OnAsync(queue, cancellationToken), bill);
}

using Refrag.Aws;
using Refrag.Cli.Connections;
using Refrag.Dashboard.Sources;
using Refrag.History;
using Refrag.Jobs;
using Refrag.Monitoring;
using Refrag.Traces;

namespace Refrag.Cli.Commands.Dashboard;

/// <summary>The jobs that the page simulates: those of <c>refrag simulate --now</c> or <c>--history</c>.</summary>
internal static class ShownLoads
{
    /// <summary>Reads them.</summary>
    public static async Task<Result<SimulatedLoad>> ReadAsync(
        QuerySession session, LoadChoice choice, IAwsTransport batch, CancellationToken cancellationToken)
    {
        if (choice.Span is { } span) return await RememberedAsync(session, span, choice.Most, batch, cancellationToken);
        string words = choice.RunTime is { } usual ? $"--now --run-time {Duration.Format(usual)}" : "--now";
        return (await BatchTrace.NowAsync(batch, new(), choice.RunTime, session.Now, choice.Most, cancellationToken))
            .TryGet(out Workload? workload, out IReadOnlyList<Problem> problems)
                ? new SimulatedLoad(workload, words)
                : Result<SimulatedLoad>.Failure(problems);
    }

    private static async Task<Result<SimulatedLoad>> RememberedAsync(
        QuerySession session, TimeSpan span, int most, IAwsTransport batch, CancellationToken cancellationToken)
    {
        // The account is that of the queues: to ask who is signed in takes another service.
        JobPlace? here = (await new QueueReader(batch).QueuesAsync([], cancellationToken))
            .Select(queue => JobPlace.Of(session.Connection!.Place, queue.JobQueueArn)).OfType<JobPlace>().FirstOrDefault();
        using HistoryStore? store = UserHistory.OpenToRead(session.Context);
        HistoryReader? reader = store is null ? null : new HistoryReader(store);
        if (!HistoryPlaces.One(reader, "--history", here?.ToString())
            .TryGet(out JobPlace? place, out IReadOnlyList<Problem> problems)) return Result<SimulatedLoad>.Failure(problems);
        HistorySpan when = new(session.Now - span, HistorySpan.Always.To);
        return HistoryTrace.Read(reader!, place, when, $"the history of {place}", most)
            .TryGet(out Workload? workload, out problems)
                ? new SimulatedLoad(workload, $"--history={ShellWord.Quote(place.ToString())} --since {Duration.Format(span)}")
                : Result<SimulatedLoad>.Failure(problems);
    }
}

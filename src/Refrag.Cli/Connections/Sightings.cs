using Refrag.Aws.Batch;
using Refrag.History;
using Refrag.Monitoring;

namespace Refrag.Cli.Connections;

/// <summary>
/// Keeps in the history what commands read that only look. They print the same without it: it neither fails them nor, beyond a moment,
/// delays them, and what is wrong with the file is left to those whose subject it is.
/// </summary>
internal static class Sightings
{
    // A write takes a few milliseconds; one that waits for another process is abandoned with the command.
    private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(500);

    /// <summary>Queues with their environments.</summary>
    public static Task KeepAsync(QuerySession session, IReadOnlyList<QueueStatus> queues, bool isCut = false) =>
        KeepAsync(session, (store, endpoint) =>
        {
            foreach ((JobPlace place, PlaceSample sample) in PlaceSample.Of(endpoint, queues, isCut, session.Now)) store.Put(place, sample);
        });

    /// <summary>Compute environments.</summary>
    public static Task KeepAsync(QuerySession session, IReadOnlyList<ComputeEnvironmentDetail> environments) =>
        KeepAsync(session, (store, endpoint) =>
        {
            foreach (var place in environments.GroupBy(one => JobPlace.Of(endpoint, one.ComputeEnvironmentArn)))
            {
                if (place.Key is not null)
                    store.Put(place.Key, new PlaceSample { At = session.Now, Fleets = [.. place.Select(FleetSample.Of)] });
            }
        });

    /// <summary>Jobs of a list.</summary>
    /// <param name="session">The session.</param>
    /// <param name="jobs">The jobs.</param>
    /// <param name="at">When the list was begun: a long one takes minutes, in which jobs end.</param>
    public static Task KeepAsync(QuerySession session, IReadOnlyList<JobSummary> jobs, DateTimeOffset at) =>
        KeepAsync(session, (store, endpoint) =>
        {
            foreach (var place in jobs.Where(job => job.JobArn is not null).GroupBy(job => JobPlace.Of(endpoint, job.JobArn)))
            {
                if (place.Key is not null) store.Put(place.Key, [.. place], at);
            }
        });

    /// <summary>A job as Batch has described it. Of an array its children are kept, and nodes are parts of their job.</summary>
    /// <param name="session">The session.</param>
    /// <param name="job">The job.</param>
    /// <param name="at">When it was asked for.</param>
    public static Task KeepAsync(QuerySession session, JobDetail job, DateTimeOffset at) => KeepAsync(session, (store, endpoint) =>
    {
        if (job.ArrayProperties is { Size: > 0, Index: null } || job.JobId.Contains('#', StringComparison.Ordinal)) return;
        if (JobPlace.Of(endpoint, job.JobArn) is { } place) store.Put(place, [RecordedJob.Of(job, at)]);
    });

    private static async Task KeepAsync(QuerySession session, Action<HistoryStore, string> keep)
    {
        if (session.Connection is not { Place: { Length: > 0 } endpoint }) return;
        Task keeping = Task.Run(() =>
        {
            using HistoryStore store = UserHistory.OpenByTheWay(session.Context);
            if (store.IsUsable) keep(store, endpoint);
        });
        // Whatever goes wrong beside a command must not end it: what was not kept is seen again by the next who looks.
        await keeping.WaitAsync(s_longest, session.Context.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}

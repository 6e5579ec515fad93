using System.Globalization;
using Refrag.Dashboard.Sources;
using Refrag.Dashboard.Streams;
using Refrag.History;
using Refrag.Monitoring;

namespace Refrag.Dashboard.Series;

/// <summary>Reads the samples of queues and fleets that the history on this machine has, while a page shows them.</summary>
/// <param name="batch">Batch, at the pace of the budget; its queues say which account and region are meant.</param>
/// <param name="source">What is shown.</param>
/// <param name="time">The clock.</param>
internal sealed class SeriesFeed(PacedTransport batch, IDashboardSource source, TimeProvider time)
{
    /// <summary>The most hours.</summary>
    public const int MostHours = 24 * 400;

    // As many as a plot has pixels to tell them apart.
    private const int Points = 300;

    private readonly Readings<SeriesPage> _readings =
        new("series", SeriesJson.Default.SeriesPage, TimeSpan.FromSeconds(20), new SeriesPage(), time);

    private IReadOnlyList<JobPlace>? _places;

    /// <summary>Sends them until the page is gone.</summary>
    /// <param name="hours">How many hours back, from 1 to <see cref="MostHours"/>.</param>
    /// <param name="events">Where they are sent.</param>
    /// <param name="cancellationToken">The page is gone.</param>
    public Task WriteAsync(int hours, EventWriter events, CancellationToken cancellationToken) => _readings.WriteAsync(
        hours.ToString(CultureInfo.InvariantCulture), stop => ReadAsync(TimeSpan.FromHours(hours), stop), events, cancellationToken);

    private async Task<SeriesPage> ReadAsync(TimeSpan length, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        HistorySpan span = new(now - length, now);
        SeriesPage page = new()
        {
            Span = [span.From.ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds()],
            Gap = (long)Math.Max(HistoryReader.Gap.TotalMilliseconds, 2 * length.TotalMilliseconds / Points),
            IsLocal = source.Endpoint is null,
        };
        using HistoryStore? store = source.Endpoint is null ? null : source.OpenHistory();
        if (store is null) return page;
        HistoryReader reader = new(store);
        IReadOnlyList<JobPlace> places = await PlacesAsync(source.Endpoint!, cancellationToken);
        return page with
        {
            Queues =
            [
                .. places.SelectMany(place => reader.QueueDepth(place, span, Points)).GroupBy(point => point.Queue, StringComparer.Ordinal)
                    .Select(queue => QueueSeries.Of(queue.Key, [.. queue])),
            ],
            Fleets =
            [
                .. places.SelectMany(place => reader.Fleet(place, span, Points))
                    .GroupBy(point => point.Environment, StringComparer.Ordinal).Select(fleet => FleetSeries.Of(fleet.Key, [.. fleet])),
            ],
            Newest = places.Select(reader.NewestSample).Max()?.ToUnixTimeMilliseconds(),
        };
    }

    // The account is that of the queues: to ask who is signed in takes another service.
    private async Task<IReadOnlyList<JobPlace>> PlacesAsync(string endpoint, CancellationToken cancellationToken)
    {
        if (_places is { Count: > 0 } known) return known;
        return _places =
        [
            .. (await new QueueReader(batch).QueuesAsync([], cancellationToken))
                .Select(queue => JobPlace.Of(endpoint, queue.JobQueueArn)).OfType<JobPlace>().Distinct(),
        ];
    }
}

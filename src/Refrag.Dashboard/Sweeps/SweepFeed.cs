using Refrag.Dashboard.Problems;
using Refrag.Dashboard.Sources;
using Refrag.Dashboard.Streams;
using Refrag.Sweeps;

namespace Refrag.Dashboard.Sweeps;

/// <summary>Reads sweeps while a page shows them.</summary>
/// <param name="batch">Batch, at the pace of the budget.</param>
/// <param name="source">What is shown.</param>
/// <param name="time">The clock.</param>
internal sealed class SweepFeed(PacedTransport batch, IDashboardSource source, TimeProvider time)
{
    // As many as a browser sorts and draws at once.
    private const int MostRows = 20_000;

    private readonly Readings<SweepList> _lists =
        new("sweeps", SweepJson.Default.SweepList, TimeSpan.FromSeconds(5), new SweepList(), time);

    private readonly Readings<SweepPage> _sweeps =
        new("sweep", SweepJson.Default.SweepPage, TimeSpan.FromSeconds(5), new SweepPage(), time);

    /// <summary>Sends which sweeps there are until the page is gone.</summary>
    public Task WriteListAsync(EventWriter events, CancellationToken cancellationToken) => _lists.WriteAsync(
        "", _ => Task.FromResult(new SweepList { Sweeps = [.. source.Sweeps().Select(Entry)] }), events, cancellationToken);

    /// <summary>Sends the jobs of a sweep until the page is gone; a problem instead if there is none of that name.</summary>
    /// <param name="name">One of those that the list has: no path leads out of their folder.</param>
    /// <param name="events">Where they are sent.</param>
    /// <param name="cancellationToken">The page is gone.</param>
    public Task WriteAsync(string name, EventWriter events, CancellationToken cancellationToken) =>
        _sweeps.WriteAsync(name, stop => ReadAsync(name, stop), events, cancellationToken);

    private async Task<SweepPage> ReadAsync(string name, CancellationToken cancellationToken)
    {
        if (source.Sweeps().FirstOrDefault(one => one.Name == name) is not { } file)
            return SweepPage.Failed(name, DashboardProblems.NoSweep(name));
        return (await source.SweepAsync(file, batch, cancellationToken)).TryGet(out SweepTable? table, out IReadOnlyList<Problem> problems)
            ? SweepPage.Of(file.Path, table, MostRows)
            : SweepPage.Failed(file.Path, problems[0]);
    }

    private static SweepEntry Entry(SweepFile file) => new(file.Name, file.Path, file.ChangedAt.ToUnixTimeMilliseconds());
}

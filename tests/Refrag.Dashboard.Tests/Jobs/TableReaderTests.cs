using Refrag.Aws.Batch;
using Refrag.Dashboard.Jobs;

namespace Refrag.Dashboard.Tests.Jobs;

/// <summary>What the table keeps, however long a page is open.</summary>
public sealed class TableReaderTests
{
    private readonly FakeBatch _batch = new();
    private readonly LiveTable _table = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAsync_MoreThanTheMost_DropsTheOldestThatHaveEnded()
    {
        TableReader reader = new(_batch, _table, most: 3, new PassingTime());
        _batch.Put(FakeBatch.Job("a", JobStatus.Running), Ended("b", 10_000), Ended("c", 20_000));
        Assert.False((await reader.ReadAsync(Stop)).IsCut);

        // Both came and ended since.
        _batch.Put(Ended("d", 30_000), Ended("e", 40_000));

        Assert.True((await reader.ReadAsync(Stop)).IsCut);
        Assert.Equal(["a", "d", "e"], Ids());
    }

    [Fact]
    public async Task ReadAsync_ExactlyTheMost_LeavesNothingOut()
    {
        TableReader reader = new(_batch, _table, most: 2, new PassingTime());
        _batch.Put(FakeBatch.Job("a", JobStatus.Running), Ended("b", 10_000));

        Assert.False((await reader.ReadAsync(Stop)).IsCut);
        Assert.False((await reader.ReadAsync(Stop)).IsCut);
        Assert.Equal(["a", "b"], Ids());
    }

    [Fact]
    public async Task ReadAsync_EndedLongAgo_StaysAsLongAsTheServerKnowsIt()
    {
        // Batch keeps jobs for seven days at least. (UG job_states)
        TableReader reader = new(_batch, _table, most: 10, TimeProvider.System);
        _batch.Put(Ended("kept", 10_000), Ended("forgotten", 20_000));
        await reader.ReadAsync(Stop);
        Assert.Equal(["forgotten", "kept"], Ids());

        TableReader later = new(_batch, _table, most: 10, TimeProvider.System);
        _batch.Jobs.Remove("forgotten", out _);
        await later.ReadAsync(Stop);

        Assert.Equal(["kept"], Ids());
    }

    private static JobDetail Ended(string id, long at) =>
        FakeBatch.Job(id, JobStatus.Succeeded) with { CreatedAt = at - 1000, StoppedAt = at };

    private IEnumerable<string> Ids() => _table.Where(static _ => true).Select(row => row.Id).Order(StringComparer.Ordinal);
}

using Refrag.Aws.Batch;
using Refrag.Dashboard.Jobs;
using Refrag.Dashboard.Streams;

namespace Refrag.Dashboard.Tests.Jobs;

public sealed class LiveTableTests
{
    private readonly LiveTable _table = new();

    [Fact]
    public void Put_RowAsItIs_IsNoChange()
    {
        var (_, _, _, changes) = _table.Follow();

        Put(Row("one", JobStatus.Running));
        Put(Row("one", JobStatus.Running));

        Assert.True(changes.TryTake(out TableChange first));
        Assert.Equal(1, first.Sequence);
        Assert.False(changes.TryTake(out _));
    }

    [Fact]
    public void Follow_Later_HasTheRowsAndTheNumberOfTheNewestChange()
    {
        Put(Row("one", JobStatus.Running), Row("two", JobStatus.Failed));
        _table.Remove(["two", "three"]);

        var (rows, sequence, _, changes) = _table.Follow();
        Put(Row("four", JobStatus.Runnable));

        Assert.Equal(["one"], rows.Select(row => row.Id));
        Assert.Equal(2, sequence);
        Assert.True(changes.TryTake(out TableChange next));
        Assert.Equal(3, next.Sequence);
    }

    // A page that reads nothing, as one of a browser that sleeps, does not make the server keep every change.
    [Fact]
    public void Follow_WithoutReading_MissesChangesAndNeedsASnapshot()
    {
        var (_, _, _, changes) = _table.Follow();

        for (int i = 0; i < 1000; i++) Put(Row("one", i % 2 == 0 ? JobStatus.Running : JobStatus.Runnable));

        Assert.True(changes.HasMissed);
        int kept = 0;
        while (changes.TryTake(out _)) kept++;
        Assert.InRange(kept, 1, 256);
    }

    [Fact]
    public void Leave_LastPage_EndsTheFollowing()
    {
        FeedReader<TableChange> reader = _table.Follow().Changes;
        Assert.True(_table.IsFollowed);

        _table.Leave(reader);

        Assert.False(_table.IsFollowed);
    }

    private void Put(params TableRow[] rows) => _table.Put(rows, static row => row.Id, static (row, _) => row);

    private static TableRow Row(string id, string status) => new() { Id = id, Name = id, Queue = "queue", Status = status };
}

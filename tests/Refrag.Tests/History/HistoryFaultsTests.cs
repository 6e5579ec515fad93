using Microsoft.Data.Sqlite;
using Refrag.History;
using static Refrag.Tests.History.HistoryBench;

namespace Refrag.Tests.History;

/// <summary>Files that are locked, damaged, newer, or not writable.</summary>
public sealed class HistoryFaultsTests : IDisposable
{
    private static readonly JobPlace s_place = HistoryBench.Place;

    private readonly HistoryBench _file = new();

    [Fact]
    public void Put_FileThatIsLocked_IsLeftOutAndTheRestIsOfUse()
    {
        using (HistoryStore first = _file.Open()) first.Put(s_place, [Job("a")]);
        using var other = new SqliteConnection($"Data Source={_file.Path};Pooling=False");
        other.Open();
        using SqliteTransaction writing = other.BeginTransaction();

        using HistoryStore store = _file.Open();
        store.Put(s_place, [Job("b")]);
        RecordedJob? read = store.Find(s_place, "a");
        writing.Rollback();
        store.Put(s_place, [Job("c")]);

        Assert.NotNull(read);
        Assert.Equal(["a", "c"], store.List(s_place, null).Select(job => job.Id).Order(StringComparer.Ordinal));
        Problem problem = Assert.Single(_file.Problems);
        Assert.Equal("RF8108", problem.Code);
        Assert.DoesNotContain("move", problem.Cure, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FileThatCanOnlyBeRead_IsReadAndLeftAsItIs()
    {
        if (OperatingSystem.IsWindows()) return;
        if (Environment.IsPrivilegedProcess) Assert.Skip("Root may write to it all the same.");
        using (HistoryStore first = _file.Open()) first.Put(s_place, [Job("a")]);
        File.SetUnixFileMode(_file.Path, UnixFileMode.UserRead);

        using HistoryStore store = _file.Open();
        store.Put(s_place, [Job("b")]);

        Assert.Equal(["a"], store.List(s_place, null).Select(job => job.Id));
        Assert.Equal("RF8108", Assert.Single(_file.Problems).Code);
    }

    [Fact]
    public void Open_DamagedFile_IsOneProblemAndThenNothing()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_file.Path)!);
        File.WriteAllText(_file.Path, new string('x', 10_000));

        using HistoryStore store = _file.Open();
        store.Put(s_place, [Job("a")]);

        Assert.Equal("RF8100", Assert.Single(_file.Problems).Code);
        Assert.False(store.IsUsable);
        Assert.Null(store.Find(s_place, "a"));
        Assert.Equal(new string('x', 10_000), File.ReadAllText(_file.Path));
    }

    [Fact]
    public void Put_WriteThatFails_IsOneProblemAndLosesNothing()
    {
        using (HistoryStore first = _file.Open()) first.Put(s_place, [Job("a")]);
        _file.Run("CREATE TRIGGER no_room BEFORE INSERT ON attempts BEGIN SELECT RAISE(ABORT, 'no room'); END");
        using HistoryStore store = _file.Open();

        RecordedJob job = Job("b") with { Attempts = [Attempt()] };
        store.Put(s_place, [job]);
        store.Put(s_place, [job]);

        Problem problem = Assert.Single(_file.Problems);
        Assert.Equal("RF8100", problem.Code);
        Assert.Contains("no room", problem.Cause, StringComparison.Ordinal);
        using HistoryStore after = _file.Open();
        Assert.Equal(["a"], after.List(s_place, null).Select(job => job.Id));
    }

    [Fact]
    public void Open_NewerSchema_IsLeftAlone()
    {
        using (HistoryStore store = _file.Open()) store.Put(s_place, [Job("a")]);
        _file.Run("INSERT INTO schema_version VALUES (99, 'later')");

        using HistoryStore refused = _file.Open();

        Problem problem = Assert.Single(_file.Problems);
        Assert.Equal("RF8101", problem.Code);
        Assert.Contains("99", problem.What, StringComparison.Ordinal);
        Assert.False(refused.IsUsable);
    }

    [Fact]
    public void Open_RowThatIsNoRow_IsOneProblem()
    {
        using (HistoryStore store = _file.Open()) store.Put(s_place, [Job("a")]);
        _file.Run("UPDATE jobs SET tags = '{'");

        using HistoryStore damaged = _file.Open();

        Assert.Empty(damaged.List(s_place, null));
        Assert.Equal("RF8100", Assert.Single(_file.Problems).Code);
    }

    [Fact]
    public void Open_File_IsItsOwnersAlone()
    {
        if (OperatingSystem.IsWindows()) return;
        using HistoryStore store = _file.Open();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_file.Path));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.GetDirectoryName(_file.Path)!));
    }

    public void Dispose() => _file.Dispose();
}

using Microsoft.Extensions.Time.Testing;
using Refrag.Results;

namespace Refrag.Tests.Results;

/// <summary>What a job writes is in the store as it was at one moment, and the next attempt begins with it.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ResultSyncTests : IDisposable
{
    private readonly ResultStoreFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Store_Twice_StoresOnlyWhatChanged()
    {
        using ActingStore store = new(_folder.Open(), _ => { });
        ResultSync sync = _folder.Sync(1, store);
        Assert.Null(await sync.BeginAsync(Token));
        _folder.Write(1, "a/model", "one");
        _folder.Write(1, "log", "line");
        Assert.Null(await sync.StoreAsync(Token));
        Assert.Equal(["a/model", "log"], _folder.Stored(1));

        store.Puts.Clear();
        Assert.Null(await sync.StoreAsync(Token));
        Assert.Empty(store.Puts);

        // Another time and the same content: only the index.
        File.SetLastWriteTimeUtc(Path.Combine(_folder.Folder("attempt-1"), "log"), new DateTime(2021, 2, 2, 0, 0, 0, DateTimeKind.Utc));
        Assert.Null(await sync.StoreAsync(Token));
        Assert.EndsWith("/attempt-1/index.json", Assert.Single(store.Puts), StringComparison.Ordinal);

        store.Puts.Clear();
        _folder.Write(1, "log", "another");
        Assert.Null(await sync.StoreAsync(Token));
        Assert.Equal(2, store.Puts.Count);
        Assert.EndsWith("/attempt-1/files/log", store.Puts[0], StringComparison.Ordinal);
        Assert.Equal("another", File.ReadAllText(Path.Combine(_folder.StoredFiles, "attempt-1", "files", "log")));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder.StoredFiles, "attempt-1", ".drafts")));
    }

    [Fact]
    public async Task Store_FileOfThisMoment_IsReadAgainUntilItsTimeSaysSomething()
    {
        ResultSync sync = _folder.Sync(1, time: new FakeTimeProvider(TimeProvider.System.GetUtcNow()));
        string path = Path.Combine(_folder.Folder("attempt-1"), "state");
        File.WriteAllText(path, "one");
        DateTime time = File.GetLastWriteTimeUtc(path);
        Assert.Null(await sync.StoreAsync(Token));
        // The same size and the same time, as a file system with coarse times may give them.
        File.WriteAllText(path, "two");
        File.SetLastWriteTimeUtc(path, time);
        Assert.Null(await sync.StoreAsync(Token));

        Assert.Equal("two", File.ReadAllText(Path.Combine(_folder.StoredFiles, "attempt-1", "files", "state")));
    }

    [Fact]
    public async Task Begin_NextAttempt_HasWhatTheLastOneStored()
    {
        ResultSync first = _folder.Sync(1);
        _folder.Write(1, "a/model", "one");
        _folder.Write(1, "log", "line");
        _folder.Write(1, "empty", "");
        File.CreateSymbolicLink(Path.Combine(_folder.Folder("attempt-1"), "a", "latest"), "model");
        Assert.Null(await first.StoreAsync(Token));

        using ActingStore store = new(_folder.Open(), _ => { });
        ResultSync second = _folder.Sync(3, store);
        // The second attempt was killed before it could store anything.
        Assert.Null(await second.BeginAsync(Token));
        Assert.Equal(("one", "line", "", "one"),
            (_folder.Read(3, "a/model"), _folder.Read(3, "log"), _folder.Read(3, "empty"), _folder.Read(3, "a/latest")));
        Assert.Equal(
            File.GetLastWriteTimeUtc(Path.Combine(_folder.Folder("attempt-1"), "log")),
            File.GetLastWriteTimeUtc(Path.Combine(_folder.Folder("attempt-3"), "log")));
        Assert.Contains("attempt 3 begins with 4 files of attempt 1", Assert.Single(_folder.Notes), StringComparison.Ordinal);

        File.Delete(Path.Combine(_folder.Folder("attempt-3"), "empty"));
        _folder.Write(3, "log", "another line");
        Assert.Null(await second.StoreAsync(Token));
        Assert.Equal(["a/latest 3 -> model", "a/model 1", "log 3"], await _folder.IndexAsync(3));
        Assert.Equal(["log"], _folder.Stored(3));
        Assert.Equal(["a/latest 1 -> model", "a/model 1", "empty 1", "log 1"], await _folder.IndexAsync(1));
        Assert.Equal(["a/model", "empty", "log"], _folder.Stored(1));
    }

    [Fact]
    public async Task Begin_FileThatIsNewerThanTheIndex_IsTaken()
    {
        ResultSync first = _folder.Sync(1);
        _folder.Write(1, "log", "line");
        Assert.Null(await first.StoreAsync(Token));
        // As a kill between the two leaves it.
        File.WriteAllText(Path.Combine(_folder.StoredFiles, "attempt-1", "files", "log"), "line and another");

        Assert.Null(await _folder.Sync(2).BeginAsync(Token));
        Assert.Equal("line and another", _folder.Read(2, "log"));
    }

    [Fact]
    public async Task Begin_FileThatIsGone_IsAProblem()
    {
        ResultSync first = _folder.Sync(1);
        _folder.Write(1, "log", "line");
        Assert.Null(await first.StoreAsync(Token));
        File.Delete(Path.Combine(_folder.StoredFiles, "attempt-1", "files", "log"));

        Problem? problem = await _folder.Sync(2).BeginAsync(Token);
        Assert.Equal("RF8034", problem?.Code);
    }

    [Fact]
    public async Task Store_FileThatIsRemoved_IsRemoved()
    {
        ResultSync sync = _folder.Sync(1);
        _folder.Write(1, "step-1", "one");
        Assert.Null(await sync.StoreAsync(Token));
        File.Delete(Path.Combine(_folder.Folder("attempt-1"), "step-1"));
        _folder.Write(1, "step-2", "two");
        Assert.Null(await sync.StoreAsync(Token));

        Assert.Equal(["step-2"], _folder.Stored(1));
        Assert.Equal(["step-2 1"], await _folder.IndexAsync(1));
    }

    [Fact]
    public async Task Store_DirectoryThatIsGone_KeepsWhatIsStored()
    {
        ResultSync sync = _folder.Sync(1);
        _folder.Write(1, "log", "line");
        Assert.Null(await sync.StoreAsync(Token));
        Directory.Delete(_folder.Folder("attempt-1"), recursive: true);

        Assert.Equal("RF8035", (await sync.StoreAsync(Token))?.Code);
        Assert.Equal(["log"], _folder.Stored(1));
    }

    [Fact]
    public async Task Store_FileThatIsRewrittenMeanwhile_KeepsTheEarlierOneWhole()
    {
        string path = Path.Combine(_folder.Folder("attempt-1"), "state");
        int changes = 0;
        bool isChanging = false;
        using ActingStore store = new(_folder.Open(), name =>
        {
            // Between the two readings.
            if (isChanging && name.EndsWith("/state", StringComparison.Ordinal)) File.WriteAllText(path, $"changed {++changes}");
        });
        ResultSync sync = _folder.Sync(1, store);
        _folder.Write(1, "state", "first one");
        Assert.Null(await sync.StoreAsync(Token));

        isChanging = true;
        _folder.Write(1, "state", "second");
        Problem? problem = await sync.StoreAsync(Token);
        Assert.Equal("RF8035", problem?.Code);
        Assert.Contains("state: it changed while it was read", problem!.What, StringComparison.Ordinal);
        Assert.Equal(3, changes);
        string stored = Path.Combine(_folder.StoredFiles, "attempt-1", "files", "state");
        Assert.Equal("first one", File.ReadAllText(stored));

        isChanging = false;
        Assert.Null(await sync.StoreAsync(Token));
        Assert.Equal("changed 3", File.ReadAllText(stored));
    }

    [Fact]
    public async Task Store_FileThatGrowsMeanwhile_IsStoredAsItWas()
    {
        string path = Path.Combine(_folder.Folder("attempt-1"), "log");
        using ActingStore store = new(_folder.Open(), name =>
        {
            if (name.EndsWith("/log", StringComparison.Ordinal)) File.AppendAllText(path, "later\n");
        });
        File.WriteAllText(path, "first\n");

        Assert.Null(await _folder.Sync(1, store).StoreAsync(Token));
        Assert.Equal("first\n", File.ReadAllText(Path.Combine(_folder.StoredFiles, "attempt-1", "files", "log")));
    }

    [Fact]
    public async Task Store_FileThatAProgramHasForItselfAlone_DisturbsNeither()
    {
        string path = Path.Combine(_folder.Folder("attempt-1"), "lock");
        using (FileStream held = new(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
        {
            held.WriteByte(1);
            held.Flush();
            using ActingStore store = new(_folder.Open(), _ => { });
            Assert.Null(await _folder.Sync(1, store).StoreAsync(Token));
        }
        using ActingStore opened = new(_folder.Open(), name =>
        {
            if (name.EndsWith("/lock", StringComparison.Ordinal))
                new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
        });
        Assert.Null(await _folder.Sync(2, opened).BeginAsync(Token));
        path = Path.Combine(_folder.Folder("attempt-2"), "lock");
        File.WriteAllText(path, "another");
        Assert.Null(await _folder.Sync(2, opened).StoreAsync(Token));
    }

    [Fact]
    public async Task Store_LinkThatLeaves_IsNamedOnceAndNotFollowed()
    {
        string output = _folder.Folder("attempt-1");
        string outside = _folder.Folder("outside");
        File.WriteAllText(Path.Combine(outside, "secret"), "of another");
        File.CreateSymbolicLink(Path.Combine(output, "out"), outside);
        File.CreateSymbolicLink(Path.Combine(output, "up"), "../outside/secret");
        ResultSync sync = _folder.Sync(1);
        Assert.Null(await sync.StoreAsync(Token));
        Assert.Null(await sync.StoreAsync(Token));

        Assert.Empty(_folder.Stored(1));
        Assert.Empty(await _folder.IndexAsync(1));
        Assert.Equal(
            ["Results: out: a symbolic link that leaves the output directory is not stored.",
                "Results: up: a symbolic link that leaves the output directory is not stored."],
            _folder.Notes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Store_StoreThatFails_IsAProblemAndTheNextTimeAllIsStored()
    {
        bool isAway = false;
        using ActingStore store = new(_folder.Open(), _ =>
        {
            if (isAway) throw new IOException("No space left on device");
        });
        ResultSync sync = _folder.Sync(1, store);
        Assert.Null(await sync.BeginAsync(Token));
        isAway = true;
        _folder.Write(1, "a", "one");
        _folder.Write(1, "b", "two");
        Problem? problem = await sync.StoreAsync(Token);
        Assert.Equal("RF8035", problem?.Code);
        Assert.Contains("No space left on device", problem!.What, StringComparison.Ordinal);

        isAway = false;
        Assert.Null(await sync.StoreAsync(Token));
        Assert.Equal(["a", "b"], _folder.Stored(1));
        Assert.Equal(["a 1", "b 1"], await _folder.IndexAsync(1));
    }

    [Fact]
    public async Task Begin_FolderThatIsNotThere_IsAProblem()
    {
        Directory.Delete(_folder.Store);

        Problem? problem = await _folder.Sync(1).BeginAsync(Token);
        Assert.Equal("RF8035", problem?.Code);
        Assert.False(Directory.Exists(_folder.Store));
    }

    [Fact]
    public async Task Store_PathThatChangesItsKind_IsStored()
    {
        ResultSync sync = _folder.Sync(1);
        string model = Path.Combine(_folder.Folder("attempt-1"), "model");
        _folder.Write(1, "model", "one");
        Assert.Null(await sync.StoreAsync(Token));
        File.Delete(model);
        _folder.Write(1, "model/part", "two");
        _folder.Write(1, "log", "line");
        Assert.Null(await sync.StoreAsync(Token));
        Assert.Equal(["log", "model/part"], _folder.Stored(1));
        Assert.Equal(["log 1", "model/part 1"], await _folder.IndexAsync(1));

        Directory.Delete(model, recursive: true);
        _folder.Write(1, "model", "three");
        Assert.Null(await sync.StoreAsync(Token));
        Assert.Equal(["log", "model"], _folder.Stored(1));
        Assert.Equal(["log 1", "model 1"], await _folder.IndexAsync(1));
    }

    [Fact]
    public async Task Store_FileThatTheStoreRefuses_DoesNotKeepItFromTheRest()
    {
        using ActingStore store = new(_folder.Open(), name =>
        {
            if (name.EndsWith("/files/a", StringComparison.Ordinal)) throw new IOException("File name too long");
        });
        ResultSync sync = _folder.Sync(1, store);
        _folder.Write(1, "gone", "one");
        Assert.Null(await sync.StoreAsync(Token));
        File.Delete(Path.Combine(_folder.Folder("attempt-1"), "gone"));
        _folder.Write(1, "a", "one");
        _folder.Write(1, "b", "two");

        Problem? problem = await sync.StoreAsync(Token);
        Assert.Equal("RF8035", problem?.Code);
        Assert.Contains("a: File name too long", problem!.What, StringComparison.Ordinal);
        Assert.Equal(["b"], _folder.Stored(1));
        Assert.Equal(["b 1"], await _folder.IndexAsync(1));
    }

    [Fact]
    public void Listing_PathThatItMissed_IsGoneOnlyIfItIsNotThere()
    {
        string output = _folder.Folder("attempt-1");
        string outside = _folder.Folder("outside");
        File.WriteAllText(Path.Combine(outside, "x"), "of another");
        OutputListing listing = OutputListing.Of(output);
        _folder.Write(1, "a/there", "one");
        File.CreateSymbolicLink(Path.Combine(output, "link"), outside);

        Assert.False(listing.IsGone(output, "a/there"));
        Assert.False(listing.IsGone(output, "link"));
        Assert.True(listing.IsGone(output, "a/none"));
        Assert.True(listing.IsGone(output, "none/there"));
        Assert.True(listing.IsGone(output, "a"));
        Assert.True(listing.IsGone(output, "a/there/below"));
        Assert.True(listing.IsGone(output, "link/x"));
    }
}

using Refrag.Aws;
using Refrag.Results;

namespace Refrag.Tests.Results;

/// <summary>A store in a folder, and output directories of attempts, that go with the test.</summary>
internal sealed class ResultStoreFolder : IDisposable
{
    private readonly DirectoryInfo _all = Directory.CreateTempSubdirectory("refrag-results-tests");

    public ResultStoreFolder() => Directory.CreateDirectory(Store);

    public static ResultPlace Place { get; } = ResultPlace.Of("5f0c4a52-6b9e-4b53-9a1c-0c4f4a2b7e11:3")!;

    public string Store => Path.Combine(_all.FullName, "store");

    public string StoredFiles => Path.Combine(Store, "5f0c4a52-6b9e-4b53-9a1c-0c4f4a2b7e11", "3");

    public List<string> Notes { get; } = [];

    public IResultStore Open() => ResultStores.Named(new Uri(Store).AbsoluteUri, place: null, new AwsClientOptions()).Value;

    public string Folder(string name) => Directory.CreateDirectory(Path.Combine(_all.FullName, name)).FullName;

    public ResultSync Sync(int attempt, IResultStore? store = null, TimeProvider? time = null) =>
        new(store ?? Open(), Place, attempt, Folder($"attempt-{attempt}"), time ?? TimeProvider.System, Notes.Add);

    /// <summary>Writes a file of an attempt, which was changed long ago.</summary>
    public void Write(int attempt, string path, string text)
    {
        string full = Path.Combine(Folder($"attempt-{attempt}"), path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        File.SetLastWriteTimeUtc(full, new DateTime(2020, 1, 2, 3, 4, 5, text.Length, DateTimeKind.Utc));
    }

    public string Read(int attempt, string path) => File.ReadAllText(Path.Combine(Folder($"attempt-{attempt}"), path));

    /// <summary>The files of an attempt in the store, as they are named there.</summary>
    public string[] Stored(int attempt)
    {
        string folder = Path.Combine(StoredFiles, $"attempt-{attempt}", "files");
        if (!Directory.Exists(folder)) return [];
        return [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal)];
    }

    /// <summary>The paths of an attempt's index, each with the attempt that stored it.</summary>
    public async Task<string[]> IndexAsync(int attempt)
    {
        JobResults? results = await FindAsync(attempt);
        return [.. results!.Files.Select(file => $"{file.Path} {file.Attempt}{(file.Link is null ? "" : $" -> {file.Link}")}")];
    }

    public Task<JobResults?> FindAsync(int attempt) =>
        JobResults.FindAsync(Open(), Place, attempt, TestContext.Current.CancellationToken);

    public void Dispose() => _all.Delete(recursive: true);
}

/// <summary>A store that does something before it reads, or instead.</summary>
internal sealed class ActingStore(IResultStore inner, Action<string> onPut) : IResultStore
{
    public List<string> Puts { get; } = [];

    public string UrlOf(string name) => inner.UrlOf(name);

    public async Task PutAsync(string name, Stream content, long bytes, CancellationToken cancellationToken)
    {
        lock (Puts) Puts.Add(name);
        onPut(name);
        await inner.PutAsync(name, content, bytes, cancellationToken);
    }

    public Task<bool> GetAsync(string name, Stream output, CancellationToken cancellationToken) =>
        inner.GetAsync(name, output, cancellationToken);

    public Task RemoveAsync(string name, CancellationToken cancellationToken) => inner.RemoveAsync(name, cancellationToken);

    public void Dispose() => inner.Dispose();
}

using Refrag.Stores;

namespace Refrag.Results;

/// <summary>What a job, an array's child or a node has stored.</summary>
/// <param name="store">The store.</param>
/// <param name="place">The job's place in it.</param>
/// <param name="index">What the attempt has stored.</param>
/// <param name="attempt">The attempt, from 1.</param>
public sealed class JobResults(IResultStore store, ResultPlace place, ResultIndex index, int attempt)
{
    private const int AtOnce = 4;

    /// <summary>Whose they are.</summary>
    public ResultPlace Place => place;

    /// <summary>The attempt that stored them last.</summary>
    public int Attempt => attempt;

    /// <summary>The files, by their paths in ordinal order.</summary>
    public IReadOnlyList<ResultFile> Files => index.Files;

    /// <summary>
    /// The newest results up to an attempt; null if there are none. Throws what <see cref="ResultStores.IsFault"/> knows.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="place">Whose results.</param>
    /// <param name="attempt">The newest attempt that may have stored some.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<JobResults?> FindAsync(
        IResultStore store, ResultPlace place, int attempt, CancellationToken cancellationToken)
    {
        for (int one = attempt; one >= 1; one--)
        {
            if (await ResultIndex.ReadAsync(store, place, one, cancellationToken) is { } index)
                return new JobResults(store, place, index, one);
        }
        return null;
    }

    /// <summary>The content of a file. Throws what <see cref="ResultStores.IsFault"/> knows.</summary>
    public async Task<byte[]> ReadAsync(ResultFile file, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        if (!await store.GetAsync(place.NameOf(file.Attempt, file.Path), content, cancellationToken))
            throw new FileNotFoundException($"{store.UrlOf(place.NameOf(file.Attempt, file.Path))} is not there any more");
        return content.ToArray();
    }

    /// <summary>
    /// Brings the files that a folder does not have, and no others. Nothing is written outside of it, and what else it holds stays. Throws
    /// what <see cref="ResultStores.IsFault"/> knows; what was brought until then is whole.
    /// </summary>
    /// <param name="folder">The folder, absolute; it need not exist.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The files that were brought.</returns>
    public async Task<IReadOnlyList<ResultFile>> BringAsync(string folder, CancellationToken cancellationToken)
    {
        WholeFile.CreateFolder(folder, isPrivate: false);
        ResultFolder into = new(folder, store, place, isSynced: true);
        List<ResultFile> brought = [];
        await Parallel.ForEachAsync(
            index.Files, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (file, token) =>
            {
                (ResultFile had, bool isNew) = await into.BringAsync(file, token);
                if (isNew) lock (brought) brought.Add(had);
            });
        return brought;
    }
}

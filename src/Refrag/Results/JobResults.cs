using Refrag.Aws;
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
    /// Brings the files that a folder does not have, and no others. Nothing is written outside of it, and what else it holds stays, but
    /// for files and links in the place of a folder. What cannot be written does not keep it from the rest; if the store cannot be reached,
    /// that is thrown, as <see cref="ResultStores.IsFault"/> knows it.
    /// </summary>
    /// <param name="folder">The folder, absolute; it need not exist.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<BroughtResults> BringAsync(string folder, CancellationToken cancellationToken)
    {
        WholeFile.CreateFolder(folder, isPrivate: false);
        ResultFolder into = new(folder, store, place, isSynced: true);
        BroughtFiles brought = new(into, ReadAgainAsync);
        await Parallel.ForEachAsync(
            index.Files.Where(file => file.Link is null),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (file, token) => await brought.AddAsync(file, token));
        // Links after them, one by one: nothing is written through a link.
        foreach (ResultFile link in index.Files.Where(file => file.Link is not null).Concat(brought.Links))
            await brought.AddAsync(link, cancellationToken);
        return brought.Results;
    }

    // What the newest index names under a path; null if it names nothing.
    private async Task<ResultFile?> ReadAgainAsync(string path, CancellationToken cancellationToken)
    {
        ResultIndex? now = await ResultIndex.ReadAsync(store, place, attempt, cancellationToken);
        return now?.Files.FirstOrDefault(file => file.Path == path);
    }

    /// <summary>What was brought, and what was not. Several files may be added at once.</summary>
    private sealed class BroughtFiles(ResultFolder into, Func<string, CancellationToken, Task<ResultFile?>> readAgain)
    {
        private const int Tries = 3;

        private readonly Lock _lock = new();
        private readonly List<ResultFile> _files = [];
        private readonly List<string> _failed = [];
        private readonly List<ResultFile> _links = [];

        /// <summary>Files that have become links since the index was read.</summary>
        public IReadOnlyList<ResultFile> Links => [.. _links];

        public BroughtResults Results => new([.. _files], [.. _failed.Order(StringComparer.Ordinal)]);

        public async Task AddAsync(ResultFile file, CancellationToken cancellationToken)
        {
            try
            {
                await BringAsync(file, cancellationToken);
            }
            // What the store says of all files, and what it cannot say, ends it.
            catch (Exception fault) when (ResultStores.IsFault(fault)
                && (fault is not AwsException || fault is AwsServiceException { MayPass: false }))
            {
                lock (_lock) _failed.Add($"{file.Path}: {ResultStores.Why(fault)}");
            }
        }

        private async Task BringAsync(ResultFile file, CancellationToken cancellationToken)
        {
            for (int tries = 1; ; tries++)
            {
                try
                {
                    (ResultFile had, bool isNew) = await into.BringAsync(file, cancellationToken);
                    if (isNew) lock (_lock) _files.Add(had);
                    return;
                }
                // The job has removed it, or stored it elsewhere, since the index was read.
                catch (ResultGoneException) when (tries < Tries)
                {
                    if (await readAgain(file.Path, cancellationToken) is not { } named) return;
                    if (named.Link is not null)
                    {
                        lock (_lock) _links.Add(named);
                        return;
                    }
                    file = named;
                }
            }
        }
    }
}

/// <summary>What was brought from a store.</summary>
/// <param name="Files">The files that were brought.</param>
/// <param name="Failed">What could not be brought: a path with a reason each.</param>
public sealed record BroughtResults(IReadOnlyList<ResultFile> Files, IReadOnlyList<string> Failed);

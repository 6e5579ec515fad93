using System.Collections.Concurrent;

namespace Refrag.Composition.Search;

/// <summary>The index of each source, made once.</summary>
internal sealed class SourceCache
{
    private readonly ConcurrentDictionary<SearchSource, SourceIndex> _indexes = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentDictionary<string, SourceIndex> _directories = new(StringComparer.Ordinal);

    public SourceIndex Of(SearchSource source) => _indexes.GetOrAdd(source, static found => new SourceIndex(found));

    /// <summary>The index of a directory that a configuration named.</summary>
    public SourceIndex OfDirectory(string path) => _directories.GetOrAdd(path, static found => new SourceIndex(new DirectorySource(found)));

    /// <summary>The index of a package of Python: of the first folder that is there, else an empty one whose name says so.</summary>
    /// <param name="path">The package as the configuration names it.</param>
    /// <param name="folders">Where it may be.</param>
    public SourceIndex OfPackage(string path, IReadOnlyList<string> folders) => _directories.GetOrAdd(path, found => new SourceIndex(
        folders.FirstOrDefault(Directory.Exists) is { } folder
            ? new DirectorySource(folder)
            : new MemorySource($"{found} (no folder {string.Join(" or ", folders)})", new Dictionary<string, string>())));
}

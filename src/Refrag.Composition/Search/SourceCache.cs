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
}

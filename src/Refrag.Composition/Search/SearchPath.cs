using System.Collections.Immutable;
using System.Reflection;

namespace Refrag.Composition;

/// <summary>
/// Where configurations are looked for: sources in order, the first that has a file wins. Immutable; the methods that add give a new search
/// path. Names are compared letter by letter on every system: <c>db/MySQL</c> is not <c>db/mysql</c>, even where the disk says so.
/// </summary>
public sealed class SearchPath
{
    /// <summary>A search path without sources.</summary>
    public static SearchPath Empty { get; } = new([]);

    private SearchPath(ImmutableArray<SearchSource> sources) => Sources = sources;

    /// <summary>The sources, the first first.</summary>
    public IReadOnlyList<SearchSource> Sources { get; }

    /// <summary>One directory. It need not exist: composing then says that it does not.</summary>
    public static SearchPath FromDirectory(string path) => Empty.AddDirectory(path);

    /// <summary>Several directories; the first that has a file wins.</summary>
    public static SearchPath FromDirectories(params IEnumerable<string> paths) =>
        paths.Aggregate(Empty, (all, path) => all.AddDirectory(path));

    /// <summary>A tree in memory: file name with slashes (<c>db/mysql.yaml</c>) → text.</summary>
    /// <param name="files">The files.</param>
    /// <param name="name">What to call the tree in messages.</param>
    public static SearchPath FromMemory(IEnumerable<KeyValuePair<string, string>> files, string name = "memory") =>
        Empty.AddMemory(files, name);

    /// <summary>The same and a directory behind it.</summary>
    public SearchPath AddDirectory(string path) => Add(new DirectorySource(path));

    /// <summary>The same and a tree in memory behind it.</summary>
    public SearchPath AddMemory(IEnumerable<KeyValuePair<string, string>> files, string name = "memory") =>
        Add(new MemorySource(name, files));

    /// <summary>
    /// The same and an assembly's embedded resources behind it: those whose logical name begins with <paramref name="prefix"/>.
    /// </summary>
    public SearchPath AddResources(Assembly assembly, string prefix) => Add(MemorySource.FromResources(assembly, prefix));

    /// <summary>The same and one more source behind it.</summary>
    public SearchPath Add(SearchSource source) => new([.. Sources, source]);

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Sources.Select(source => source.Name));
}

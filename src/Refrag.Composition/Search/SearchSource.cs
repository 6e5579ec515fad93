using Refrag.Composition.ConfigFiles;

namespace Refrag.Composition;

/// <summary>
/// One tree of configuration files: a directory on disk, a tree held in memory, or resources of an assembly. A source only lists what it
/// has and reads what it listed, so a name that a user typed can never lead out of it.
/// </summary>
public abstract class SearchSource
{
    private protected SearchSource(string name) => Name = name;

    /// <summary>Where the source is, for people: the directory, or what the maker called it.</summary>
    public string Name { get; }

    /// <summary>Whether the source is the program's own affair, which people need not read about.</summary>
    internal bool IsBuiltIn { get; init; }

    /// <summary>Whether the source's root is there at all. A source that is not there has no entries and is no mistake by itself.</summary>
    public virtual bool Exists => true;

    /// <summary>What lies directly in <paramref name="group"/> (<c>""</c> is the root); null if there is no such group.</summary>
    internal abstract IReadOnlyList<SourceEntry>? List(string group);

    /// <summary>Reads a file that <see cref="List"/> gave. <paramref name="path"/> is relative to the root, with the extension.</summary>
    internal abstract SourceText Read(string path);

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>A name in a source.</summary>
/// <param name="Name">The file's name with its extension, or the group's.</param>
/// <param name="Kind">What it is.</param>
internal readonly record struct SourceEntry(string Name, SourceEntryKind Kind);

internal enum SourceEntryKind
{
    File,
    Group,

    /// <summary>A link that leads out of the source's root; never followed.</summary>
    Outside,
}

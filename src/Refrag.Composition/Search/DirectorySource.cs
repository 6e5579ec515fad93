using Refrag.Composition.ConfigFiles;

namespace Refrag.Composition;

/// <summary>A directory on disk.</summary>
internal sealed class DirectorySource : SearchSource
{
    // A configuration is written by people; what is larger is a data file in the wrong place.
    private const long LargestFile = 16 * 1024 * 1024;

    private readonly string _root;
    private readonly string _realRoot;

    public DirectorySource(string path) : base(path)
    {
        _root = Path.GetFullPath(path);
        _realRoot = RealPath(_root);
    }

    public override bool Exists => Directory.Exists(_root);

    internal override IReadOnlyList<SourceEntry>? List(string group)
    {
        var directory = new DirectoryInfo(Path.Combine(_root, group));
        if (!directory.Exists) return null;
        try
        {
            return [.. directory.EnumerateFileSystemInfos().Select(Entry)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A directory that may not be listed is, to the user, one that is not there.
            return null;
        }
    }

    internal override SourceText Read(string path)
    {
        string full = Path.Combine(_root, path);
        string shown = Path.Combine(Name, path);
        try
        {
            long length = new FileInfo(full).Length;
            return length > LargestFile
                ? new SourceText(shown, null, $"it has {length} bytes, and a configuration file may have {LargestFile}")
                : new SourceText(shown, File.ReadAllText(full));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new SourceText(shown, null, error.Message);
        }
    }

    private SourceEntry Entry(FileSystemInfo info)
    {
        bool isGroup = info is DirectoryInfo;
        if (info.LinkTarget is not null)
        {
            if (info.ResolveLinkTarget(returnFinalTarget: true) is not { Exists: true } target || !IsInside(RealPath(target.FullName)))
                return new SourceEntry(info.Name, SourceEntryKind.Outside);
            isGroup = Directory.Exists(target.FullName);
        }
        return new SourceEntry(info.Name, isGroup ? SourceEntryKind.Group : SourceEntryKind.File);
    }

    private bool IsInside(string real) =>
        real.Length > _realRoot.Length && real.StartsWith(_realRoot, StringComparison.Ordinal)
        && (real[_realRoot.Length] == Path.DirectorySeparatorChar || Path.EndsInDirectorySeparator(_realRoot));

    // The path with every link in it followed. A directory above the root may itself be a link, as /tmp is on some systems.
    private static string RealPath(string path)
    {
        string? parent = Path.GetDirectoryName(path);
        if (parent is null) return path;
        string joined = Path.Combine(RealPath(parent), Path.GetFileName(path));
        try
        {
            FileSystemInfo info = Directory.Exists(joined) ? new DirectoryInfo(joined) : new FileInfo(joined);
            return info.LinkTarget is null ? joined : info.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? joined;
        }
        catch (IOException)
        {
            return joined;
        }
    }
}

using System.IO.Enumeration;

namespace Refrag.CodeArchives;

/// <summary>
/// Finds the files of the code: of a Git repository what Git tracks and what it does not ignore, else all but the usual;
/// <c>.refragignore</c> has the last word. Reports everything that is wrong at once.
/// </summary>
internal sealed class CodeLister
{
    /// <summary>The most files of an archive: more are a folder that was not meant.</summary>
    public const int MostFiles = 200_000;

    private const string OwnIgnoreFile = ".refragignore";
    private const string GitIgnoreFile = ".gitignore";

    private static readonly EnumerationOptions s_everything = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    private readonly CodeSource _source;
    private readonly string _root;
    private readonly Place? _place;
    private readonly HashSet<string> _included;
    private readonly IgnoreRules _usual = new IgnoreRules().Add("", UsualFiles.Ignored);
    private readonly IgnoreRules _git = new();
    private readonly IgnoreRules _own = new();
    private readonly Dictionary<string, bool> _folders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _linked = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CodeFile> _files = new(StringComparer.Ordinal);
    private readonly List<string> _secrets = [];
    private readonly List<string> _links = [];
    private readonly List<Problem> _problems = [];

    private CodeLister(CodeSource source, string root, Place? place)
    {
        (_source, _root, _place) = (source, root, place);
        _included = source.Include
            .Select(path => path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The files, or what is wrong with them.</summary>
    /// <param name="source">What is asked for.</param>
    /// <param name="workingDirectory">Where a relative path counts from.</param>
    /// <param name="place">Where the user asks for it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Result<CodeListing>> ListAsync(
        CodeSource source, string workingDirectory, Place? place, CancellationToken cancellationToken)
    {
        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(source.Path, workingDirectory));
        if (!Directory.Exists(root)) return CodeProblems.NoFolder(source.Path, place);
        try
        {
            return await new CodeLister(source, RealPath(root), place).ListAsync(cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return CodeProblems.Unreadable(source.Path, fault.Message, place);
        }
    }

    // The path with every link in it followed: only by its real path is the folder known to be in a repository.
    private static string RealPath(string path)
    {
        if (Path.GetDirectoryName(path) is not { } above) return path;
        string joined = Path.Combine(RealPath(above), Path.GetFileName(path));
        // One link at a time: its target may lead through another.
        return new DirectoryInfo(joined).ResolveLinkTarget(returnFinalTarget: false) is { } target ? RealPath(target.FullName) : joined;
    }

    private async Task<Result<CodeListing>> ListAsync(CancellationToken cancellationToken)
    {
        GitState? git = null;
        if (GitFolder.IsIn(_root))
        {
            if (!(await new GitFolder(_root, _place).StateAsync(cancellationToken)).TryGet(out git, out IReadOnlyList<Problem> problems))
                return Result<CodeListing>.Failure(problems);
            await AddRepositoryAsync("", cancellationToken);
        }
        else
        {
            await AddFolderAsync("", cancellationToken);
        }
        foreach (string path in _included.Order(StringComparer.Ordinal)) Include(path);
        return Checked(git);
    }

    private Result<CodeListing> Checked(GitState? git)
    {
        CodeFile[] files = [.. _files.Values.OrderBy(file => file.Path, StringComparer.Ordinal)];
        if (_secrets.Count > 0) _problems.Add(CodeProblems.Secrets([.. _secrets.Order(StringComparer.Ordinal)], _place));
        if (_links.Count > 0) _problems.Add(CodeProblems.Links([.. _links.Order(StringComparer.Ordinal)], _place));
        if (files.Length > MostFiles) _problems.Add(CodeProblems.TooMany(MostFiles, _place));
        else if (files.Sum(file => file.Bytes) > _source.Limit * 1024L * 1024) _problems.Add(
            CodeProblems.TooLarge(files, _source.Limit, _place));
        if (files.Length == 0 && _problems.Count == 0) _problems.Add(CodeProblems.Empty(_source.Path, _place));
        return _problems.Count > 0 ? Result<CodeListing>.Failure(_problems) : new CodeListing(_root, files, git);
    }

    private async Task AddRepositoryAsync(string folder, CancellationToken cancellationToken)
    {
        var git = new GitFolder(Path.Combine(_root, folder), _place);
        IReadOnlyList<string> tracked = Taken(await git.TrackedAsync(cancellationToken));
        IReadOnlyList<string> others = Taken(await git.OthersAsync(cancellationToken));
        ReadOwnRules(folder, tracked.Concat(others));
        IReadOnlyList<string> ignored = _own.HasExceptions ? Taken(await git.IgnoredAsync(cancellationToken)) : [];
        List<string> within = [];
        foreach (string path in tracked)
        {
            if (!IsLeftOut(Within(folder, path), isTracked: true)) Add(Within(folder, path), within);
        }
        foreach (string path in others)
        {
            if (!IsLeftOut(Within(folder, path.TrimEnd('/')), isTracked: false)) Add(Within(folder, path.TrimEnd('/')), within);
        }
        foreach (string path in ignored)
        {
            if (IsTakenBack(Within(folder, path.TrimEnd('/')))) Add(Within(folder, path.TrimEnd('/')), within);
        }
        foreach (string nested in within) await AddRepositoryAsync(nested, cancellationToken);
    }

    private IReadOnlyList<string> Taken(Result<IReadOnlyList<string>> listed)
    {
        if (listed.TryGet(out IReadOnlyList<string>? paths, out IReadOnlyList<Problem> problems)) return paths;
        _problems.AddRange(problems.Except(_problems));
        return [];
    }

    // A deeper file is read later and so has more to say.
    private void ReadOwnRules(string folder, IEnumerable<string> paths)
    {
        IEnumerable<string> files = paths.Where(path => Path.GetFileName(path) == OwnIgnoreFile).Append(OwnIgnoreFile).Distinct();
        foreach (string path in files.OrderBy(path => path.Count(c => c == '/')).ThenBy(path => path, StringComparer.Ordinal))
            ReadRules(_own, FolderOf(Within(folder, path)), OwnIgnoreFile);
    }

    private void ReadRules(IgnoreRules rules, string folder, string name)
    {
        string path = Path.Combine(_root, folder, name);
        if (!File.Exists(path)) return;
        try
        {
            rules.Add(folder, File.ReadAllText(path));
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            // It was removed meanwhile.
        }
    }

    // Outside of a repository.
    private async Task AddFolderAsync(string folder, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ReadRules(_git, folder, GitIgnoreFile);
        ReadRules(_own, folder, OwnIgnoreFile);
        List<string> folders = [];
        if (Entries(folder) is not { } entries) return;
        foreach ((string name, bool isFolder) in entries)
        {
            if (_files.Count > MostFiles) return;
            // Of a worktree or a submodule it is a file.
            if (name == GitFolder.Name) continue;
            string path = Within(folder, name);
            if (GitFolder.IsLost(_root, path))
            {
                _problems.Add(CodeProblems.Names([path], _place));
            }
            else if (isFolder && new DirectoryInfo(Path.Combine(_root, path)).LinkTarget is null)
            {
                if (!UsualFiles.IsNeverTaken(Path.Combine(_root, path)) && !IsIgnored(path, isFolder: true)) folders.Add(path);
            }
            else if (!IsIgnored(path, isFolder: false))
            {
                Add(path, []);
            }
        }
        foreach (string path in folders)
        {
            await (IsRepository(Path.Combine(_root, path))
                ? AddRepositoryAsync(path, cancellationToken)
                : AddFolderAsync(path, cancellationToken));
        }
    }

    // A folder below the user's may be removed since it was listed, as programs do with their temporary ones.
    private FileSystemEnumerable<(string Name, bool IsFolder)>? Entries(string folder)
    {
        try
        {
            return new FileSystemEnumerable<(string, bool)>(
                Path.Combine(_root, folder), static (ref entry) => (entry.FileName.ToString(), entry.IsDirectory), s_everything);
        }
        catch (DirectoryNotFoundException) when (folder.Length > 0)
        {
            return null;
        }
    }

    private bool IsIgnored(string path, bool isFolder) =>
        _own.Decide(path, isFolder) ?? _git.Decide(path, isFolder) ?? _usual.Decide(path, isFolder) ?? false;

    // Git's own rules are applied already.
    private bool IsLeftOut(string path, bool isTracked) =>
        IsInLeftOutFolder(path, isTracked) || Decision(path, isFolder: false, isTracked) == true;

    private bool? Decision(string path, bool isFolder, bool isTracked) =>
        _own.Decide(path, isFolder) ?? (isTracked ? null : _usual.Decide(path, isFolder));

    private bool IsInLeftOutFolder(string path, bool isTracked)
    {
        string folder = FolderOf(path);
        if (folder.Length == 0) return false;
        string key = isTracked ? folder : folder + "/";
        if (_folders.TryGetValue(key, out bool known)) return known;
        return _folders[key] = IsInLeftOutFolder(folder, isTracked) || UsualFiles.IsNeverTaken(Path.Combine(_root, folder))
            || Decision(folder, isFolder: true, isTracked) == true;
    }

    // A pattern of .refragignore takes back what Git ignores by its own name or by that of a folder above.
    private bool IsTakenBack(string path)
    {
        bool? last = null;
        for (int at = path.IndexOf('/', StringComparison.Ordinal); at >= 0; at = path.IndexOf('/', at + 1))
        {
            if (UsualFiles.IsNeverTaken(Path.Combine(_root, path[..at]))) return false;
            last = _own.Decide(path[..at], isFolder: true) ?? last;
            if (last == true) return false;
        }
        return (_own.Decide(path, isFolder: false) ?? last) == false;
    }

    private void Include(string path)
    {
        string full = Path.Combine(_root, path);
        if (!ArchivePaths.IsWithin(path) || IsBelowLink(path) || Directory.Exists(full) || !Path.Exists(full))
        {
            _problems.Add(CodeProblems.NotIncluded(path, _place));
            return;
        }
        Add(path, []);
    }

    private void Add(string path, List<string> repositories)
    {
        // Git tracks a file whose folder was replaced by a link: the link is archived, and what it leads to by its own path.
        if (IsBelowLink(path)) return;
        string full = Path.Combine(_root, path);
        // One call of the system for nearly every file.
        if (!OperatingSystem.IsWindows() && FileStatus.FindStamp(full) is { } stamp)
            AddFile(new CodeFile(path, stamp.Bytes, stamp.IsExecutable) { Stamp = stamp });
        else
            AddUnstamped(path, new FileInfo(full), repositories);
    }

    private void AddFile(CodeFile file)
    {
        if (UsualFiles.IsSecret(file.Path) && !_included.Contains(file.Path)) _secrets.Add(file.Path);
        _files[file.Path] = file;
    }

    private void AddUnstamped(string path, FileInfo file, List<string> repositories)
    {
        if (file.LinkTarget is { } target)
        {
            if (!ArchivePaths.IsWithin(path, target)) _links.Add($"{path} -> {target}");
            else _files[path] = new CodeFile(path, Bytes: 0, IsExecutable: false, target);
            return;
        }
        if (Directory.Exists(file.FullName))
        {
            // A submodule, or a repository within this one. An empty folder of a submodule that was not fetched has nothing.
            bool isLeftOut = UsualFiles.IsNeverTaken(file.FullName) || _own.Decide(path, isFolder: true) == true;
            if (IsRepository(file.FullName) && !isLeftOut) repositories.Add(path);
            return;
        }
        // A tracked file that was removed, and what is no file: a pipe, a socket.
        if (!file.Exists || (!OperatingSystem.IsWindows() && !FileStatus.IsRegular(file.FullName))) return;
        bool isExecutable = !OperatingSystem.IsWindows() && (file.UnixFileMode & UnixFileMode.UserExecute) != UnixFileMode.None;
        AddFile(new CodeFile(path, file.Length, isExecutable));
    }

    private bool IsBelowLink(string path)
    {
        int end = path.LastIndexOf('/');
        if (end <= 0) return false;
        // Most files are in a folder that is known: no text is made of it.
        if (_linked.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(path.AsSpan(0, end), out bool known)) return known;
        string folder = path[..end];
        return _linked[folder] = IsBelowLink(folder) || new DirectoryInfo(Path.Combine(_root, folder)).LinkTarget is not null;
    }

    private static bool IsRepository(string folder) => Path.Exists(Path.Combine(folder, GitFolder.Name));

    private static string Within(string folder, string path) => folder.Length == 0 ? path : $"{folder}/{path}";

    private static string FolderOf(string path) => path.LastIndexOf('/') is > 0 and var at ? path[..at] : "";
}

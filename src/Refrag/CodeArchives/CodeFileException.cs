namespace Refrag.CodeArchives;

/// <summary>A file of the code cannot be archived as it was listed.</summary>
internal sealed class CodeFileException : Exception
{
    private readonly string _path;
    private readonly string? _why;

    private CodeFileException(string path, string? why)
        : base($"{path}: {why ?? "changed"}") => (_path, _why) = (path, why);

    /// <summary>It has another content than when it was listed, or is gone.</summary>
    public static CodeFileException Changed(string path) => new(path, why: null);

    /// <summary>It cannot be read.</summary>
    public static CodeFileException Unreadable(string path, string why) => new(path, why);

    /// <summary>The same for a user.</summary>
    public Problem ToProblem(Place? place) =>
        _why is null ? CodeProblems.Changed(_path, place) : CodeProblems.Unreadable(_path, _why, place);
}

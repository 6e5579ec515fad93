namespace Refrag.Composition.ConfigFiles;

/// <summary>
/// One entry of a file's <c>defaults:</c> list, as it was written. The file's entries are read once and shared by every composition.
/// </summary>
internal sealed record DefaultsEntry
{
    /// <summary>The entry that stands for the file's own content.</summary>
    public const string SelfPath = "_self_";

    /// <summary>Whether the entry names a group and an option, and not a file.</summary>
    public bool IsGroup { get; init; }

    /// <summary>
    /// The file (<c>db/mysql</c>) or the group (<c>db</c>), without keywords and package; a leading <c>/</c> makes it absolute.
    /// </summary>
    public required string Path { get; init; }

    /// <summary>What follows <c>@</c>; null if there is no <c>@</c>, empty for <c>_here_</c>.</summary>
    public string? Package { get; init; }

    /// <summary>The option of a group; null for <c>null</c> and where there are <see cref="Options"/>.</summary>
    public string? Option { get; init; }

    /// <summary>A list of options; null if there is one or none.</summary>
    public IReadOnlyList<string>? Options { get; init; }

    /// <summary>Whether the file may be missing.</summary>
    public bool IsOptional { get; init; }

    /// <summary>Whether the entry changes the option of an earlier entry.</summary>
    public bool IsOverride { get; init; }

    /// <summary>
    /// The group as written where a part of the option was moved into it: <c>db: aws/mysql</c> means <c>db/aws: mysql</c>.
    /// </summary>
    public string? WrittenGroup { get; init; }

    /// <summary>Whether the entry was appended on the command line (<c>+db=mysql</c>).</summary>
    public bool IsAppended { get; init; }

    /// <summary>Where the entry stands; null if it stands nowhere.</summary>
    public Place? Place { get; init; }

    /// <summary>Whether the entry stands for the file's own content.</summary>
    public bool IsSelf => (IsGroup ? Option : Path) == SelfPath;

    /// <summary>Whether the entry needs choices that are made elsewhere.</summary>
    public bool IsInterpolated => (IsGroup ? Option : Path)?.Contains("${", StringComparison.Ordinal) ?? false;

    /// <summary>The entry as it is written in a list.</summary>
    public string Written
    {
        get
        {
            string package = Package switch { null => "", "" => "@_here_", _ => $"@{Package}" };
            return IsGroup ? $"{Path}{package}: {WrittenOption}" : $"{Path}{package}";
        }
    }

    private string WrittenOption => Options is null ? Option ?? "null" : $"[{string.Join(", ", Options)}]";

    /// <summary>
    /// Moves what stands before the last <c>/</c> of the option into the group, so that the option's own defaults are found beside it.
    /// </summary>
    public DefaultsEntry Normalized()
    {
        if (!IsGroup || Option is null || IsInterpolated) return this;
        int slash = Option.LastIndexOf('/');
        if (slash < 0 || Option.Split('/').Contains("..")) return this;
        return this with { Path = $"{Path}/{Option[..slash]}", Option = Option[(slash + 1)..], WrittenGroup = Path };
    }
}

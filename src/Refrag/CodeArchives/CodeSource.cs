namespace Refrag.CodeArchives;

/// <summary>The code that a job brings, as the user asks for it.</summary>
/// <param name="Path">The folder; a relative path counts from where refrag is called.</param>
/// <param name="Store">The URL of the store; null for the one of this machine.</param>
/// <param name="Limit">The most MiB that the files may have together.</param>
/// <param name="Include">Files to take although they are ignored or look like secrets; relative to the folder.</param>
public sealed record CodeSource(string Path, string? Store, int Limit, IReadOnlyList<string> Include)
{
    /// <summary>The limit where the user gives none, in MiB.</summary>
    public const int DefaultLimit = 256;

    /// <summary>The largest limit, in MiB: the header of a tar archive has eleven octal digits for a file's size, so up to 8 GiB.</summary>
    public const int MostLimit = 8191;

    /// <summary>The same for equal sources.</summary>
    public string Key => string.Join('\n', (string[])[Path, Store ?? "", $"{Limit}", .. Include]);
}

/// <summary>Code in a store, as a job names it.</summary>
/// <param name="Url">Where the archive is.</param>
/// <param name="Digest">SHA-256 of the archive before its compression, in 64 hexadecimal digits.</param>
/// <param name="Git">Where in its history the code stands; null if it is in no Git repository.</param>
public sealed record CodeReference(string Url, string Digest, GitState? Git = null);

/// <summary>What a folder of a Git repository holds.</summary>
/// <param name="Commit">The commit that is checked out; null if there is none yet.</param>
/// <param name="Branch">The branch that is checked out; null if none is.</param>
/// <param name="IsDirty">Whether the folder differs from the commit, by files that Git does not track yet too.</param>
public sealed record GitState(string? Commit, string? Branch, bool IsDirty);

/// <summary>A file or a symbolic link of an archive.</summary>
/// <param name="Path">Its path in the folder, with slashes.</param>
/// <param name="Bytes">The file's size; 0 for a link.</param>
/// <param name="IsExecutable">Whether its owner may execute it.</param>
/// <param name="LinkTarget">What a link points at; null for a file.</param>
public sealed record CodeFile(string Path, long Bytes, bool IsExecutable, string? LinkTarget = null)
{
    /// <summary>The file's stamp when it was listed; null for a link, or if the system does not report it.</summary>
    internal FileStamp? Stamp { get; init; }
}

namespace Refrag.CodeArchives;

/// <summary>The files of the code in a folder, in the order of an archive.</summary>
/// <param name="Folder">The folder, absolute.</param>
/// <param name="Files">The files and links, by their paths.</param>
/// <param name="Git">Where in its history the code stands; null if it is in no Git repository.</param>
public sealed record CodeListing(string Folder, IReadOnlyList<CodeFile> Files, GitState? Git)
{
    /// <summary>The bytes of all files.</summary>
    public long Bytes => Files.Sum(file => file.Bytes);
}

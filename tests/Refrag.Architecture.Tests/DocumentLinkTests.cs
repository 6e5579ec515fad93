namespace Refrag.Architecture.Tests;

/// <summary>The documents lead where they say, and each page is listed.</summary>
public sealed class DocumentLinkTests
{
    private static readonly MarkdownPage[] s_pages = [.. MarkdownPage.List(Repository.Root)];

    [Fact]
    public void Links_ToFilesAndHeadings_Resolve()
    {
        string[] broken = [.. s_pages.SelectMany(page => page.Links.Where(link => !Resolves(page.Path, link.Target))
            .Select(link => $"{page.Path}:{link.Line}: {link.Target}"))];

        Assert.Contains(s_pages, page => page.Links.Any());
        Assert.Empty(broken);
    }

    [Theory]
    [InlineData("guides")]
    [InlineData("concepts")]
    public void Pages_OfAKind_AreListedInTheIndex(string kind)
    {
        HashSet<string> listed = [.. MarkdownPage.Read(Repository.Root, "docs/README.md").Links.Select(link => $"docs/{link.Target}")];

        string[] left = [.. s_pages.Select(page => page.Path)
            .Where(path => path.StartsWith($"docs/{kind}/", StringComparison.Ordinal) && !listed.Contains(path))];

        Assert.NotEmpty(listed);
        Assert.Empty(left);
    }

    private static bool Resolves(string page, string target)
    {
        if (Uri.TryCreate(target, UriKind.Absolute, out Uri? url) && !url.IsFile) return true;
        string[] parts = target.Split('#', 2);
        string path = parts[0].Length == 0
            ? page
            : Path.GetRelativePath(Repository.Root, Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, parts[0]));
        // The reference is written by the program, and may not have been written yet.
        if (path.StartsWith("docs/reference", StringComparison.Ordinal)
            && !Directory.Exists(Path.Combine(Repository.Root, "docs/reference")))
            return true;
        return Path.Exists(Path.Combine(Repository.Root, path))
            && (parts.Length == 1 || MarkdownPage.Read(Repository.Root, path).Anchors().Contains(parts[1]));
    }
}

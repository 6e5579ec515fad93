using System.Net;
using System.Security.Cryptography;
using Refrag.Dashboard.Files;

namespace Refrag.Dashboard.Tests.Files;

/// <summary>The built page inside the program.</summary>
public sealed class PageFilesTests
{
    // What the first view may take on its way.
    private const int MostCompressed = 150_000;

    [Fact]
    public void Files_AllOfThem_AreSmall()
    {
        PageFiles files = new();

        Assert.Equal(["/app.css", "/app.js", "/icon.svg", "/index.html"], files.Paths.Order(StringComparer.Ordinal));
        Assert.InRange(files.Paths.Sum(path => files.Find(path)!.CompressedBytes), 1, MostCompressed);
    }

    // The output of the build is in the repository; its stamp names what it was made from.
    [Fact]
    public void Files_AsBuilt_AreMadeFromTheseSources()
    {
        string web = Path.Combine(Root(AppContext.BaseDirectory), "src", "Refrag.Dashboard", "web");
        IEnumerable<string> sources = ((string[])["public", "src"])
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(web, folder), "*", SearchOption.AllDirectories))
            .Concat(((string[])["index.html", "package-lock.json", "tsconfig.json", "vite.config.ts"])
                .Select(name => Path.Combine(web, name)));
        IEnumerable<string> lines = sources.Select(file =>
            $"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))}  {Path.GetRelativePath(web, file).Replace('\\', '/')}");

        Assert.Equal(File.ReadAllLines(Path.Combine(web, "dist", "sources.sha256")).Order(StringComparer.Ordinal),
            lines.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Page_HasNothingInlineAndNothingFromElsewhere()
    {
        await using OpenPage page = await OpenPage.StartAsync();

        var (status, html, headers) = await page.SendAsync(page.Request(HttpMethod.Get, "/"));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.DoesNotContain("<script>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("style=", html, StringComparison.Ordinal);
        Assert.DoesNotContain("://", html, StringComparison.Ordinal);
        Assert.NotNull(headers.ETag);
    }

    [Fact]
    public async Task File_ThatTheBrowserHas_IsNotSentAgain()
    {
        await using OpenPage page = await OpenPage.StartAsync();
        var (_, _, headers) = await page.SendAsync(page.Request(HttpMethod.Get, "/app.js"));
        HttpRequestMessage again = page.Request(HttpMethod.Get, "/app.js");
        again.Headers.IfNoneMatch.Add(headers.ETag!);

        var (status, body, _) = await page.SendAsync(again);

        Assert.Equal((HttpStatusCode.NotModified, ""), (status, body));
    }

    [Theory]
    [InlineData("/sources.sha256")]
    [InlineData("/%2e%2e/etc/passwd")]
    public async Task File_ThatIsNone_IsNotThere(string path)
    {
        await using OpenPage page = await OpenPage.StartAsync();

        var (status, _, _) = await page.SendAsync(page.Request(HttpMethod.Get, path));

        Assert.Equal(HttpStatusCode.NotFound, status);
    }

    private static string Root(string directory) =>
        File.Exists(Path.Combine(directory, "refrag.slnx")) ? directory : Root(Path.GetDirectoryName(directory)!);
}

using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Refrag.Dashboard.Files;

/// <summary>The built page inside the program: compressed once, asked for again by tag.</summary>
internal sealed class PageFiles
{
    private const string Prefix = "page/";

    private readonly FrozenDictionary<string, PageFile> _files = typeof(PageFiles).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToFrozenDictionary(name => "/" + name[Prefix.Length..], name => new PageFile(name), StringComparer.Ordinal);

    /// <summary>The file of a path, <c>/</c> for the page; null if there is none.</summary>
    public PageFile? Find(string path) => _files.GetValueOrDefault(path == "/" ? "/index.html" : path);

    /// <summary>All paths.</summary>
    public IEnumerable<string> Paths => _files.Keys;
}

/// <summary>One file of the page.</summary>
/// <param name="resource">Its name in the program.</param>
internal sealed class PageFile(string resource)
{
    private readonly Lazy<(byte[] Plain, byte[] Compressed, string Tag)> _content = new(() => Read(resource));

    /// <summary>How large it is on its way.</summary>
    public int CompressedBytes => _content.Value.Compressed.Length;

    /// <summary>Writes it, or that the browser has it.</summary>
    public async Task WriteAsync(HttpRequest request, HttpResponse response, CancellationToken cancellationToken)
    {
        (byte[] plain, byte[] compressed, string tag) = _content.Value;
        // Kept, and asked for each time: another version of refrag has other files.
        response.Headers.CacheControl = "no-cache";
        response.Headers.ETag = tag;
        response.Headers.Vary = "Accept-Encoding";
        if (request.Headers.IfNoneMatch.Contains(tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        bool takes = request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal);
        byte[] body = takes ? compressed : plain;
        if (takes) response.Headers.ContentEncoding = "br";
        response.ContentType = TypeOf(resource);
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, cancellationToken);
    }

    private static (byte[] Plain, byte[] Compressed, string Tag) Read(string resource)
    {
        using Stream stream = typeof(PageFile).Assembly.GetManifestResourceStream(resource)!;
        var plain = new MemoryStream();
        stream.CopyTo(plain);
        var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
            brotli.Write(plain.GetBuffer(), 0, (int)plain.Length);
        byte[] content = plain.ToArray();
        return (content, compressed.ToArray(), $"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..32]}\"");
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "application/octet-stream",
    };
}

using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Security;
using System.Security.Cryptography;
using System.Text;

namespace Refrag.Aws.S3;

/// <summary>
/// Objects of S3, written whole or not at all and checked by SHA-256 on the way. What is larger than a part goes in parts, and each
/// part may be sent again.
/// </summary>
/// <param name="options">How S3 is reached.</param>
/// <param name="handler">Sends; disposed with this.</param>
public sealed class S3Objects(AwsClientOptions options, HttpMessageHandler handler) : IDisposable
{
    /// <summary>
    /// Bytes of a part: at least the 5 MiB that S3 demands, and few enough for a slow connection within one attempt. Those of an object
    /// that would have too many of them are larger.
    /// </summary>
    public const int PartBytes = 8 * 1024 * 1024;

    // An object has at most 10,000. (S3 User Guide, multipart upload limits)
    private const int MostParts = 10_000;

    // Parts are joined for several minutes, and a second request meanwhile would not help. (API CompleteMultipartUpload)
    private static readonly TimeSpan s_joining = TimeSpan.FromMinutes(15);

    /// <summary>S3's code of an object that was replaced while it was read.</summary>
    public const string PreconditionFailed = "PreconditionFailed";

    private readonly S3Exchange _exchange = new(options, handler);

    /// <summary>Objects, over a connection pool of its own.</summary>
    /// <param name="options">How S3 is reached.</param>
    public S3Objects(AwsClientOptions options)
        : this(options, new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5) })
    {
    }

    /// <summary>Whether an object exists. Without the right to list the bucket, S3 refuses to say that it does not.</summary>
    public async Task<bool> ExistsAsync(S3Address address, CancellationToken cancellationToken) =>
        await HeadAsync("HeadObject", address, cancellationToken) is not null;

    /// <summary>Whether a bucket exists.</summary>
    public async Task<bool> HasBucketAsync(string bucket, CancellationToken cancellationToken) =>
        await HeadAsync("HeadBucket", new S3Address(bucket, ""), cancellationToken) is not null;

    /// <summary>
    /// Whether an object exists; one that was written longer ago than <paramref name="age"/> is copied onto itself first, so that rules of
    /// the bucket count from now on. One that cannot be copied is left as it is.
    /// </summary>
    public async Task<bool> RenewAsync(S3Address address, TimeSpan age, CancellationToken cancellationToken)
    {
        if (await HeadAsync("HeadObject", address, cancellationToken) is not { } found) return false;
        if (found.Modified is not { } written || options.Time.GetUtcNow() - written < age) return true;
        S3Request copy = new("CopyObject", HttpMethod.Put, address)
        {
            Body = [],
            // S3 copies nothing onto itself without a change. (API CopyObject)
            Headers = [("X-Amz-Copy-Source", $"/{address.Bucket}/{address.Path}"), ("X-Amz-Metadata-Directive", "REPLACE")],
        };
        try
        {
            await _exchange.SendAsync(copy, cancellationToken);
        }
        catch (AwsException)
        {
            // More than 5 GiB, no right to write, or a copy that takes longer than an answer may: it is there all the same.
        }
        return true;
    }

    /// <summary>Writes an object from a stream's position to its end; what is under its name already is replaced.</summary>
    public Task PutAsync(S3Address address, Stream content, CancellationToken cancellationToken) =>
        PutAsync(address, content, (long)PartBytes * MostParts, cancellationToken);

    /// <summary>The same of content whose size is known: no more memory than needed is taken, and it may have any size.</summary>
    /// <param name="address">Where it is written.</param>
    /// <param name="content">The content.</param>
    /// <param name="bytes">The most bytes that it has.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task PutAsync(S3Address address, Stream content, long bytes, CancellationToken cancellationToken)
    {
        int partBytes = checked((int)Math.Max(PartBytes, (bytes + MostParts - 1) / MostParts));
        byte[] first = await PartAsync(content, (int)Math.Min(partBytes, bytes), cancellationToken);
        if (first.Length < partBytes)
        {
            S3Request put = new("PutObject", HttpMethod.Put, address)
            {
                Body = first,
                Headers = [("X-Amz-Checksum-Sha256", Checksum(first))],
            };
            await _exchange.SendAsync(put, cancellationToken);
            return;
        }
        string upload = await BeginAsync(address, cancellationToken);
        try
        {
            await PutPartsAsync(address, upload, first, content, partBytes, cancellationToken);
        }
        catch
        {
            await AbortAsync(address, upload);
            throw;
        }
    }

    /// <summary>
    /// Writes an object if none has its name. Of several that try at once, at most one hears that it did; one whose first answer was lost
    /// hears that it did not, and finds its own content there. (S3 User Guide, conditional writes)
    /// </summary>
    /// <param name="address">Where it is written.</param>
    /// <param name="content">All that it holds.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it was written.</returns>
    public async Task<bool> CreateAsync(S3Address address, byte[] content, CancellationToken cancellationToken)
    {
        S3Request put = new("PutObject", HttpMethod.Put, address)
        {
            Body = content,
            Headers = [("X-Amz-Checksum-Sha256", Checksum(content)), ("If-None-Match", "*")],
        };
        try
        {
            await _exchange.SendAsync(put, cancellationToken);
            return true;
        }
        // 409: another one writes it at this moment, or removes it. Whoever asks again sees which. (API PutObject)
        catch (AwsServiceException fault) when (fault.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict)
        {
            return false;
        }
    }

    /// <summary>The keys of a bucket that begin with a prefix, in S3's order, page by page.</summary>
    /// <param name="prefix">The bucket, and the beginning of the keys.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async IAsyncEnumerable<string> ListAsync(
        S3Address prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? token = null;
        do
        {
            string query = $"list-type=2&prefix={Uri.EscapeDataString(prefix.Key)}";
            // A signature is of the parameters in the order of their names.
            if (token is not null) query = $"continuation-token={Uri.EscapeDataString(token)}&{query}";
            S3Answer page = await _exchange.SendAsync(
                new S3Request("ListObjectsV2", HttpMethod.Get, new S3Address(prefix.Bucket, "")) { Query = query }, cancellationToken);
            token = null;
            foreach ((string path, string text) in XmlLeaves.Of(page.Body))
            {
                if (path.EndsWith("/Contents/Key", StringComparison.Ordinal)) yield return text;
                if (path.EndsWith("/NextContinuationToken", StringComparison.Ordinal)) token = text;
            }
        }
        while (token is not null);
    }

    /// <summary>
    /// Reads an object into a stream. One that is replaced meanwhile is not mixed: S3 then refuses with the code
    /// <see cref="PreconditionFailed"/>.
    /// </summary>
    public async Task GetAsync(S3Address address, Stream output, CancellationToken cancellationToken)
    {
        long at = 0;
        long? total;
        string? tag = null;
        do
        {
            string range = string.Create(CultureInfo.InvariantCulture, $"bytes={at}-{at + PartBytes - 1}");
            S3Request get = new("GetObject", HttpMethod.Get, address)
            {
                Headers = tag is null ? [("Range", range)] : [("Range", range), ("If-Match", tag)],
            };
            S3Answer answer;
            try
            {
                answer = await _exchange.SendAsync(get, cancellationToken);
            }
            // An object without content has no range at all. (API GetObject)
            catch (AwsServiceException fault) when (at == 0 && fault.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                return;
            }
            await output.WriteAsync(answer.Body, cancellationToken);
            at += answer.Body.Length;
            tag = answer.ETag;
            total = answer.Body.Length > 0 ? answer.Total : null;
        }
        while (at < total);
    }

    /// <summary>Removes an object; one that is not there counts as removed.</summary>
    public Task RemoveAsync(S3Address address, CancellationToken cancellationToken) =>
        _exchange.SendAsync(new S3Request("DeleteObject", HttpMethod.Delete, address), cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _exchange.Dispose();

    // Null if there is none.
    private async Task<S3Answer?> HeadAsync(string operation, S3Address address, CancellationToken cancellationToken)
    {
        try
        {
            return await _exchange.SendAsync(new S3Request(operation, HttpMethod.Head, address), cancellationToken);
        }
        catch (AwsServiceException fault) when (fault.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private async Task<string> BeginAsync(S3Address address, CancellationToken cancellationToken)
    {
        S3Answer begun = await _exchange.SendAsync(
            new S3Request("CreateMultipartUpload", HttpMethod.Post, address)
            {
                Query = "uploads=",
                Body = [],
                Headers = [("X-Amz-Checksum-Algorithm", "SHA256")],
            },
            cancellationToken);
        return XmlLeaves.Of(begun.Body).FirstOrDefault(leaf => leaf.Path.EndsWith("/UploadId", StringComparison.Ordinal)).Text
            ?? throw new InvalidDataException("S3 began an upload without an id.");
    }

    private async Task PutPartsAsync(
        S3Address address, string upload, byte[] first, Stream content, int partBytes, CancellationToken cancellationToken)
    {
        var list = new StringBuilder("<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
        string id = Uri.EscapeDataString(upload);
        int number = 0;
        for (byte[] part = first; part.Length > 0; part = await PartAsync(content, partBytes, cancellationToken))
        {
            number++;
            string checksum = Checksum(part);
            S3Answer sent = await _exchange.SendAsync(
                new S3Request("UploadPart", HttpMethod.Put, address)
                {
                    Query = string.Create(CultureInfo.InvariantCulture, $"partNumber={number}&uploadId={id}"),
                    Body = part,
                    Headers = [("X-Amz-Checksum-Sha256", checksum)],
                },
                cancellationToken);
            list.Append(CultureInfo.InvariantCulture, $"<Part><PartNumber>{number}</PartNumber>")
                .Append(CultureInfo.InvariantCulture, $"<ETag>{SecurityElement.Escape(sent.ETag ?? "")}</ETag>")
                .Append(CultureInfo.InvariantCulture, $"<ChecksumSHA256>{checksum}</ChecksumSHA256></Part>");
        }
        list.Append("</CompleteMultipartUpload>");
        try
        {
            await _exchange.SendAsync(
                new S3Request("CompleteMultipartUpload", HttpMethod.Post, address)
                {
                    Query = $"uploadId={id}",
                    Body = Encoding.UTF8.GetBytes(list.ToString()),
                    AttemptTime = s_joining,
                },
                cancellationToken);
        }
        // Its first answer was lost, and the second request finds the upload completed.
        catch (AwsServiceException fault) when (fault.ErrorCode == "NoSuchUpload")
        {
            if (!await ExistsAsync(address, cancellationToken)) throw;
        }
    }

    // Parts that no upload completes are paid for until a rule of the bucket removes them.
    private async Task AbortAsync(S3Address address, string upload)
    {
        try
        {
            await _exchange.SendAsync(
                new S3Request("AbortMultipartUpload", HttpMethod.Delete, address) { Query = $"uploadId={Uri.EscapeDataString(upload)}" },
                CancellationToken.None);
        }
        catch (AwsException)
        {
            // What failed first is reported.
        }
    }

    private static async Task<byte[]> PartAsync(Stream content, int bytes, CancellationToken cancellationToken)
    {
        byte[] part = new byte[bytes];
        int read = await content.ReadAtLeastAsync(part, bytes, throwOnEndOfStream: false, cancellationToken);
        return read == bytes ? part : part[..read];
    }

    private static string Checksum(byte[] body) => Convert.ToBase64String(SHA256.HashData(body));
}

using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Refrag.Server.Failures;
using Refrag.Server.Limits;

namespace Refrag.Server.Reading;

/// <summary>Reads a body whole, as a signature and strict reading need it, up to the limit.</summary>
internal static class BodyReader
{
    /// <summary>The body; <see cref="ServiceFault"/> where it is too large.</summary>
    public static async ValueTask<byte[]> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength is 0 or null && !request.Headers.ContainsKey("Transfer-Encoding")) return [];
        PipeReader reader = request.BodyReader;
        while (true)
        {
            ReadResult read = await ReadAsync(reader, cancellationToken);
            if (read.Buffer.Length > ServerLimits.BodyBytes)
            {
                await DrainAsync(reader, read, cancellationToken);
                throw ServiceFault.TooLarge(ServerLimits.BodyBytes);
            }
            if (read.IsCompleted)
            {
                byte[] body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    // A client that is still sending would see a broken connection instead of the answer.
    private static async Task DrainAsync(PipeReader reader, ReadResult read, CancellationToken cancellationToken)
    {
        while (true)
        {
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return;
            read = await ReadAsync(reader, cancellationToken);
        }
    }

    // The server below says of most broken bodies that the request is bad; of a chunk's size beyond any number it only says that it cannot
    // read.
    private static async ValueTask<ReadResult> ReadAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadAsync(cancellationToken);
        }
        catch (IOException broken) when (broken is not (BadHttpRequestException or ConnectionResetException))
        {
            throw new BadHttpRequestException(broken.Message, broken);
        }
    }
}

using System.Net;
using System.Net.Http.Headers;

namespace Refrag.Aws;

/// <summary>
/// A body that remembers whether sending it was begun: before that, a broken connection cannot have delivered the request.
/// </summary>
internal sealed class SendTrackingContent : HttpContent
{
    private readonly byte[] _body;

    public SendTrackingContent(byte[] body, string type)
    {
        _body = body;
        Headers.ContentType = new MediaTypeHeaderValue(type);
    }

    public bool WasBegun { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        WasBegun = true;
        return stream.WriteAsync(_body, cancellationToken).AsTask();
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}

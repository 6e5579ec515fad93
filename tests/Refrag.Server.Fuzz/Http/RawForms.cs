using System.Globalization;
using System.Text;

namespace Refrag.Server.Fuzz.Http;

/// <summary>Requests that differ as HTTP: request lines, headers, lengths, chunks, paths.</summary>
internal sealed class RawForms(Random chance)
{
    private const string Body = """{"jobQueues":["a"]}""";

    private static readonly string[] s_lines =
    [
        "POST /v1/describejobqueues HTTP/1.1", "post /v1/describejobqueues HTTP/1.1", "POST /v1/describejobqueues HTTP/1.0",
        "POST /v1/describejobqueues", "GET /healthz HTTP/1.1", "HEAD /healthz HTTP/1.1",
        "OPTIONS * HTTP/1.1", "CONNECT localhost:1 HTTP/1.1", "TRACE / HTTP/1.1", "POST http://localhost/v1/describejobqueues HTTP/1.1",
        "POST //v1/describejobqueues HTTP/1.1", "POST /v1/../v1/describejobqueues HTTP/1.1",
        "POST /v1/%64escribejobqueues HTTP/1.1", "POST /v1/describejobqueues%00 HTTP/1.1", "POST /v1/describejobqueues? HTTP/1.1",
        "POST /v1/describejobqueues?a=%zz&=&&=b HTTP/1.1", "GET /v1/tags/%zz HTTP/1.1", "GET /v1/tags/ HTTP/1.1",
        "GET /v1/tags/arn%3Aaws%3Abatch%3Aus-east-1%3A000000000000%3Ajob-queue%2Frefrag-cpu-job-queue HTTP/1.1",
        "DELETE /v1/tags/a?tagKeys=%ff%fe HTTP/1.1", "DELETE /v1/tags/%2e%2e%2f?tagKeys HTTP/1.1", "POST / HTTP/1.1", "PUT / HTTP/1.1",
        "GET /refrag/events HTTP/1.1", "GET /rehearsal/fleets HTTP/1.1", "GET /rehearsal/start HTTP/1.1",
        "POST /rehearsal/events HTTP/1.1", "\0 / HTTP/1.1",
        "GET\t/healthz\tHTTP/1.1", "GET /\x7f HTTP/1.1", "GET /\u00e4 HTTP/1.1", "", "\r\n\r\nGET /healthz HTTP/1.1", "PRI * HTTP/2.0",
    ];

    private static readonly string[] s_headers =
    [
        "Host: localhost", "Host: example.com", "Host:", "Host: a b", "Host: [::1]:80", "Host: localhost:99999",
        "Host: localhost\r\nHost: localhost", "Authorization: any", "Authorization: any\r\nAuthorization: other", "Authorization:",
        "Authorization: AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/batch/aws4_request, SignedHeaders=host, Signature=00",
        "Authorization: AWS4-HMAC-SHA256 Credential=////, SignedHeaders=;;;, Signature=",
        "X-Amz-Date: 20260101T000000Z", "X-Amz-Date: 99999999T999999Z", "X-Amz-Target: Logs_20140328.GetLogEvents",
        "X-Amz-Target: AmazonEC2ContainerServiceV20141113.ListTasks", "X-Amz-Target: x", "X-Amz-Target:",
        "Origin: http://evil.example", "Origin: http://a.example\r\nOrigin: http://b.example", "Origin: null", "Origin:",
        "Content-Type: application/x-www-form-urlencoded", "Content-Type: text/plain; charset=utf-7", "Content-Encoding: gzip",
        "Expect: 100-continue", "Expect: something", "Upgrade: websocket\r\nConnection: Upgrade",
        "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__", "Connection: close",
        "Connection: keep-alive, close",
        "X-A : space before the colon", " folded: line", "X-\0: a", "X-A: \0", "X-A: \u00ff\u00fe", "X-A", ": no name",
        "Accept-Encoding: gzip, br", "Cookie: a=b; c=d", "Range: bytes=0-0", "X-HTTP-Method-Override: DELETE",
        "Transfer-Encoding: identity", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: chunked, identity", "TE: trailers",
    ];

    private static readonly string[] s_lengths = ["0", "1", "18", "19", "20", "-1", "+19", "019", "0x13", "19, 19",
        "19\r\nContent-Length: 20", "99999999", "2147483648", "9223372036854775808", "", "a", "19.0"];

    private static readonly string[] s_sizes = ["13", "0013", "013;a=b", "13;a=\"\r\n\"", "ffffffffffffffff", "fffffffffffffffff",
        "7fffffffffffffff", "80000000", "100000000", "-1", "", "g", "1 3", "13\n", "0x13", "13;" + new string('a', 300)];

    /// <summary>The bytes of one request, which the server may answer or cut off.</summary>
    public byte[] Next()
    {
        var text = new StringBuilder(s_lines[chance.Next(s_lines.Length)]).Append("\r\n");
        if (chance.Next(8) > 0) text.Append("Host: localhost\r\n");
        if (chance.Next(4) > 0) text.Append("Authorization: any\r\n");
        for (int i = chance.Next(3); i > 0; i--) text.Append(s_headers[chance.Next(s_headers.Length)]).Append("\r\n");
        if (chance.Next(20) == 0) AppendMany(text);
        AppendBody(text);
        byte[] bytes = Encoding.Latin1.GetBytes(text.ToString());
        return chance.Next(12) == 0 ? bytes[..chance.Next(bytes.Length)] : bytes;
    }

    private void AppendMany(StringBuilder text)
    {
        if (chance.Next(2) == 0) text.Append(CultureInfo.InvariantCulture, $"X-Long: {new string('a', chance.Next(1, 70_000))}\r\n");
        else for (int i = chance.Next(100); i > 0; i--) text.Append(CultureInfo.InvariantCulture, $"X-{i}: a\r\n");
    }

    private void AppendBody(StringBuilder text)
    {
        switch (chance.Next(5))
        {
            case 0: text.Append("\r\n"); break;
            case 1:
                text.Append(
                CultureInfo.InvariantCulture, $"Content-Length: {s_lengths[chance.Next(s_lengths.Length)]}\r\n\r\n{Body}"); break;
            case 2:
                text.Append(
                CultureInfo.InvariantCulture, $"Content-Length: {Body.Length}\r\nTransfer-Encoding: chunked\r\n\r\n{Body}"); break;
            case 3: text.Append("Transfer-Encoding: chunked\r\n\r\n").Append(Chunks()); break;
            default: text.Append(CultureInfo.InvariantCulture, $"Content-Length: {Body.Length}\r\n\r\n{Body}"); break;
        }
    }

    private string Chunks()
    {
        string size = chance.Next(3) == 0 ? "13" : s_sizes[chance.Next(s_sizes.Length)];
        string end = chance.Next(4) switch
        {
            0 => "",
            1 => "0\r\nX-Trailer: a\r\n\r\n",
            2 => "0\r\nContent-Length: 5\r\n\r\n",
            _ => "0\r\n\r\n"
        };
        return $"{size}\r\n{Body}\r\n{end}";
    }
}

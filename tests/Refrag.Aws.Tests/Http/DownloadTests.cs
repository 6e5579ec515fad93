using System.Net;

namespace Refrag.Aws.Tests.Http;

public sealed class DownloadTests
{
    private static readonly Uri s_url = new("https://layers.example/blob");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DownloadAsync_Blob_IsFetchedWithoutCredentials()
    {
        var handler = new Answering(HttpStatusCode.OK, 100);
        using AwsClient client = Client(handler);

        Assert.Equal(100, (await client.DownloadAsync(s_url, 100, Stop)).Length);
        Assert.Null(handler.Asked!.Headers.Authorization);
    }

    [Fact]
    public async Task DownloadAsync_LargerThanAllowed_IsGivenUp()
    {
        using AwsClient client = Client(new Answering(HttpStatusCode.OK, 101));

        await Assert.ThrowsAsync<InvalidDataException>(() => client.DownloadAsync(s_url, 100, Stop));
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://layers.example/blob")]
    public async Task DownloadAsync_NotHttps_IsNotAsked(string url)
    {
        var handler = new Answering(HttpStatusCode.OK, 1);
        using AwsClient client = Client(handler);

        await Assert.ThrowsAsync<InvalidDataException>(() => client.DownloadAsync(new Uri(url), 100, Stop));
        Assert.Null(handler.Asked);
    }

    [Fact]
    public async Task DownloadAsync_Refused_Fails()
    {
        using AwsClient client = Client(new Answering(HttpStatusCode.Forbidden, 1));

        await Assert.ThrowsAsync<HttpRequestException>(() => client.DownloadAsync(s_url, 100, Stop));
    }

    private static AwsClient Client(HttpMessageHandler handler) => new(Clients.Options(s_url.ToString()), handler);

    private sealed class Answering(HttpStatusCode status, int bytes) : HttpMessageHandler
    {
        public HttpRequestMessage? Asked { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked = request;
            return Task.FromResult(new HttpResponseMessage(status) { Content = new ByteArrayContent(new byte[bytes]) });
        }
    }
}

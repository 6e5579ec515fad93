using System.Net;
using Refrag.Aws.Batch;
using Refrag.Dashboard.Problems;
using Refrag.Dashboard.Sources;

namespace Refrag.Dashboard.Tests.Access;

/// <summary>Who may see the page, and who may change jobs by it.</summary>
public sealed class PageAccessTests
{
    private const string End = """{"action":"terminate","ids":["one"]}""";

    [Theory]
    [InlineData("http://0.0.0.0:9100")]
    [InlineData("http://192.0.2.1:9100")]
    [InlineData("http://example.com:9100")]
    [InlineData("https://127.0.0.1:9100")]
    [InlineData("http://127.0.0.1:9100/path")]
    public void Address_NotOfLoopback_IsRefused(string url)
    {
        Problem? problem = DashboardProblems.CheckAddress(new Uri(url));

        Assert.Equal("RF8195", problem?.Code);
        Assert.Contains("127.0.0.1", problem!.Cure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Address_Taken_IsNamed()
    {
        await using OpenPage page = await OpenPage.StartAsync();
        var options = new DashboardOptions
        {
            Url = page.Url,
            Place = new DashboardPlace { Name = "fake", Words = "" },
        };

        Result<DashboardServer> second = await DashboardServer.StartAsync(
            options, page.Source, TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Equal("RF8196", Assert.Single(second.Problems).Code);
    }

    // Kestrel listens on two addresses for localhost, and cannot give both the same free port.
    [Fact]
    public async Task Address_LocalhostWithAnyPort_IsAProblem()
    {
        var options = new DashboardOptions
        {
            Url = new Uri("http://localhost:0"),
            Place = new DashboardPlace { Name = "fake", Words = "" },
        };

        Result<DashboardServer> started = await DashboardServer.StartAsync(
            options, new FakeSource(new FakeBatch()), TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Equal("RF8196", Assert.Single(started.Problems).Code);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/app.js")]
    [InlineData("/api/session")]
    [InlineData("/api/jobs")]
    [InlineData("/api/job/one/log.txt")]
    public async Task Request_WithoutACookie_IsRefused(string path)
    {
        await using OpenPage page = await OpenPage.StartAsync(enter: false);

        var (status, body, _) = await page.SendAsync(page.Request(HttpMethod.Get, path));

        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Contains("RF8197", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_Used_OpensThePageOnceAndLeavesTheAddress()
    {
        await using OpenPage page = await OpenPage.StartAsync(enter: false);
        Uri entrance = page.Entrance;

        using HttpResponseMessage first = await page.Http.GetAsync(entrance, TestContext.Current.CancellationToken);
        using HttpResponseMessage second = await page.Http.GetAsync(entrance, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.SeeOther, "/"), (first.StatusCode, first.Headers.Location?.ToString()));
        // (RFC 6265, HttpOnly; RFC 6265bis, SameSite)
        string cookie = first.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("; samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.Unauthorized, second.StatusCode);
        Assert.NotEqual(entrance, Assert.Single(page.Announced));
    }

    [Fact]
    public async Task Token_NextOne_OpensAnotherBrowser()
    {
        await using OpenPage page = await OpenPage.StartAsync();

        using HttpResponseMessage other = await page.Http.GetAsync(page.Announced[0], TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.SeeOther, other.StatusCode);
        Assert.DoesNotContain(page.Cookie!, other.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);
    }

    // Its other pages are open, and their changes name the session's token.
    [Fact]
    public async Task Token_InABrowserThatIsIn_KeepsItsSession()
    {
        await using OpenPage page = await OpenPage.StartAsync();
        page.Batch.Put(FakeBatch.Job("one", JobStatus.Running));
        Uri next = page.Entrance;
        HttpRequestMessage again = page.Request(HttpMethod.Get, next.PathAndQuery);

        var (status, _, headers) = await page.SendAsync(again);
        await page.PostAsync("/api/actions", End);

        Assert.Equal(HttpStatusCode.SeeOther, status);
        Assert.False(headers.Contains("Set-Cookie"));
        Assert.Equal(["terminate one"], page.Batch.Ended);
        // It is used up all the same.
        Assert.NotEqual(next, page.Entrance);
    }

    [Theory]
    [InlineData("example.com")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1.example.com")]
    public async Task Host_Foreign_IsRefused(string host)
    {
        await using OpenPage page = await OpenPage.StartAsync();
        HttpRequestMessage request = page.Request(HttpMethod.Get, "/api/session");
        request.Headers.Host = host;

        var (status, body, _) = await page.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("RF8198", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Origin", "http://example.com")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task Origin_OfAnotherPage_IsRefused(string header, string value)
    {
        await using OpenPage page = await OpenPage.StartAsync();
        HttpRequestMessage request = page.Request(HttpMethod.Get, "/api/session");
        request.Headers.Remove(header);
        request.Headers.Add(header, value);

        var (status, body, _) = await page.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("RF8198", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Refrag-Csrf")]
    [InlineData("Origin")]
    [InlineData("Content-Type")]
    public async Task Write_WithoutWhatOnlyThePageKnows_ChangesNothing(string header)
    {
        await using OpenPage page = await OpenPage.StartAsync();
        page.Batch.Put(FakeBatch.Job("one", JobStatus.Running));
        HttpRequestMessage request = page.Request(HttpMethod.Post, "/api/actions", End);
        // What a form of another page can send as it is. (WHATWG HTML, form submission)
        if (header == "Content-Type") request.Content!.Headers.ContentType = new("text/plain");
        else request.Headers.Remove(header);

        var (status, body, _) = await page.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("RF8198", body, StringComparison.Ordinal);
        Assert.Empty(page.Batch.Ended);
    }

    [Fact]
    public async Task Write_WithAnotherSessionsToken_ChangesNothing()
    {
        await using OpenPage page = await OpenPage.StartAsync();
        page.Batch.Put(FakeBatch.Job("one", JobStatus.Running));
        string first = page.Csrf;
        await page.EnterAsync();
        HttpRequestMessage request = page.Request(HttpMethod.Post, "/api/actions", End);
        request.Headers.Remove("X-Refrag-Csrf");
        request.Headers.Add("X-Refrag-Csrf", first);

        var (status, _, _) = await page.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Empty(page.Batch.Ended);
    }

    [Theory]
    [InlineData("/api/actions", End)]
    [InlineData("/api/rehearsal", """{"what":"spot_reclaim"}""")]
    public async Task Write_ReadOnly_IsRefused(string path, string body)
    {
        await using OpenPage page = await OpenPage.StartAsync(readOnly: true);
        page.Batch.Put(FakeBatch.Job("one", JobStatus.Running));

        var (status, answer, _) = await page.SendAsync(page.Request(HttpMethod.Post, path, body));

        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("RF8199", answer, StringComparison.Ordinal);
        Assert.Empty(page.Batch.Ended);
        Assert.True((bool)(await page.JsonAsync("/api/session"))["readOnly"]!);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api/session")]
    [InlineData("/nothing")]
    public async Task Answer_Whatever_ForbidsInlineScriptsFramesAndOthersRequests(string path)
    {
        await using OpenPage page = await OpenPage.StartAsync();

        var (_, _, headers) = await page.SendAsync(page.Request(HttpMethod.Get, path));

        // (W3C, Content Security Policy 3: without 'unsafe-inline' no script and no style in the markup is used)
        string policy = headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-referrer", headers.GetValues("Referrer-Policy").Single());
        Assert.DoesNotContain(headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }
}

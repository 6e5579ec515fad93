using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests.Served;

/// <summary>The built <c>refrag dashboard</c> in front of <c>refrag serve</c>; tests/dashboard/run drives it in a browser.</summary>
public sealed class DashboardTests(ServedBatch served) : IClassFixture<ServedBatch>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Page_OfAServer_ShowsItsJobsAndEndsOne()
    {
        string id = (string)(await served.PythonAsync("""
            print(json.dumps(submit("runs-long", define("sleep", ["sleep", "600"]))))
            """))!;
        BuiltProgram program = await served.ClientAsync();
        using Process process = program.Start(["dashboard", "env=awsbatch", "--url", "http://127.0.0.1:0"]);
        try
        {
            using CancellationTokenSource limit = Eventually.Stop();
            string line = await process.StandardOutput.ReadLineAsync(limit.Token)
                ?? throw new InvalidOperationException(await process.StandardError.ReadToEndAsync(limit.Token));
            var entrance = new Uri(line["Open ".Length..]);
            using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = entrance };
            using (HttpResponseMessage entered = await http.GetAsync(entrance, Stop))
                Assert.Equal(HttpStatusCode.SeeOther, entered.StatusCode);
            string csrf = (string)JsonNode.Parse(await http.GetStringAsync("/api/session", Stop))!["csrf"]!;

            await FindAsync(http, "/api/jobs", id);
            using HttpRequestMessage change = new(HttpMethod.Post, "/api/actions")
            {
                Content = new StringContent($$"""{"action":"terminate","ids":["{{id}}"]}""", null, "application/json"),
            };
            change.Headers.Add("Origin", entrance.GetLeftPart(UriPartial.Authority));
            change.Headers.Add("X-Refrag-Csrf", csrf);
            using HttpResponseMessage ended = await http.SendAsync(change, Stop);

            Assert.Contains($$"""{"id":"{{id}}"}""", await ended.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
            JsonNode job = await served.PythonAsync($"print(json.dumps(wait('{id}')[0], default=str))");
            Assert.Equal("refrag dashboard", (string?)job["statusReason"]);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    [Theory]
    [InlineData("RF8195", "--url", "http://0.0.0.0:0")]
    [InlineData("must be above 0", "--requests-per-second", "0")]
    public async Task Option_ThatCannotBe_IsRefused(string expected, string option, string value)
    {
        Finished run = await (await served.ClientAsync()).RunAsync("dashboard", "env=awsbatch", option, value);

        Assert.Equal(64, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    private static async Task FindAsync(HttpClient http, string path, string text)
    {
        using CancellationTokenSource limit = Eventually.Stop();
        using var reader = new StreamReader(await http.GetStreamAsync(path, limit.Token));
        while (await reader.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal)) return;
        }
    }
}

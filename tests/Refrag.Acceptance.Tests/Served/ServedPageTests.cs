using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests.Served;

/// <summary>The page of <c>refrag serve --dashboard</c>.</summary>
public sealed class ServedPageTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("refrag-served-page");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // With keys: the page signs as any client, and the server would refuse it otherwise.
    [Theory]
    [InlineData("TERM")]
    [InlineData("KILL")]
    public async Task Page_OfAServer_IsLetInByItsAddressAloneAndEndsWithTheServer(string signal)
    {
        using Process server = Start("--dashboard", "http://127.0.0.1:0");
        try
        {
            await ServedBatch.ListeningOn(server);
            var entrance = new Uri((await LineAsync(server.StandardOutput))["Open ".Length..]);
            Assert.True(entrance.IsLoopback);
            using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = entrance };
            using (HttpResponseMessage refused = await http.GetAsync("/api/session", Stop))
                Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            using (HttpResponseMessage entered = await http.GetAsync(entrance, Stop))
                Assert.Equal(HttpStatusCode.SeeOther, entered.StatusCode);

            JsonNode session = JsonNode.Parse(await http.GetStringAsync("/api/session", Stop))!;
            JsonNode form = JsonNode.Parse(await http.GetStringAsync("/api/whatif/form", Stop))!;

            Assert.Equal(("eu-west-1", false), ((string)session["region"]!, (bool)session["readOnly"]!));
            Assert.Contains("refrag-cpu-compute-env", ((JsonArray)form["environments"]!).Select(one => (string)one!["name"]!));
            using (Process kill = Process.Start("kill", ["-s", signal, server.Id.ToString(CultureInfo.InvariantCulture)]))
                await kill.WaitForExitAsync(Stop);
            await Eventually.HoldsAsync(async () => !await AnswersAsync(http));
        }
        finally
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task Page_ThatCannotBeServed_EndsTheServerWithItsProblem()
    {
        using Process server = Start("--dashboard", "http://0.0.0.0:0");
        try
        {
            using CancellationTokenSource limit = Eventually.Stop();
            string errors = await server.StandardError.ReadToEndAsync(limit.Token);
            await server.WaitForExitAsync(limit.Token);

            Assert.Equal(64, server.ExitCode);
            Assert.Contains("RF8195", errors, StringComparison.Ordinal);
        }
        finally
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync(CancellationToken.None);
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private Process Start(params string[] arguments) => new BuiltProgram().Start(
    [
        "serve", "--urls", "http://127.0.0.1:0", "--state", _folder.FullName, "--region", "eu-west-1", "--fleet", "--runner", "simulated",
        .. arguments,
    ]);

    private static async Task<string> LineAsync(StreamReader output)
    {
        using CancellationTokenSource limit = Eventually.Stop();
        return await output.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException("The server has ended.");
    }

    private static async Task<bool> AnswersAsync(HttpClient http)
    {
        try
        {
            using HttpResponseMessage answer = await http.GetAsync("/api/session", Stop);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}

using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests.Served;

/// <summary><c>refrag serve</c> as its owner sees it.</summary>
public sealed class ServeVerbTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("refrag-serve");

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Serve_Signalled_EndsInOrder(string signal)
    {
        using Process serve =
            new BuiltProgram().StartInterruptible(
                "serve", "--urls", "http://127.0.0.1:0", "--state", _folder.FullName, "--runner", "process");
        string url = await ServedBatch.ListeningOn(serve);
        using var http = new HttpClient();
        JsonNode health = JsonNode.Parse(await http.GetStringAsync(new Uri($"{url}/healthz"), TestContext.Current.CancellationToken))!;
        Assert.Equal("ready", (string?)health["status"]);
        Assert.Matches(@"^\d+\.\d+\.\d+", (string?)health["version"]);

        using Process kill = Process.Start("kill", [$"-{signal}", $"{serve.Id}"]);
        Finished end = await BuiltProgram.FinishAsync(serve, TestContext.Current.CancellationToken);

        Assert.True(end.ExitCode == 0, end.ToString());
        await Assert.ThrowsAsync<HttpRequestException>(
            () => http.GetStringAsync(new Uri($"{url}/healthz"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("RF5110", "--urls", "http://0.0.0.0:0")]
    [InlineData("RF5111", "--urls", "http://0.0.0.0:0", "--allow-remote", "--allow-any-credentials")]
    [InlineData("RF5112", "--urls", "nonsense")]
    [InlineData("RF5112", "--urls", "https://127.0.0.1:0")]
    [InlineData("RF5113", "--urls", "http://127.0.0.1:0", "--events-webhook", "ftp://a")]
    [InlineData("RF5115", "--urls", "http://127.0.0.1:0", "--events-file", "/nonexistent/folder/file")]
    [InlineData("RF5035", "--urls", "http://127.0.0.1:0", "--job-folder", "/nonexistent/folder")]
    public async Task Serve_SetUpWrongly_SaysSoAndDoesNotStart(string code, params string[] arguments)
    {
        Finished run = await new BuiltProgram().RunAsync(["serve", "--state", _folder.FullName, "--runner", "process", .. arguments]);
        Assert.True(run.ExitCode == 64, run.ToString());
        Assert.Contains(code, run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 2)]
    public async Task Serve_Bare_BeginsWithoutQueues(bool bare, int expected)
    {
        string[] arguments = ["serve", "--urls", "http://127.0.0.1:0", "--state", _folder.FullName, "--runner", "simulated",
            "--allow-any-credentials"];
        using Process serve = new BuiltProgram().Start(bare ? [.. arguments, "--bare"] : arguments);
        string url = await ServedBatch.ListeningOn(serve);
        using var http = new HttpClient();
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "any");
        foreach ((string operation,
            string list) in ((string, string)[])[("describejobqueues", "jobQueues"), ("describecomputeenvironments", "computeEnvironments"),
                ("describejobdefinitions", "jobDefinitions")])
        {
            using HttpResponseMessage answer =
                await http.PostAsync(new Uri($"{url}/v1/{operation}"), new StringContent("{}"), TestContext.Current.CancellationToken);
            string body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(JsonNode.Parse(body)![list]?.AsArray().Count == expected, body);
        }
        using Process kill = Process.Start("kill", [$"{serve.Id}"]);
        await BuiltProgram.FinishAsync(serve, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task PrintEnv_IsWhatAShellTakes()
    {
        Finished run =
            await new BuiltProgram().RunAsync(
                "serve", "--print-env", "--state", Path.Combine(_folder.FullName, "new"), "--urls", "http://127.0.0.1:9123");
        Assert.True(run.ExitCode == 0, run.ToString());
        string[] lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Matches("^export AWS_[A-Z_]+='[^']*'$", line));
        foreach (string name
            in (string[])["ENDPOINT_URL_BATCH='http://127.0.0.1:9123'", "ENDPOINT_URL_ECS='http://127.0.0.1:9123'",
                "ENDPOINT_URL_CLOUDWATCH_LOGS='http://127.0.0.1:9123'", "REGION='us-east-1'", "DEFAULT_REGION='us-east-1'"])
            Assert.Contains($"export AWS_{name}", lines);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}

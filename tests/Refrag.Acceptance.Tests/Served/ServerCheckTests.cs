using System.Diagnostics;
using System.Net;

namespace Refrag.Acceptance.Tests.Served;

/// <summary><c>refrag serve --check</c> beside servers and other programs, as a container's health check calls it.</summary>
public sealed class ServerCheckTests
{
    private const string Definition = """
        {"jobDefinitionName":"fill","type":"container","parameters":{"text":"TEXT"},"containerProperties":{"image":"none",
        "resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"64"}]}}
        """;

    [Fact]
    public async Task Check_ServerWithKeys_FollowsItToItsEnd()
    {
        await using SimulatedServed served = new();
        await served.InitializeAsync();

        Finished ready = await CheckAsync(served.Url);
        Assert.True(ready.ExitCode == 0, ready.ToString());
        Assert.Matches($@"\AReady: {served.Url}, version \d+\.\d+\.\d+, runner simulated\n\z", ready.Output);
        Assert.Empty(ready.Error);

        using Process kill = Process.Start("kill", [$"{served.Process.Id}"]);
        await served.Process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Finished ended = await CheckAsync(served.Url);
        Assert.True(ended.ExitCode == 69, ended.ToString());
        Assert.Contains($"RF8090 No server answers at {served.Url}\n", ended.Error, StringComparison.Ordinal);
        Assert.Empty(ended.Output);
    }

    [Fact]
    public async Task Check_StateWithoutRoom_SaysSoUntilThereIsRoom()
    {
        await using OpenSmallDiskServed served = new();
        await served.InitializeAsync();
        SmallDisk disk = served.Disk;
        using var http = new HttpClient { BaseAddress = new Uri(served.Url) };
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "any");

        disk.Fill();
        await Eventually.HoldsAsync(async () => await RegisterAsync(http) == HttpStatusCode.InternalServerError);
        Finished full = await CheckAsync(served.Url);
        Assert.True(full.ExitCode == 69, full.ToString());
        Assert.Contains($"RF8092 The server at {served.Url} takes no requests: disk-full\n", full.Error, StringComparison.Ordinal);
        Assert.Contains("cause: RF4011 ", full.Error, StringComparison.Ordinal);

        disk.Free();
        await Eventually.HoldsAsync(async () => (await CheckAsync(served.Url)).ExitCode == 0);
    }

    [Fact]
    [Trait("Peer", "moto")]
    public async Task Check_AnotherServer_IsNotTakenForOurs()
    {
        Assert.SkipUnless(Stock.Has("moto_server"), "moto_server is not on PATH.");
        await using MotoProcess moto = (await MotoProcess.StartAsync())!;
        // It loads what answers a path with the first request, perhaps for longer than a check waits.
        using var http = new HttpClient();
        (await http.GetAsync(new Uri(moto.Endpoint, "/healthz"), TestContext.Current.CancellationToken)).Dispose();

        Finished other = await CheckAsync(moto.Endpoint.GetLeftPart(UriPartial.Authority));
        Assert.True(other.ExitCode == 69, other.ToString());
        Assert.Contains("RF8091 Another program answers at ", other.Error, StringComparison.Ordinal);
    }

    private static Task<Finished> CheckAsync(string url) => new BuiltProgram().RunAsync("serve", "--check", "--urls", url);

    private static async Task<HttpStatusCode> RegisterAsync(HttpClient http)
    {
        // Larger than what may still be free in the pages of the database.
        using StringContent body = new(Definition.Replace("TEXT", new string('a', 7000), StringComparison.Ordinal));
        using HttpResponseMessage answer =
            await http.PostAsync(new Uri("/v1/registerjobdefinition", UriKind.Relative), body, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private sealed class SimulatedServed : ServedBatch
    {
        protected override string[] Options => ["--runner", "simulated"];
    }

    private sealed class OpenSmallDiskServed : SmallDiskServed
    {
        protected override string[] Options => [.. base.Options, "--allow-any-credentials"];
    }
}

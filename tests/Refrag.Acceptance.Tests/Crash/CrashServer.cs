using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests.Crash;

/// <summary>
/// One life of <c>refrag serve</c>, from its start to its SIGKILL. Requests are sent once, never again: what was not answered may have been
/// taken or not.
/// </summary>
internal sealed class CrashServer : IDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http = new() { Timeout = Eventually.Limit };

    private CrashServer(Process process)
    {
        _process = process;
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Any");
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
    }

    /// <summary>Whether it still lives; a server that ended by itself has a bug.</summary>
    public bool IsAlive => !_process.HasExited;

    /// <summary>Starts one on the state of those before. <paramref name="marker"/> distinguishes its jobs from other processes.</summary>
    /// <param name="folder">Where the state is.</param>
    /// <param name="marker">The marker of its jobs.</param>
    /// <param name="clock">How far its clock is from the machine's.</param>
    public static CrashServer Start(string folder, string marker, TimeSpan clock) =>
        new(CrashClock.Set(new BuiltProgram { WorkingDirectory = folder }, clock)
        .With(CrashJobs.Runs, Path.Combine(folder, "runs"))
        .With(Processes.Marker, marker)
        .Start("serve", "--urls", "http://127.0.0.1:0", "--state", Path.Combine(folder, "state"), "--runner", "process",
        "--allow-any-credentials",
            "--pass-env", CrashJobs.Runs, "--pass-env", Processes.Marker));

    /// <summary>Ends when it takes requests; false where it was killed before.</summary>
    public async Task<bool> ReadyAsync()
    {
        if (await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is not { } line) return false;
        _http.BaseAddress = new Uri(line["Listening on ".Length..]);
        return true;
    }

    /// <summary>The answer; null if the connection broke first, or if the server refused because its disk is full.</summary>
    public async Task<JsonNode?> TryAskAsync(string operation, JsonObject request)
    {
        try
        {
            using var body = new StringContent(request.ToJsonString(), Encoding.UTF8, "application/json");
            using HttpResponseMessage answer =
                await _http.PostAsync(new Uri($"/v1/{operation}", UriKind.Relative), body, TestContext.Current.CancellationToken);
            string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            if (answer.StatusCode is HttpStatusCode.InternalServerError && IsFullDisk(text)) return null;
            Assert.True(answer.StatusCode is HttpStatusCode.OK, $"{operation} {request.ToJsonString()}: {text}");
            return JsonNode.Parse(text);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static bool IsFullDisk(string text) =>
        text.Contains("RF4011", StringComparison.Ordinal) || text.Contains("disk is full", StringComparison.Ordinal);

    /// <summary>The answer of a server that is not killed.</summary>
    public async Task<JsonNode> AskAsync(string operation, JsonObject request) =>
        await TryAskAsync(operation, request) ?? throw new InvalidOperationException($"The server ended while it was asked {operation}.");

    /// <summary>All jobs but children, whatever their status: ListJobs by name, page by page.</summary>
    public async Task<IReadOnlyList<JsonNode>> ListJobsAsync()
    {
        List<JsonNode> jobs = [];
        string? next = null;
        do
        {
            var request = new JsonObject
            {
                ["jobQueue"] = "refrag-cpu-job-queue",
                ["filters"] = new JsonArray(new JsonObject { ["name"] = "JOB_NAME", ["values"] = new JsonArray("crash-*") }),
            };
            if (next is not null) request["nextToken"] = next;
            JsonNode page = await AskAsync("listjobs", request);
            jobs.AddRange(page["jobSummaryList"]!.AsArray().Select(job => job!));
            next = (string?)page["nextToken"];
        }
        while (next is not null);
        return jobs;
    }

    /// <summary>SIGKILL, to the server alone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>SIGTERM, and its exit code.</summary>
    public async Task<int> StopAsync()
    {
        using Process kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
        _http.Dispose();
    }
}

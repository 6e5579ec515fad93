using System.Text.Json;
using Refrag.Cli.Context;
using Refrag.Server;

namespace Refrag.Cli.Commands.Serve;

/// <summary>
/// <c>refrag serve --check</c>: asks servers that run whether they take requests. A container's health check needs no other program, and
/// no key, because health is answered without a signature.
/// </summary>
internal sealed class ServerCheck(CliContext context)
{
    private const int LongestAnswer = 16 * 1024;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>
    /// 0 if each address is that of a server that takes requests, <see cref="ExitCodes.Unavailable"/> if one is not,
    /// <see cref="ExitCodes.Usage"/> if one is not an address that can be asked.
    /// </summary>
    /// <param name="urls">The addresses as servers get them: one of all interfaces is asked on loopback.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<int> RunAsync(IReadOnlyList<Uri> urls, CancellationToken cancellationToken)
    {
        Problem[] wrong = [.. urls.Select(Wrong).OfType<Problem>()];
        if (wrong.Length > 0) return context.Refuse(wrong);
        // No proxy: a health check of this machine's server must not leave it.
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = LongestAnswer,
        };
        int exit = ExitCodes.Success;
        foreach (Result<string> answer in await Task.WhenAll(urls.Select(url => AskAsync(http, url, cancellationToken))))
        {
            if (answer.TryGet(out string? line, out IReadOnlyList<Problem> problems))
            {
                context.Terminal.Output(line);
                continue;
            }
            context.Terminal.Problems(problems);
            exit = ExitCodes.Unavailable;
        }
        return exit;
    }

    private async Task<Result<string>> AskAsync(HttpClient http, Uri url, CancellationToken cancellationToken)
    {
        string shown = url.GetLeftPart(UriPartial.Authority);
        using var limit = new CancellationTokenSource(s_patience, context.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using HttpResponseMessage response =
                await http.GetAsync(new Uri(ServerEnvironment.ForJobs(url), ServerHealth.Path), both.Token);
            byte[] body = await response.Content.ReadAsByteArrayAsync(both.Token);
            if (Read(body) is not ({ } health, { } version, { } runner))
                return Other(shown, $"The answer, {(int)response.StatusCode}, is not the health of a refrag server");
            return health.Status == ServerHealth.Ready
                ? $"Ready: {shown}, version {version}, runner {runner}"
                : NotReady(shown, health);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return NoAnswer(shown, $"There was no answer within {s_patience.TotalSeconds:0} s");
        }
        catch (HttpRequestException e)
        {
            // Too long for a health, or not HTTP at all.
            return e.HttpRequestError is HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.InvalidResponse
                ? Other(shown, e.GetBaseException().Message)
                : NoAnswer(shown, e.GetBaseException().Message);
        }
    }

    // Other programs answer there with a status too. No other names its late lines, so one that says it is ready is a server of ours.
    private static (ServerHealth Health, string Version, string Runner)? Read(byte[] body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            JsonElement root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("lateLogLines", out _)
                && Text(root, "status") is { } status && Text(root, "version") is { } version && Text(root, "runner") is { } runner
                    ? (new ServerHealth(status, Text(root, "reason")), version, runner)
                    : null;
        }
        // Half of a surrogate pair is valid JSON, and cannot be read as text.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static Problem? Wrong(Uri url) => ServeProblems.CheckAddress(url) ?? (url.Port == 0 ? NoPort(url) : null);

    private static Problem NoAnswer(string url, string why) => new()
    {
        Code = "RF8090",
        What = $"No server answers at {url}",
        Cause = why,
        Cure = "Start it with refrag serve, or name its address with --urls.",
    };

    private static Problem Other(string url, string why) => new()
    {
        Code = "RF8091",
        What = $"Another program answers at {url}, or a server that does not answer to this host name",
        Cause = why,
        Cure = "Name the address that the server printed when it started, with --urls.",
    };

    private static Problem NotReady(string url, ServerHealth health) => new()
    {
        Code = "RF8092",
        What = $"The server at {url} takes no requests: {health.Status}",
        Cause = health.Reason,
        Cure = "Wait if it is starting. For any other status see what the server printed, and docs/concepts/server.md.",
    };

    private static Problem NoPort(Uri url) => new()
    {
        Code = "RF8093",
        What = $"{url.GetLeftPart(UriPartial.Authority)} has no port that can be asked",
        Cure = "Name the port that the server printed when it started, such as --urls http://127.0.0.1:9099.",
    };
}

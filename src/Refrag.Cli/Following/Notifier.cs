using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Refrag.Cli.Context;

namespace Refrag.Cli.Following;

/// <summary>
/// Sends one notification at the end of what was followed, to each target of <c>--notify</c>. One that fails is reported once and changes
/// nothing else.
/// </summary>
internal sealed partial class Notifier
{
    // Half a minute in all: a command that is done must not seem to hang.
    private const int MostTries = 3;
    private const int LongestReason = 500;
    private static readonly TimeSpan s_attempt = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan s_command = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan[] s_pauses = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4)];
    private static readonly string s_agent = $"refrag/{typeof(Notifier).Assembly.GetName().Version?.ToString(3)}";

    private readonly CliContext _context;
    private readonly IReadOnlyList<NotifyTarget> _targets;

    private Notifier(CliContext context, IReadOnlyList<NotifyTarget> targets) => (_context, _targets) = (context, targets);

    /// <summary>The option.</summary>
    public static Option<string[]> Option() => new(NotifyProblems.Option)
    {
        HelpName = "url|command",
        Description = "Send one line at the end: JSON to a URL, or to a command.",
    };

    /// <summary>Whether there is a target.</summary>
    public bool IsWanted => _targets.Count > 0;

    /// <summary>A notifier for the targets that were named, or what is wrong with them.</summary>
    /// <param name="context">The process.</param>
    /// <param name="named">URLs and lines for a shell; null if the option was left out.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Result<Notifier>> ReadAsync(CliContext context, string[]? named, CancellationToken cancellationToken)
    {
        List<NotifyTarget> targets = [];
        List<Problem> problems = [];
        foreach (string text in (named ?? []).Select(one => one.Trim()).Distinct(StringComparer.Ordinal))
        {
            if ((await TargetAsync(context, text, cancellationToken)).TryGet(out NotifyTarget? target, out IReadOnlyList<Problem> wrong))
                targets.Add(target);
            else problems.AddRange(wrong);
        }
        return problems.Count > 0 ? Result<Notifier>.Failure(problems) : new Notifier(context, targets);
    }

    /// <summary>Sends it to every target at once. Returns when each has it or is given up, after some 30 s at most.</summary>
    /// <param name="work">What ended.</param>
    /// <param name="cancellationToken">Gives up what has not been sent.</param>
    public async Task SendAsync(EndedWork work, CancellationToken cancellationToken)
    {
        if (work.Reason is { Length: > LongestReason } reason) work = work with { Reason = reason[..LongestReason] };
        await Task.WhenAll(_targets.Select(target => SendAsync(target, work, cancellationToken)));
    }

    private static async Task<Result<NotifyTarget>> TargetAsync(CliContext context, string text, CancellationToken cancellationToken)
    {
        if (text.Length == 0) return NotifyProblems.Empty;
        if (Scheme().Match(text) is { Success: true } scheme)
            return WrongUrl(text, scheme.Groups["scheme"].Value) is { } wrong ? wrong : new NotifyTarget.Hook(new Uri(text));
        // The shell would print it, and its path may be the secret.
        if (Address().IsMatch(NotifyTarget.Words(text)[0])) return NotifyProblems.WrongUrl("it does not begin with https:// or http://");
        return await MissingAsync(context, text, cancellationToken) is { } missing
            ? NotifyProblems.NoCommand(NotifyTarget.IsPrintable(missing) ? missing : "its first word")
            : new NotifyTarget.Shell(text);
    }

    private async Task SendAsync(NotifyTarget target, EndedWork work, CancellationToken cancellationToken)
    {
        string? why;
        try
        {
            why = target is NotifyTarget.Hook hook
                ? await PostAsync(hook.Url, work, cancellationToken)
                : await RunAsync(((NotifyTarget.Shell)target).Line, work, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            why = "refrag was interrupted";
        }
        if (why is not null) _context.Terminal.Warnings([NotifyProblems.NotSent(target, why)]);
    }

    // Null if it was sent, else why not. What passes by itself is tried again.
    private async Task<string?> PostAsync(Uri url, EndedWork work, CancellationToken cancellationToken)
    {
        // A redirection would take the notification to where the user did not send it.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = !url.IsLoopback };
        using var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        byte[] body = Encoding.UTF8.GetBytes(JsonOf(work));
        string why = "";
        for (int tries = 1; tries <= MostTries; tries++)
        {
            (string? failed, bool passes) = await PostOnceAsync(http, url, body, cancellationToken);
            if (failed is null) return null;
            why = failed;
            if (!passes) return why;
            if (tries < MostTries) await Task.Delay(s_pauses[tries - 1], _context.Time, cancellationToken);
        }
        return string.Create(CultureInfo.InvariantCulture, $"{why}, {MostTries} times");
    }

    private async Task<(string? Failed, bool Passes)> PostOnceAsync(
        HttpClient http, Uri url, byte[] body, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        message.Headers.TryAddWithoutValidation("User-Agent", s_agent);
        // Each try has a connection of its own: on one that the server has just closed the next try would be lost.
        message.Headers.ConnectionClose = true;
        using var limit = new CancellationTokenSource(s_attempt, _context.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            // Its body says nothing that is needed, and may have no end.
            using HttpResponseMessage answer = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, both.Token);
            if (answer.IsSuccessStatusCode) return (null, false);
            bool passes = answer.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
                || (int)answer.StatusCode >= 500;
            string redirected = (int)answer.StatusCode is >= 300 and < 400 ? ", and redirections are not followed" : "";
            return (string.Create(CultureInfo.InvariantCulture, $"the answer was {(int)answer.StatusCode}{redirected}"), passes);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (string.Create(CultureInfo.InvariantCulture, $"no answer within {s_attempt.TotalSeconds:0} s"), true);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            return (Reason(fault), true);
        }
    }

    // The messages of some faults name the address; its path may be the secret.
    private static string Reason(Exception fault) => fault is HttpRequestException { HttpRequestError: var error } ? error switch
    {
        HttpRequestError.NameResolutionError => "the host's name is not known",
        HttpRequestError.ConnectionError => "the connection was refused or did not come about",
        HttpRequestError.SecureConnectionError => "the host's certificate or its TLS was not accepted",
        HttpRequestError.ProxyTunnelError => "the proxy refused the connection",
        HttpRequestError.ResponseEnded => "the connection was closed without an answer",
        _ => "what answers does not speak HTTP",
    } : "the connection broke off";

    private async Task<string?> RunAsync(string line, EndedWork work, CancellationToken cancellationToken)
    {
        using Process? process = Start(_context, ["-c", line], work);
        if (process is null) return "/bin/sh does not start";
        using var limit = new CancellationTokenSource(s_command, _context.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            Task printed = Task.WhenAll(ForwardAsync(process.StandardOutput, both.Token), ForwardAsync(process.StandardError, both.Token));
            await WriteAsync(process, work.Text + "\n", both.Token);
            await process.WaitForExitAsync(both.Token);
            await printed;
        }
        catch (OperationCanceledException)
        {
            // What it left in the background may hold its output open; it is done all the same.
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                cancellationToken.ThrowIfCancellationRequested();
                return string.Create(CultureInfo.InvariantCulture, $"it did not end within {s_command.TotalSeconds:0} s and was ended");
            }
        }
        return process.ExitCode == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"it ended with exit code {process.ExitCode}");
    }

    private static async Task WriteAsync(Process process, string text, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.WriteAsync(text.AsMemory(), cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading.
        }
    }

    // Standard output is for refrag's own results.
    private async Task ForwardAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        while (await reader.ReadLineAsync(cancellationToken) is { } line) _context.Terminal.Error(line);
    }

    // Null if the shell knows the program of a line, or if that is not a plain word; else the word. Variables may precede it.
    private static async Task<string?> MissingAsync(CliContext context, string line, CancellationToken cancellationToken)
    {
        string word = NotifyTarget.Words(line).FirstOrDefault(one => !PlainVariable().IsMatch(one), "");
        if (!PlainWord().IsMatch(word)) return null;
        using Process? process = Start(context, ["-c", "command -v -- \"$1\" >/dev/null", "sh", word], work: null);
        if (process is null) return "/bin/sh";
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? null : word;
    }

    private static Process? Start(CliContext context, IReadOnlyList<string> arguments, EndedWork? work)
    {
        var start = new ProcessStartInfo("/bin/sh", arguments)
        {
            WorkingDirectory = context.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            UseShellExecute = false,
        };
        if (work is not null)
        {
            foreach ((string name, string value) in Variables(work)) start.Environment[name] = value;
        }
        try
        {
            return Process.Start(start);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>The variables of a command, each with a value; what is not known is empty.</summary>
    public static IReadOnlyList<(string Name, string Value)> Variables(EndedWork work)
    {
        static string Number(IFormattable? number) => number?.ToString(null, CultureInfo.InvariantCulture) ?? "";
        return
        [
            ("REFRAG_NOTIFY_TEXT", work.Text),
            ("REFRAG_NOTIFY_NAME", work.Name),
            ("REFRAG_NOTIFY_STATE", work.State),
            ("REFRAG_NOTIFY_JOB_IDS", string.Join(' ', work.JobIds)),
            ("REFRAG_NOTIFY_JOBS", Number(work.Jobs)),
            ("REFRAG_NOTIFY_SUCCEEDED", Number(work.Succeeded)),
            ("REFRAG_NOTIFY_FAILED", Number(work.Failed)),
            ("REFRAG_NOTIFY_UNFINISHED", Number(work.Unfinished)),
            ("REFRAG_NOTIFY_UNKNOWN", Number(work.Unknown)),
            ("REFRAG_NOTIFY_REASON", work.Reason ?? ""),
            ("REFRAG_NOTIFY_EXIT_CODE", Number(work.ExitCode)),
            ("REFRAG_NOTIFY_SECONDS", Number(work.Seconds)),
            ("REFRAG_NOTIFY_USD_AT_LEAST", Number(work.UsdAtLeast)),
            ("REFRAG_NOTIFY_COST_BASIS", work.CostBasis ?? ""),
            ("REFRAG_NOTIFY_JSON", JsonOf(work)),
        ];
    }

    /// <summary>
    /// The body for a URL: the work, whose text has <c>&amp;</c>, <c>&lt;</c> and <c>&gt;</c> escaped. Slack reads them as marks of its
    /// own, with which a reason could address a whole channel. (Slack: Formatting text for app surfaces, Escaping text)
    /// </summary>
    public static string JsonOf(EndedWork work) => (work with
    {
        Text = work.Text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal),
    }).ToJson();

    private static Problem? WrongUrl(string text, string scheme)
    {
        if (scheme is not ("http" or "https" or "HTTP" or "HTTPS"))
            return NotifyProblems.WrongUrl($"{scheme}: is not http or https");
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || url.Host.Length == 0)
            return NotifyProblems.WrongUrl("it is not a URL");
        return url.UserInfo.Length > 0
            ? NotifyProblems.WrongUrl("it has a user or a password, which refrag does not send")
            : null;
    }

    // mailto: has no slashes, and would be taken for a command.
    [GeneratedRegex(@"^(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://|^(?<scheme>mailto):", RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Scheme();

    // What was meant as a URL: a host with a path, or a scheme with too few slashes. A path is written as ./x, ../x or /x.
    [GeneratedRegex(
        @"^[""']?(https?:|//|[^/\s=;|&]+@[^/\s]+/|(([A-Z0-9-]+\.)+[A-Z0-9-]+(:\d+)?|[A-Z0-9-]+:\d+|localhost|\[[0-9A-F:.]+\](:\d+)?)[/?#])",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address();

    // With quotes or substitutions in it, its end is not known.
    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*=[A-Za-z0-9_./+,:@%-]*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PlainVariable();

    [GeneratedRegex(@"^[A-Za-z0-9_./+-]+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PlainWord();
}

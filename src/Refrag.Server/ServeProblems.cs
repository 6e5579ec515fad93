using System.Net;

namespace Refrag.Server;

/// <summary>What is checked before a server starts. RF5110–RF5115.</summary>
public static class ServeProblems
{
    /// <summary>Every mistake in the options; empty if there is none.</summary>
    /// <param name="options">The options.</param>
    public static IReadOnlyList<Problem> Check(BatchServerOptions options) =>
    [
        .. options.Urls.Count == 0 ? [NoUrl()] : options.Urls.SelectMany(url => Check(url, options)),
        .. options.EventWebhook is { } webhook && !(webhook is { IsAbsoluteUri: true, Scheme: "http" or "https" })
            ? [Webhook(webhook)]
            : Array.Empty<Problem>(),
    ];

    /// <summary>The mistake in the address of a server; null if there is none.</summary>
    /// <param name="url">The address; a relative URI stands for what is no URL at all.</param>
    public static Problem? CheckAddress(Uri url) =>
        url is { IsAbsoluteUri: true, Scheme: "http", AbsolutePath: "/" } ? null : NotAnAddress(url);

    private static IEnumerable<Problem> Check(Uri url, BatchServerOptions options)
    {
        if (CheckAddress(url) is { } wrong)
        {
            yield return wrong;
            yield break;
        }
        if (IsLoopback(url)) yield break;
        if (!options.AllowRemote) yield return Remote(url);
        if (options.Keys is null) yield return Open(url);
    }

    internal static bool IsLoopback(Uri url) =>
        url.Host == "localhost" || (IPAddress.TryParse(url.Host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));

    private static Problem NoUrl() =>
        new() { Code = "RF5112", What = "There is no address to listen on", Cure = "Give one, such as --urls http://127.0.0.1:9099." };

    private static Problem NotAnAddress(Uri url) => new()
    {
        Code = "RF5112",
        What = $"'{Uri.UnescapeDataString(url.OriginalString)}' is not a valid address to listen on",
        Cure = "Give http://, an address and a port, such as --urls http://127.0.0.1:9099. For TLS put a proxy in front.",
    };

    private static Problem Remote(Uri url) => new()
    {
        Code = "RF5110",
        What = $"{url.OriginalString} can be reached from other machines, where whoever has a key runs commands on this one",
        Cure = "Listen on 127.0.0.1, or say --allow-remote if that is what you want.",
    };

    private static Problem Open(Uri url) => new()
    {
        Code = "RF5111",
        What = $"--allow-any-credentials lets every client run commands here, and {url.OriginalString} is not of loopback",
        Cure = "Leave one of the two out.",
    };

    private static Problem Webhook(Uri url) =>
        new()
        {
            Code = "RF5113",
            What = $"'{Uri.UnescapeDataString(url.OriginalString)}' is no URL that events can be posted to",
            Cure =
            "Give one that begins with http:// or https://."
        };

    internal static Problem NotFree(Uri url, string why) =>
        new()
        {
            Code = "RF5114",
            What = $"The server cannot listen on {url.OriginalString}",
            Cause = why,
            Cure =
            "Choose another port with --urls, or end what listens there."
        };

    internal static Problem NoEventFile(string path, string why) =>
        new()
        {
            Code = "RF5115",
            What = $"Events cannot be written to {path}",
            Cause = why,
            Cure =
            "Name another file with --events-file, in a folder that is there."
        };
}

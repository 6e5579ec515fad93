using System.Globalization;
using System.Net;

namespace Refrag.Dashboard.Problems;

/// <summary>
/// What is refused before the page is served, and of what the page asks for. RF6051, RF6052, RF8148, RF8149, RF8195 to RF8199, RF8240.
/// </summary>
public static class DashboardProblems
{
    /// <summary>The mistake in the address that the page is to be served at; null if there is none.</summary>
    /// <param name="url">The address; a relative URI stands for what is not a URL.</param>
    public static Problem? CheckAddress(Uri url)
    {
        bool isAddress = url is { IsAbsoluteUri: true, Scheme: "http", PathAndQuery: "/", UserInfo: "" };
        if (isAddress && IsLoopback(url)) return null;
        return new Problem
        {
            Code = "RF8195",
            What = isAddress
                ? $"{url.GetLeftPart(UriPartial.Authority)} is not an address of this machine alone"
                : $"'{Uri.UnescapeDataString(url.OriginalString)}' is not a valid address for the page",
            Cause = isAddress ? "Whoever opens the page ends and repeats jobs with your credentials" : null,
            Cure = isAddress
                ? "Listen on 127.0.0.1, and from another machine forward the port: ssh -L 9100:127.0.0.1:9100 HOST."
                : "Give http://, an address of loopback and a port, such as --url http://127.0.0.1:9100.",
        };
    }

    internal static Problem NotFree(Uri url, string why) => new()
    {
        Code = "RF8196",
        What = $"The page cannot be served at {url.GetLeftPart(UriPartial.Authority)}",
        Cause = why,
        Cure = "Choose another port with --url, or --url http://127.0.0.1:0 for a free one.",
    };

    internal static Problem NoSession { get; } = new()
    {
        Code = "RF8197",
        What = "This browser has not been let in",
        Cause = "The address with the token opens the page once; the browser then has a cookie until refrag dashboard ends",
        Cure = "Open the newest address that refrag dashboard has printed in its terminal.",
    };

    internal static Problem Foreign(string what) => new()
    {
        Code = "RF8198",
        What = what,
        Cure = "Open the page itself, at the address that refrag dashboard has printed, and repeat it there.",
    };

    internal static Problem ReadOnly { get; } = new()
    {
        Code = "RF8199",
        What = "The page was started with --read-only, and changes nothing",
        Cure = "Use the command in a terminal, or start refrag dashboard without --read-only.",
    };

    /// <summary>A run of this machine cannot be repeated by the page, whose process it would belong to.</summary>
    /// <param name="id">The job's id.</param>
    public static Problem OnlyInATerminal(string id) => ReadOnly with
    {
        What = "A run of this machine is repeated in a terminal, which it belongs to",
        Cure = $"refrag retry {id} env=local",
    };

    internal static Problem NotThere(string what) => new()
    {
        Code = "RF8148",
        What = $"There is no {what}",
        Cure = "Go back to the list of jobs: Batch forgets jobs about seven days after their end.",
    };

    internal static Problem NoSweep(string name) => new()
    {
        Code = "RF8240",
        What = $"There is no manifest {name} of a sweep in outputs/sweeps",
        Cause = "The page shows the sweeps of the folder that refrag dashboard was started in",
        Cure = "Go back to the list of sweeps, or name the manifest to `refrag sweep show`.",
    };

    internal static Problem NothingToSimulate { get; } = new()
    {
        Code = "RF6051",
        What = "This machine's own runs have no queues and compute environments that could be others",
        Cure = "Start the page for AWS or a server, with env=awsbatch, or run `refrag simulate` with a world in a file.",
    };

    internal static Problem ReadingTooLong(TimeSpan limit) => new()
    {
        Code = "RF6052",
        What = string.Create(CultureInfo.InvariantCulture, $"The jobs could not be read within {limit.TotalSeconds:0} seconds"),
        Cause = "The page sends few requests a second to Batch, and reads jobs that have ended too, for how long they run",
        Cure = "Take jobs of the history instead, or run `refrag simulate --now` in a terminal, which has no such limit.",
    };

    internal static Problem NotUnderstood(string what) => new()
    {
        Code = "RF8149",
        What = what,
        Cure = "Reload the page; it may be older than the refrag that serves it.",
    };

    private static bool IsLoopback(Uri url) =>
        url.Host == "localhost" || (IPAddress.TryParse(url.Host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
}

using Refrag.Dashboard.Jobs;
using Refrag.Dashboard.Sources;

namespace Refrag.Dashboard;

/// <summary>How the page is served.</summary>
public sealed record DashboardOptions
{
    /// <summary>Where to listen, on loopback, such as <c>http://127.0.0.1:9100</c>; port 0 takes any free one.</summary>
    public required Uri Url { get; init; }

    /// <summary>Where the jobs are.</summary>
    public required DashboardPlace Place { get; init; }

    /// <summary>Whether the page changes nothing. Default: false.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>The most requests a second that reading sends to Batch, more than 0. Default: 4.</summary>
    public double RequestsPerSecond { get; init; } = 4;

    /// <summary>The most jobs in the table. Default: 200,000.</summary>
    public int MostJobs { get; init; } = TableFeed.MostRows;

    /// <summary>The version that the page shows.</summary>
    public string Version { get; init; } = typeof(DashboardOptions).Assembly.GetName().Version?.ToString(3) ?? "";

    /// <summary>Gets the address that opens the page next, each time that one was used. Default: nothing is done with it.</summary>
    public Action<Uri> Announce { get; init; } = static _ => { };

    /// <summary>Gets a line about each fault of the server's own. Default: nothing is done with it.</summary>
    public Action<string> Log { get; init; } = static _ => { };
}

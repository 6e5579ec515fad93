namespace Refrag.Dashboard.Sources;

/// <summary>Where the jobs are that the page shows.</summary>
public sealed record DashboardPlace
{
    /// <summary>For the head of the page: <c>AWS</c>, <c>this machine</c>, or the URL of an endpoint.</summary>
    public required string Name { get; init; }

    /// <summary>The region; null on this machine.</summary>
    public string? Region { get; init; }

    /// <summary>Words that a command takes to look at the same place, such as <c>env=awsbatch env.region=eu-west-1</c>.</summary>
    public required string Words { get; init; }

    /// <summary>Whether it is AWS itself, whose requests are counted and cost time.</summary>
    public bool IsAws { get; init; }
}

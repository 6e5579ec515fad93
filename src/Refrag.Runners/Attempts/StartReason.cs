namespace Refrag.Runners.Attempts;

/// <summary>What the status reason of a job says while it is starting; it goes when the job runs.</summary>
internal static class StartReason
{
    /// <summary>The image is on its way; the container engine's own words follow.</summary>
    public const string Fetching = "The image is being fetched: ";

    /// <summary>Something is missing for now; what follows.</summary>
    public const string Delayed = "The start is delayed: ";

    /// <summary>Whether a status reason is one of these.</summary>
    public static bool Is(string? reason) =>
        reason is not null
            && (reason.StartsWith(Fetching, StringComparison.Ordinal) || reason.StartsWith(Delayed, StringComparison.Ordinal));
}

using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Jobs;

namespace Refrag.Policies;

/// <summary>
/// What a job declares of how it may be moved. It travels in the job's tags, so that a host that has never seen its configuration can
/// apply it.
/// </summary>
/// <param name="SpotAttempts">How many attempts of the chain may lose their host on Spot, 1 to 10.</param>
/// <param name="OnDemandQueue">The queue that the job moves to then.</param>
/// <param name="Claims">Where those that may move it make their claims; null if nothing but its sweep may move it.</param>
public sealed record JobPolicy(int SpotAttempts, string OnDemandQueue, string? Claims)
{
    /// <summary>The tag with the number of attempts that may lose their host.</summary>
    public const string SpotAttemptsTag = "refrag:spot-attempts";

    /// <summary>The tag with the on-demand queue.</summary>
    public const string OnDemandQueueTag = "refrag:on-demand-queue";

    /// <summary>The tag with the place of the claims.</summary>
    public const string ClaimsTag = "refrag:claims";

    /// <summary>The tag of a successor with the number of attempts that had lost their host before it.</summary>
    public const string ReclaimedTag = "refrag:reclaimed";

    /// <summary>The tag of a job that was moved, with its successor's id. It is added after the move.</summary>
    public const string MovedToTag = "refrag:moved-to";

    /// <summary>How many attempts may lose their host where a job does not say it: as many as it has.</summary>
    public static int SpotAttemptsOf(JobSpec spec) => spec.Capacity.SpotAttempts ?? spec.Retries + 1;

    /// <summary>What a job declares; null if it is not to be moved.</summary>
    public static JobPolicy? Of(JobSpec spec) =>
        spec.Capacity is { Spot: SpotUse.First } && spec.Capacity.OnDemand.For(spec.Requirements) is { } queue
            ? new JobPolicy(SpotAttemptsOf(spec), queue, spec.Capacity.Claims)
            : null;

    /// <summary>What a job's tags declare; null if they declare nothing, or not what refrag writes.</summary>
    public static JobPolicy? Read(IReadOnlyDictionary<string, string>? tags) =>
        tags is not null && tags.TryGetValue(OnDemandQueueTag, out string? queue) && queue.Length > 0
        && Number(tags, SpotAttemptsTag) is { } attempts and >= 1 and <= BatchLimits.Attempts
            ? new JobPolicy(attempts, queue, tags.GetValueOrDefault(ClaimsTag))
            : null;

    /// <summary>The tags that declare it.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Tags =>
    [
        new(SpotAttemptsTag, SpotAttempts.ToString(CultureInfo.InvariantCulture)), new(OnDemandQueueTag, OnDemandQueue),
        .. Claims is null ? [] : (KeyValuePair<string, string>[])[new(ClaimsTag, Claims)],
    ];

    /// <summary>A number among tags; null if there is none, or if it is negative or no number.</summary>
    internal static int? Number(IReadOnlyDictionary<string, string>? tags, string name) =>
        tags is not null && tags.TryGetValue(name, out string? text)
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}

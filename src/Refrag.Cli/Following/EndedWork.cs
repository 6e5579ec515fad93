using System.Globalization;
using System.Text.Json.Serialization;
using Refrag.Cli.Context;
using Refrag.Cli.Terminal;

namespace Refrag.Cli.Following;

/// <summary>
/// The last line of <c>refrag wait --json</c>, and the body of what <c>--notify</c> sends to a URL: how work ended that was followed.
/// </summary>
internal sealed record EndedWork
{
    /// <summary>The states, which are also the values of <see cref="State"/>.</summary>
    public const string AllSucceeded = "succeeded", SomeFailed = "failed", NotEnded = "unfinished", NotKnown = "unknown";

    /// <summary>One line for people, with counts, time and cost. The other members say the same for programs.</summary>
    public string Text
    {
        get => field ?? $"{Subject}: {Counts}{Time}{Cost}{(Reason is null ? "" : $" ({Reason})")}";
        init;
    }

    /// <summary>The name of the job; of the first one where several names were followed.</summary>
    public required string Name { get; init; }

    /// <summary>How many names beside it were followed; left out if there is one name.</summary>
    public int? OtherNames { get; init; }

    /// <summary>
    /// <c>succeeded</c> if all jobs did; else <c>unknown</c> if it is not known of one how it ended, <c>unfinished</c> if one has not
    /// ended, and <c>failed</c>.
    /// </summary>
    public string State => AreAllSucceeded ? AllSucceeded
        : Unknown > 0 || Jobs == 0 ? NotKnown
        : Unfinished > 0 ? NotEnded : SomeFailed;

    /// <summary>The ids of the jobs that were submitted, an array once; at most 100.</summary>
    public required IReadOnlyList<string> JobIds { get; init; }

    /// <summary>How many jobs there are; children of arrays count, arrays do not.</summary>
    public required int Jobs { get; init; }

    /// <summary>How many succeeded.</summary>
    public required int Succeeded { get; init; }

    /// <summary>How many failed.</summary>
    public required int Failed { get; init; }

    /// <summary>How many have not ended, or of a sweep have not run.</summary>
    public required int Unfinished { get; init; }

    /// <summary>How many are not known any more, or could not be asked for.</summary>
    public required int Unknown { get; init; }

    /// <summary>Why the first of them that failed did, in Batch's words, or why following ended; left out if there is no reason.</summary>
    public string? Reason { get; init; }

    /// <summary>The exit code with which refrag ends for it.</summary>
    public required int ExitCode { get; init; }

    /// <summary>From the first submission to the last end, in seconds; left out if Batch does not report both.</summary>
    public double? Seconds { get; init; }

    /// <summary>
    /// What the jobs cost at least, in USD, as <c>refrag cost report</c> counts it; left out on this machine, and if nothing is known.
    /// </summary>
    public decimal? UsdAtLeast { get; init; }

    /// <summary>
    /// What that cost rests on: <c>measured</c> or <c>assumed</c>, with each one's part where it is both. Left out with the cost.
    /// </summary>
    public string? CostBasis { get; init; }

    /// <summary>How many jobs ran and have no price; left out on this machine, and if costs could not be read.</summary>
    public int? Unpriced { get; init; }

    /// <summary>The object on one line.</summary>
    public string ToJson() => JsonOutput.Line(this, EndedWorkJson.Default.EndedWork);

    private bool AreAllSucceeded => Jobs > 0 && Jobs == Succeeded;

    private string Subject =>
        OtherNames is { } others ? string.Create(CultureInfo.InvariantCulture, $"{Name} and {others} more") : Name;

    private string Counts
    {
        get
        {
            if (Jobs == 0) return "end not known";
            if (Jobs == 1) return Succeeded == 1 ? "succeeded" : Failed == 1 ? "failed" : Unknown == 1 ? "end not known" : "has not ended";
            if (AreAllSucceeded) return string.Create(CultureInfo.InvariantCulture, $"all {Jobs} jobs succeeded");
            string[] rest = [.. Some(Failed, "failed"), .. Some(Unfinished, "not ended"), .. Some(Unknown, "not known")];
            return string.Create(CultureInfo.InvariantCulture, $"{Succeeded} of {Jobs} jobs succeeded, {string.Join(", ", rest)}");
        }
    }

    private string Time => Seconds is { } seconds ? $" in {RelativeTime.Length(TimeSpan.FromSeconds(seconds))}" : "";

    private string Cost => (UsdAtLeast, Unpriced) switch
    {
        (null, null or 0) => "",
        (null, _) => ", cost not known",
        ({ } usd, null or 0) => $", at least {MoneyText.Of(usd)}{Basis}",
        ({ } usd, { } without) =>
            string.Create(CultureInfo.InvariantCulture, $", at least {MoneyText.Of(usd)}{Basis} ({without} without a price)"),
    };

    private string Basis => CostBasis is null ? "" : $", {CostBasis}";

    private static IEnumerable<string> Some(int count, string what) =>
        count == 0 ? [] : [string.Create(CultureInfo.InvariantCulture, $"{count} {what}")];
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EndedWork))]
internal sealed partial class EndedWorkJson : JsonSerializerContext;

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Refrag.Claims;

/// <summary>Who is about to carry an action out.</summary>
public sealed record Claim
{
    /// <summary>The action's identity.</summary>
    public required string ActionId { get; init; }

    /// <summary>What it concerns: a job's id.</summary>
    public required string Subject { get; init; }

    /// <summary>After which attempt.</summary>
    public required int Attempt { get; init; }

    /// <summary>What it does, for people.</summary>
    public required string What { get; init; }

    /// <summary>The host that made it, for people: a machine's name and a process id.</summary>
    public required string Owner { get; init; }

    /// <summary>A random text that no other claim has.</summary>
    public required string Token { get; init; }

    /// <summary>When it was made, by the owner's clock.</summary>
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>For how long the owner keeps it, in seconds. It begins nothing in the second half of them.</summary>
    public required double LeaseSeconds { get; init; }

    /// <summary>How long others leave it alone.</summary>
    [JsonIgnore]
    public TimeSpan Lease => TimeSpan.FromSeconds(LeaseSeconds);
}

/// <summary>What became of an action.</summary>
public sealed record ClaimOutcome
{
    /// <summary>The action's identity.</summary>
    public required string ActionId { get; init; }

    /// <summary>The job that was submitted.</summary>
    public required string JobId { get; init; }

    /// <summary>The host that wrote this.</summary>
    public required string Owner { get; init; }

    /// <summary>A random text that no other outcome has.</summary>
    public required string Token { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>An action that a store knows, with its newest claim.</summary>
/// <param name="Claim">The claim; null if it was not written to its end.</param>
/// <param name="Claims">How many hosts have claimed it, one after the other.</param>
/// <param name="Outcome">What became of it; null if that is not recorded.</param>
public sealed record ClaimedAction(Claim? Claim, int Claims, ClaimOutcome? Outcome);

/// <summary>Records as they are stored. What is not what refrag writes reads as null.</summary>
internal static class ClaimText
{
    public static byte[] Write(Claim claim) => JsonSerializer.SerializeToUtf8Bytes(claim, ClaimsJson.Default.Claim);

    public static byte[] Write(ClaimOutcome outcome) => JsonSerializer.SerializeToUtf8Bytes(outcome, ClaimsJson.Default.ClaimOutcome);

    public static Claim? ReadClaim(byte[] content) => Read(() => JsonSerializer.Deserialize(content, ClaimsJson.Default.Claim));

    public static ClaimOutcome? ReadOutcome(byte[] content) =>
        Read(() => JsonSerializer.Deserialize(content, ClaimsJson.Default.ClaimOutcome));

    private static T? Read<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Claim))]
[JsonSerializable(typeof(ClaimOutcome))]
internal sealed partial class ClaimsJson : JsonSerializerContext;

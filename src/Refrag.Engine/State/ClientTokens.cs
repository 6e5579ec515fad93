using System.Globalization;
using Refrag.Engine.Names;

namespace Refrag.Engine.State;

/// <summary>
/// The tokens by which clients mark repeated requests. They are stored with what the request changed, so a repetition after a restart is
/// known too.
/// </summary>
internal static class ClientTokens
{
    // API UpdateConsumableResource.clientToken: 8 hours.
    private static readonly TimeSpan s_valid = TimeSpan.FromHours(8);

    /// <summary>Whether a request is the first with its token. The same token with another request is refused.</summary>
    /// <param name="state">The engine's state.</param>
    /// <param name="key">The operation and the token.</param>
    /// <param name="payload">What the request says.</param>
    public static bool IsFirst(EngineState state, string key, string payload)
    {
        if (state.ClientTokens.Find(key) is { Value: { } known })
        {
            return known[(known.IndexOf(' ') + 1)..] == payload
                ? false
                : throw new Refusal("The clientToken was used for another request. Use a new one.");
        }
        state.ClientTokens.Put(
            new KeyValuePair { Name = key, Value = string.Create(CultureInfo.InvariantCulture, $"{state.Now} {payload}") });
        return true;
    }

    /// <summary>Forgets those that are no longer valid.</summary>
    /// <param name="state">The engine's state.</param>
    /// <param name="now">The time.</param>
    public static void Forget(EngineState state, DateTimeOffset now)
    {
        long time = now.Minus(s_valid).ToUnixTimeMilliseconds();
        foreach (KeyValuePair old in state.ClientTokens.All.Where(one => At(one) < time).ToList()) state.ClientTokens.Remove(old);
    }

    // One that cannot be read is old.
    private static long At(KeyValuePair one) =>
        long.TryParse(one.Value?.Split(' ')[0], CultureInfo.InvariantCulture, out long at) ? at : long.MinValue;
}

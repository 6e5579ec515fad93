using System.Globalization;
using System.Text.Json;

namespace Refrag.Apps;

/// <summary>
/// Reads keys as what an app needs them to be. A wrong value gives its default and a problem (RF7002 wrong, RF7003 missing), so that one
/// pass finds every mistake; look at <see cref="Problems"/> before using what was read. A key that is null counts as absent.
/// </summary>
public sealed class AppConfigReader
{
    private readonly JsonElement _root;
    private readonly List<Problem> _problems = [];

    internal AppConfigReader(JsonElement root) => _root = root;

    /// <summary>What was wrong so far, in the order of reading.</summary>
    public IReadOnlyList<Problem> Problems => _problems;

    /// <summary>Adds a problem of the app's own, such as two keys that contradict each other.</summary>
    public void Add(Problem problem) => _problems.Add(problem);

    /// <summary>A text. A number or a truth value is taken as it is written; a list or a mapping is a problem.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">The value where the key is absent; null makes the key required.</param>
    /// <param name="longest">The longest text that is allowed, in UTF-16 units.</param>
    public string Text(string key, string? fallback = null, int longest = int.MaxValue)
    {
        if (!TryFind(key, fallback is null, out JsonElement value)) return fallback ?? "";
        string? text = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
            _ => null,
        };
        if (text is null) return Wrong(key, value, "a text", $"{key}=TEXT", fallback ?? "");
        return text.Length <= longest
            ? text
            : Wrong(key, value, $"a text of at most {longest} characters", "Give a shorter one", fallback ?? "");
    }

    /// <summary>A whole number within bounds, both included.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">The value where the key is absent; null makes the key required.</param>
    /// <param name="min">The least value allowed.</param>
    /// <param name="max">The greatest value allowed.</param>
    public long Integer(string key, long? fallback = null, long min = long.MinValue, long max = long.MaxValue)
    {
        if (!TryFind(key, fallback is null, out JsonElement value)) return fallback ?? min;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) && number >= min && number <= max) return number;
        return Wrong(key, value, $"a whole number{Range(min, max)}", $"{key}={(fallback ?? min).ToString(CultureInfo.InvariantCulture)}",
            fallback ?? min);
    }

    /// <summary>A finite number within bounds.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">The value where the key is absent; null makes the key required.</param>
    /// <param name="above">The value must be greater than this.</param>
    /// <param name="max">The greatest value allowed.</param>
    public double Number(string key, double? fallback = null, double above = double.NegativeInfinity, double max = double.MaxValue)
    {
        if (!TryFind(key, fallback is null, out JsonElement value)) return fallback ?? 0;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number > above && number <= max)
            return number;
        return Wrong(
            key, value, $"a number{Bounds(above, max)}", $"{key}={(fallback ?? 1).ToString(CultureInfo.InvariantCulture)}", fallback ?? 0);
    }

    /// <summary>A number of seconds, 0 or more, fractions allowed.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">The value where the key is absent.</param>
    /// <param name="max">The longest time allowed.</param>
    public TimeSpan Seconds(string key, TimeSpan fallback, TimeSpan max)
    {
        if (!TryFind(key, required: false, out JsonElement value)) return fallback;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double seconds) && seconds >= 0
            && seconds <= max.TotalSeconds)
            return TimeSpan.FromSeconds(seconds);
        return Wrong(key, value, $"a number of seconds from 0 to {max.TotalSeconds}", $"{key}={fallback.TotalSeconds}", fallback);
    }

    /// <summary>True or false.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">The value where the key is absent; null makes the key required.</param>
    public bool Flag(string key, bool? fallback = null)
    {
        if (!TryFind(key, fallback is null, out JsonElement value)) return fallback ?? false;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean();
        return Wrong(key, value, "true or false", $"{key}=true", fallback ?? false);
    }

    /// <summary>One of some words.</summary>
    /// <param name="key">The key.</param>
    /// <param name="words">The words; the first is the value where the key is absent.</param>
    public string Choice(string key, params IReadOnlyList<string> words)
    {
        if (!TryFind(key, required: false, out JsonElement value)) return words[0];
        string given = JsonDescription.Shown(value);
        if (value.ValueKind == JsonValueKind.String && words.Contains(given)) return given;
        return Wrong(key, value, $"one of {string.Join(", ", words)}", $"{key}={Suggestion.Nearest(given, words) ?? words[0]}", words[0]);
    }

    private bool TryFind(string key, bool required, out JsonElement value)
    {
        if (_root.TryGetProperty(key, out value) && value.ValueKind != JsonValueKind.Null) return true;
        if (required)
            _problems.Add(new Problem { Code = "RF7003", What = $"The app needs {key}, which is not set", Cure = $"Set it: {key}=VALUE" });
        return false;
    }

    private T Wrong<T>(string key, JsonElement value, string wanted, string cure, T fallback)
    {
        string shown = JsonDescription.Shown(value);
        _problems.Add(new Problem
        {
            Code = "RF7002",
            What = $"{key} must be {wanted}",
            Cause = $"It is {JsonDescription.Describe(value)}",
            Cure = cure.Contains('=') ? $"Write for example {cure}" : cure,
            Place = new ArgumentPlace($"{key}={shown}", key.Length + 2, Math.Max(1, shown.Length)),
        });
        return fallback;
    }

    private static string Range(long min, long max) => (min, max) switch
    {
        (long.MinValue, long.MaxValue) => "",
        (_, long.MaxValue) => $", {min} or more",
        (long.MinValue, _) => $", {max} or less",
        _ => $" from {min} to {max}",
    };

    private static string Bounds(double above, double max)
    {
        string lower = double.IsNegativeInfinity(above) ? "" : $" greater than {above.ToString(CultureInfo.InvariantCulture)}";
        string upper = max >= double.MaxValue ? "" : $" and at most {max.ToString(CultureInfo.InvariantCulture)}";
        return lower + upper;
    }
}

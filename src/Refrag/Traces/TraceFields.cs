using System.Globalization;
using Refrag.Jobs;

namespace Refrag.Traces;

/// <summary>The values of one record of a trace by the names of its columns; what is wrong is collected with its line.</summary>
internal sealed class TraceFields(string file, List<Problem> problems)
{
    private const double MostSeconds = 10.0 * 365 * 24 * 3600;

    private readonly Dictionary<string, string> _interned = new(StringComparer.Ordinal);

    /// <summary>The line of the record.</summary>
    public int Line { get; set; }

    /// <summary>Returns the value of a column; null if the record has none.</summary>
    public required Func<string, string?> Value { get; init; }

    public bool HasProblems => problems.Count > 0;

    /// <summary>Whether as many problems were found as are worth reporting.</summary>
    public bool IsFull => problems.Count >= TraceProblem.Most;

    /// <summary>A text, one object for all records that have it; null if the record has none.</summary>
    public string? Text(string column)
    {
        if (Value(column) is not { Length: > 0 } text) return null;
        if (_interned.TryGetValue(text, out string? known)) return known;
        _interned.Add(text, text);
        return text;
    }

    /// <summary>A whole number within a range; null if the record has none, or after a problem.</summary>
    public int? Whole(string column, int least, int most)
    {
        if (Value(column) is not { Length: > 0 } text) return null;
        // Tables of other programs write 4.0 for 4.
        bool isNumber = decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out decimal number);
        if (isNumber && number == decimal.Truncate(number) && number >= least && number <= most) return (int)number;
        Wrong(column, text, $"must be a whole number from {least} to {most}");
        return null;
    }

    /// <summary>Thousandths of a number above 0; null if the record has none, or after a problem.</summary>
    public int? Thousandths(string column, int most)
    {
        if (Value(column) is not { Length: > 0 } text) return null;
        bool isNumber = decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out decimal number);
        if (isNumber && number >= 0 && number <= most) return (int)Math.Ceiling(number * 1000);
        Wrong(column, text, $"must be a number from 0 to {most}");
        return null;
    }

    /// <summary>Seconds, or a duration as 1h30m, in milliseconds; null if the record has none, or after a problem.</summary>
    public long? Time(string column)
    {
        if (Value(column) is not { Length: > 0 } text) return null;
        bool isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds);
        if (isNumber && seconds is >= 0 and <= MostSeconds) return (long)Math.Round(seconds * 1000);
        if (!isNumber && Duration.Parse(text) is { } duration) return (long)duration.TotalMilliseconds;
        Wrong(column, text, isNumber && seconds < 0
            ? "must not be negative"
            : "must be seconds, such as 90.5, or a duration of at most ten years, such as 1h30m");
        return null;
    }

    /// <summary>A date with its time, in milliseconds since 1970; null if the record has none, or after a problem.</summary>
    public long? Date(string column)
    {
        if (Value(column) is not { Length: > 0 } text) return null;
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out DateTimeOffset at)) return at.ToUnixTimeMilliseconds();
        Wrong(column, text, "must be a date with a time, such as 2026-11-30T14:00:00Z");
        return null;
    }

    /// <summary>Reports that a value is missing.</summary>
    public void Missing(string column) =>
        problems.Add(TraceProblem.At(file, Line, $"{column} is missing", $"Give every job its {column}."));

    private void Wrong(string column, string text, string rule) =>
        problems.Add(TraceProblem.At(file, Line, $"{column} {rule}; got '{text}'", $"Correct {column} on this line, or remove the job."));
}

using System.Globalization;

namespace Refrag.CommandTables;

/// <summary>Values that change from job to job.</summary>
/// <param name="Axis">The axis of the sweep that decides which value a job has; null if each child of the array has one of its
/// own.</param>
internal abstract record TableColumn(int? Axis)
{
    /// <summary>How many values there are.</summary>
    public abstract int Count { get; }

    /// <summary>The value at a place on the axis, or of a child.</summary>
    public abstract string At(int place);
}

/// <summary>Values one by one.</summary>
/// <param name="Axis">As in <see cref="TableColumn"/>.</param>
/// <param name="Values">The values; empty at places that no job of the table has.</param>
internal sealed record ListColumn(int? Axis, IReadOnlyList<string> Values) : TableColumn(Axis)
{
    public override int Count => Values.Count;

    public override string At(int place) => Values[place];
}

/// <summary>
/// Whole numbers that are counted up or down: what <c>seed=range(0,10000)</c> sweeps takes no more room than <c>seed=1,2,3</c>.
/// </summary>
/// <param name="Axis">As in <see cref="TableColumn"/>.</param>
/// <param name="First">The first.</param>
/// <param name="Step">From one to the next.</param>
/// <param name="Length">How many there are.</param>
internal sealed record CountColumn(int? Axis, long First, long Step, int Length) : TableColumn(Axis)
{
    // Shells need not count further than 32 bits. (POSIX, arithmetic expansion: signed long)
    private const long Most = int.MaxValue;

    public override int Count => Length;

    public override string At(int place) => (First + (Step * place)).ToString(CultureInfo.InvariantCulture);

    /// <summary>The column of these values; null if they are not counted. Null values stand at places that are not used.</summary>
    public static CountColumn? Of(int? axis, IReadOnlyList<string?> values)
    {
        (int Place, long Number)? first = null;
        long? step = null;
        int seen = 0;
        for (int place = 0; place < values.Count; place++)
        {
            if (values[place] is not { } text) continue;
            if (Number(text) is not { } number) return null;
            seen++;
            if (first is not { } start) first = (place, number);
            else if (step is null && (number - start.Number) % (place - start.Place) != 0) return null;
            else if ((step ??= (number - start.Number) / (place - start.Place)) * (place - start.Place) != number - start.Number)
                return null;
        }
        // Two values are as short in a list, and say more to people there.
        if (seen < 3 || first is not { } known || step is not { } by) return null;
        long zero = known.Number - (by * known.Place);
        return Math.Abs(zero) <= Most && Math.Abs(zero + (by * values.Count)) <= Most
            ? new CountColumn(axis, zero, by, values.Count)
            : null;
    }

    // 007, +7 and -0 are not what a number is written back as.
    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && Math.Abs(number) <= Most
            && number.ToString(CultureInfo.InvariantCulture) == text
            ? number
            : null;
}

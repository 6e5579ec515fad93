using System.Diagnostics;
using System.Globalization;

namespace Refrag.Composition.Conformance.Fuzzing;

/// <summary>
/// Checks many generated texts. Each text depends on the seed and its own number only, so a finding can be had again alone.
/// </summary>
internal static class FuzzRun
{
    private const int MostFindings = 20;

    /// <summary>Runs, prints findings and figures, and gives the exit code: 0 where nothing was found.</summary>
    public static int Run(TextWriter output, string language, long count, ulong seed)
    {
        IFuzzCheck check = Of(language);
        var watch = Stopwatch.StartNew();
        long accepted = 0, findings = 0;
        Parallel.For(0, count, index =>
        {
            string text = Text(check, seed, index);
            string? failure = Failure(check, text, out bool taken);
            if (taken) Interlocked.Increment(ref accepted);
            if (failure is null || Interlocked.Increment(ref findings) > MostFindings) return;
            lock (output) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"input {index}: {Show(text)}\n  {Show(failure)}"));
        });
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{count:#,0} {language}, seed {seed}: {accepted:#,0} accepted, {count - accepted:#,0} refused, {findings} findings, "
                + $"{watch.Elapsed.TotalSeconds:0} s"));
        return findings == 0 ? 0 : 1;
    }

    /// <summary>What there is to check.</summary>
    public static IReadOnlyList<string> Languages { get; } = ["overrides", "yaml", "interpolations"];

    /// <summary>The check of a language.</summary>
    public static IFuzzCheck Of(string language) =>
        language switch { "yaml" => new YamlCheck(), "interpolations" => new InterpolationCheck(), _ => new OverrideCheck() };

    /// <summary>The text of a number.</summary>
    public static string Text(IFuzzCheck check, ulong seed, long index) =>
        check.Text(new Chance(unchecked((seed * 0xD1342543DE82EF95UL) + (ulong)index)));

    /// <summary>What does not hold for a text; an exception is a finding.</summary>
    public static string? Failure(IFuzzCheck check, string text, out bool accepted)
    {
        accepted = false;
        try
        {
            return check.Failure(text, out accepted);
        }
#pragma warning disable CA1031 // Any exception is the finding.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return $"threw {exception.GetType().Name}: {exception.Message}";
        }
    }

    private static string Show(string text) =>
        string.Concat(text.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? $"\\u{(int)c:x4}" : c.ToString()));
}

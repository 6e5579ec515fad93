using System.Diagnostics;
using System.Globalization;

namespace Refrag.Composition.Conformance.Fuzzing;

/// <summary>Checks many generated texts. Each text depends on the seed and its own number only, so a finding can be had again alone.</summary>
internal static class FuzzRun
{
    private const int MostFindings = 20;

    /// <summary>Runs, prints findings and figures, and gives the exit code: 0 where nothing was found.</summary>
    public static int Run(TextWriter output, long count, ulong seed)
    {
        var watch = Stopwatch.StartNew();
        long accepted = 0, findings = 0;
        Parallel.For(0, count, index =>
        {
            string text = Text(seed, index);
            string? failure = OverrideCheck.Failure(text, out bool taken);
            if (taken) Interlocked.Increment(ref accepted);
            if (failure is null || Interlocked.Increment(ref findings) > MostFindings) return;
            lock (output) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"input {index}: {Show(text)}\n  {Show(failure)}"));
        });
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{count:#,0} inputs, seed {seed}: {accepted:#,0} accepted, {count - accepted:#,0} refused, {findings} findings, {watch.Elapsed.TotalSeconds:0} s"));
        return findings == 0 ? 0 : 1;
    }

    /// <summary>The text of a number.</summary>
    public static string Text(ulong seed, long index) => new OverrideGenerator(new Chance(unchecked((seed * 0xD1342543DE82EF95UL) + (ulong)index))).Next();

    private static string Show(string text) => string.Concat(text.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? $"\\u{(int)c:x4}" : c.ToString()));
}

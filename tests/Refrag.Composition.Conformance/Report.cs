namespace Refrag.Composition.Conformance;

/// <summary>What the program prints: the different, each with what was expected, a line a category, and the sum as the last line.</summary>
internal static class Report
{
    /// <summary>Writes the report and gives the exit code: 0 where nothing differs.</summary>
    public static int Write(TextWriter output, IReadOnlyList<Verdict> verdicts)
    {
        foreach (Verdict verdict in verdicts.Where(verdict => verdict.Kind == VerdictKind.Different))
        {
            output.WriteLine($"{verdict.Vector.Id} {verdict.Vector.Input.ToJsonString()}");
            output.WriteLine($"  expected {verdict.Vector.Expected.ToJsonString()}");
            output.WriteLine($"  got      {verdict.Got}");
        }
        foreach (IGrouping<string, Verdict> category in verdicts.GroupBy(verdict => verdict.Vector.Category, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal))
            output.WriteLine($"{category.Key}: {Counts(category)}");
        output.WriteLine(Counts(verdicts));
        return verdicts.Any(verdict => verdict.Kind == VerdictKind.Different) ? 1 : 0;
    }

    private static string Counts(IEnumerable<Verdict> verdicts)
    {
        ILookup<VerdictKind, Verdict> kinds = verdicts.ToLookup(verdict => verdict.Kind);
        return $"{kinds[VerdictKind.Equal].Count()} equal, {kinds[VerdictKind.Extended].Count()} extended, "
            + $"{kinds[VerdictKind.Different].Count()} different";
    }
}

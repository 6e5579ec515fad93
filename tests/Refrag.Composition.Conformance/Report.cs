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

    /// <summary>
    /// Writes a row a source: lines that the reference composes, and of these equal, different and refused; then lines that it refuses,
    /// and of these accepted here.
    /// </summary>
    public static void WriteBySource(TextWriter output, IReadOnlyList<Verdict> verdicts)
    {
        output.WriteLine("source\tcomposed\tequal\tdifferent\trefused\tnot composed\taccepted");
        foreach (IGrouping<string, Verdict> source in verdicts.GroupBy(verdict => verdict.Vector.Source, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal))
            output.WriteLine(Row(source.Key, [.. source]));
        output.WriteLine(Row("all", verdicts));
    }

    private static string Row(string source, IReadOnlyList<Verdict> verdicts)
    {
        List<Verdict> composed = [.. verdicts.Where(verdict => verdict.Vector.ExpectedError is null)];
        int equal = composed.Count(verdict => verdict.Kind == VerdictKind.Equal);
        int refused = composed.Count(verdict => verdict.IsError);
        int accepted = verdicts.Count(verdict => verdict.Vector.ExpectedError is not null && !verdict.IsError);
        int[] counts = [composed.Count, equal, composed.Count - equal - refused, refused, verdicts.Count - composed.Count, accepted];
        return string.Join('\t', [source, .. counts.Select(count => count.ToString(System.Globalization.CultureInfo.InvariantCulture))]);
    }

    private static string Counts(IEnumerable<Verdict> verdicts)
    {
        ILookup<VerdictKind, Verdict> kinds = verdicts.ToLookup(verdict => verdict.Kind);
        return $"{kinds[VerdictKind.Equal].Count()} equal, {kinds[VerdictKind.Extended].Count()} extended, "
            + $"{kinds[VerdictKind.Different].Count()} different";
    }
}

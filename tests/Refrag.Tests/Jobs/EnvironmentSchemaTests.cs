using System.Globalization;
using System.Text.RegularExpressions;
using Refrag.Aws.Batch;

namespace Refrag.Tests.Jobs;

/// <summary>The numbers in conf/env are AWS's limits, which <see cref="BatchLimits"/> has.</summary>
public sealed partial class EnvironmentSchemaTests
{
    private static readonly string[] s_lines = File.ReadAllLines(Path.Combine(Root(), "conf", "env", "_schema.yaml"));

    // Keys with numbers that are not AWS's limits: refrag's own bounds.
    private static readonly string[] s_own = ["gpus", "vcpus", "code_limit", "efa"];

    [Theory]
    [InlineData("nodes", 1, BatchLimits.Nodes)]
    [InlineData("array_size", BatchLimits.LeastArraySize, BatchLimits.ArraySize)]
    [InlineData("retries", 0, BatchLimits.Attempts - 1)]
    [InlineData("priority", 0, BatchLimits.SchedulingPriority)]
    public void Range_OfAKeyThatBatchLimits_IsBatchs(string key, int least, int most) =>
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"min: {least}, max: {most},"), Line(key), StringComparison.Ordinal);

    [Theory]
    [InlineData("timeout", "at least {0} seconds", BatchLimits.TimeoutSeconds)]
    [InlineData("depends_on", "at most {0}.", BatchLimits.Dependencies)]
    [InlineData("job_name", "At most {0} letters", BatchLimits.NameLength)]
    public void Description_OfAKeyThatBatchLimits_NamesBatchsLimit(string key, string words, int limit) =>
        Assert.Contains(string.Format(CultureInfo.InvariantCulture, words, limit), Line(key), StringComparison.Ordinal);

    [Theory]
    [InlineData("array_size", "{0:N0} to {1:N0}", BatchLimits.LeastArraySize, BatchLimits.ArraySize)]
    [InlineData("retries", "{0} to {1} further", 0, BatchLimits.Attempts - 1)]
    [InlineData("timeout", "at least {0} seconds", BatchLimits.TimeoutSeconds, 0)]
    [InlineData("priority", "{0} to {1},", 0, BatchLimits.SchedulingPriority)]
    [InlineData("depends_on", "at most {0}\n", BatchLimits.Dependencies, 0)]
    public void Comment_OfAKeyThatBatchLimits_NamesBatchsLimit(string key, string words, int first, int second)
    {
        string text = File.ReadAllText(Path.Combine(Root(), "conf", "env", "awsbatch.yaml"));
        Assert.Contains($"\n{key}: ", text, StringComparison.Ordinal);
        Assert.Contains(string.Format(CultureInfo.InvariantCulture, words, first, second), text, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_WithANumber_AreComparedHereOrRefragsOwn()
    {
        IEnumerable<string> compared = typeof(EnvironmentSchemaTests).GetMethods()
            .SelectMany(method => method.GetCustomAttributes(typeof(InlineDataAttribute), inherit: false).Cast<InlineDataAttribute>())
            .Select(data => (string)data.Data[0]!);
        IEnumerable<string> found = s_lines.Select(line => Numbered().Match(line)).Where(line => line.Success)
            .Select(line => line.Groups["key"].Value);

        Assert.Equal(found.Order(StringComparer.Ordinal), compared.Concat(s_own).Distinct().Order(StringComparer.Ordinal));
    }

    private static string Line(string key) => s_lines.Single(line => line.StartsWith($"  {key}: ", StringComparison.Ordinal));

    // The number may stand anywhere in the key's line but inside a word, as in 8h.
    [GeneratedRegex(@"^  (?<key>[a-z_]+): .*\b[0-9]+\b", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Numbered();

    private static string Root()
    {
        string directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "refrag.slnx"))) directory = Path.GetDirectoryName(directory)!;
        return directory;
    }
}

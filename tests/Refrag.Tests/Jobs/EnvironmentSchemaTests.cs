using System.Globalization;
using System.Text.RegularExpressions;
using Refrag.Aws.Batch;

namespace Refrag.Tests.Jobs;

/// <summary>The ranges in conf/env/_schema.yaml are AWS's limits, which <see cref="BatchLimits"/> has.</summary>
public sealed class EnvironmentSchemaTests
{
    [Theory]
    [InlineData("nodes", 1, BatchLimits.Nodes)]
    [InlineData("array_size", BatchLimits.LeastArraySize, BatchLimits.ArraySize)]
    [InlineData("retries", 0, BatchLimits.Attempts - 1)]
    [InlineData("priority", 0, BatchLimits.SchedulingPriority)]
    public void Range_OfAKeyThatBatchLimits_IsBatchs(string key, int least, int most)
    {
        string line = File.ReadLines(Path.Combine(Root(), "conf", "env", "_schema.yaml"))
            .Single(line => line.StartsWith($"  {key}: ", StringComparison.Ordinal));

        Match range = Regex.Match(line, "min: (?<least>[0-9]+), max: (?<most>[0-9]+)", RegexOptions.None, TimeSpan.FromSeconds(1));

        Assert.Equal((least, most), (Number(range.Groups["least"]), Number(range.Groups["most"])));
    }

    private static int Number(Group digits) => int.Parse(digits.Value, CultureInfo.InvariantCulture);

    private static string Root()
    {
        string directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "refrag.slnx"))) directory = Path.GetDirectoryName(directory)!;
        return directory;
    }
}

using Refrag.Aws;

namespace Refrag.Cli.Commands.Serve;

/// <summary>The account and the usual region that the options of <c>refrag serve</c> name.</summary>
internal static class ServeScope
{
    private const int AccountDigits = 12;

    /// <summary>What is wrong with them; empty if nothing is.</summary>
    public static IReadOnlyList<Problem> Check(ServeOptions options)
    {
        List<Problem> problems = [];
        if (options.Account.Length != AccountDigits || !options.Account.All(char.IsAsciiDigit))
            problems.Add(new Problem
            {
                Code = "RF4041",
                What = $"--account={options.Account} is not the number of an AWS account",
                Cure = "Give its 12 digits, such as --account=123456789012.",
            });
        if (!AwsRegions.OfBatch.Contains(options.Region))
            problems.Add(new Problem
            {
                Code = "RF4042",
                What = $"--region={options.Region} is not a region that has AWS Batch",
                Cure = $"Give one, such as --region=eu-west-1.{Suggestion.Sentence(options.Region, AwsRegions.OfBatch)}",
            });
        return problems;
    }
}

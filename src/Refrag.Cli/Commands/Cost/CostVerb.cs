using System.CommandLine;
using Refrag.Cli.Context;

namespace Refrag.Cli.Commands.Cost;

/// <summary><c>refrag cost</c>: what work costs, would cost, and has cost.</summary>
internal static class CostVerb
{
    public static Command Create(CliContext context) => new("cost", "What jobs would cost and have cost, from dated prices.")
    {
        CostEstimateVerb.Create(context),
        CostCompareVerb.Create(context),
        CostReportVerb.Create(context),
    };
}

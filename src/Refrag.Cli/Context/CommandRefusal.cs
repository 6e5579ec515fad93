namespace Refrag.Cli.Context;

/// <summary>How a verb refuses: each problem, how many there are, and the exit code.</summary>
internal static class CommandRefusal
{
    /// <summary>Refuses a verb that only looks, or sends nothing to Batch: nothing is said about sending.</summary>
    public static int Refuse(this CliContext context, IReadOnlyList<Problem> problems)
    {
        foreach (Problem problem in problems) context.Terminal.Problems([problem]);
        if (problems.Count > 1) context.Terminal.Error($"{problems.Count} problems.");
        return ExitCodes.Usage;
    }

    /// <summary>Refuses what would have been sent to Batch.</summary>
    public static int RefuseToSend(this CliContext context, IReadOnlyList<Problem> problems)
    {
        context.Terminal.Problems(problems);
        return ExitCodes.Usage;
    }
}

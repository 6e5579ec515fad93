namespace Refrag.Cli.Context;

/// <summary>How the verbs that only look say what is wrong. Nothing was about to be sent, so nothing is said about sending.</summary>
internal static class CommandRefusal
{
    public static int Refuse(this CliContext context, IReadOnlyList<Problem> problems)
    {
        foreach (Problem problem in problems) context.Terminal.Problems([problem]);
        if (problems.Count > 1) context.Terminal.Error($"{problems.Count} problems.");
        return ExitCodes.Usage;
    }
}

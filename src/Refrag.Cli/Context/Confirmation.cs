namespace Refrag.Cli.Context;

/// <summary>Asks before something is changed.</summary>
internal static class Confirmation
{
    /// <summary>The user's yes; or the reason not to continue. With <c>--yes</c> no question is asked.</summary>
    /// <param name="context">Asks.</param>
    /// <param name="yes">Whether <c>--yes</c> was given.</param>
    /// <param name="question">The question, without its question mark.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Problem?> AskAsync(CliContext context, bool yes, string question, CancellationToken cancellationToken)
    {
        if (yes) return null;
        if (Console.IsInputRedirected) return CannotAsk;
        context.Terminal.Note($"{question}? Type 'yes' to continue:");
        string? answer = await Console.In.ReadLineAsync(cancellationToken);
        return string.Equals(answer?.Trim(), "yes", StringComparison.OrdinalIgnoreCase) ? null : Declined;
    }

    private static Problem CannotAsk { get; } = new()
    {
        Code = "RF6032",
        What = "nothing was changed: standard input is not a terminal, so the question cannot be asked",
        Cure = "Give --yes where the change above is wanted.",
    };

    private static Problem Declined { get; } = new()
    {
        Code = "RF6033",
        What = "nothing was changed: the answer was not yes",
        Cure = "Run the command again, or with --yes.",
    };
}

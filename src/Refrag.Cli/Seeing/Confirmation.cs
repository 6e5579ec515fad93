namespace Refrag.Cli.Seeing;

/// <summary>Asks before something cannot be undone.</summary>
internal static class Confirmation
{
    /// <summary>Null for yes; else the exit code. Where nobody can answer, that is a mistake, for a script would wait for ever.</summary>
    public static int? Ask(CliContext context, string what)
    {
        if (Console.IsInputRedirected)
        {
            context.Terminal.Problems([new Problem { Code = "RF5025", What = $"Nobody can be asked whether to {what}", Cure = "Add --yes, or look first with --dry-run." }]);
            return ExitCodes.Usage;
        }
        context.Terminal.Note($"{char.ToUpperInvariant(what[0])}{what[1..]}? [y/N]");
        string? answer = Console.In.ReadLine();
        if (answer?.Trim() is "y" or "Y" or "yes") return null;
        context.Terminal.Note("Nothing was done.");
        return ExitCodes.Success;
    }
}

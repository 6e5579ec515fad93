using System.CommandLine;
using Refrag.Cli.Context;

namespace Refrag.Cli.Commands.Completion;

/// <summary><c>refrag completion</c>: prints the script with which a shell completes refrag's command lines.</summary>
internal static class CompletionVerb
{
    public static Command Create(CliContext context)
    {
        Argument<string> shell = new("shell") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong([.. CompletionScripts.Shells]);
        Command verb = new("completion", "Print a completion script. In bash: source <(refrag completion bash)") { shell };
        verb.SetAction(parsed =>
        {
            context.Terminal.Output(CompletionScripts.Of(parsed.GetRequiredValue(shell)));
            return ExitCodes.Success;
        });
        return verb;
    }

    /// <summary>
    /// The hidden <c>refrag complete -- WORDS…</c> that the scripts call; the command line takes it before anything is parsed,
    /// because the words are half a command line and not to be judged.
    /// </summary>
    /// <param name="context">The process.</param>
    /// <param name="root">All commands.</param>
    /// <param name="words">The words after the program's name.</param>
    public static async Task<int> CompleteAsync(CliContext context, RootCommand root, IReadOnlyList<string> words)
    {
        IReadOnlyList<string> found = await new CommandLineCompletion(context, root).CompleteAsync(words);
        if (found.Count > 0) context.Terminal.Output(string.Join('\n', found));
        return ExitCodes.Success;
    }
}

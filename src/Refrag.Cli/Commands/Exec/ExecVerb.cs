using System.CommandLine;
using Refrag.Apps;
using Refrag.Cli.Context;

namespace Refrag.Cli.Commands.Exec;

/// <summary><c>refrag exec</c>: one worker of an app, in the container or in the child process of a local run.</summary>
internal static class ExecVerb
{
    /// <summary>For help only: the root takes the verb before anything is parsed.</summary>
    public static Command Create() =>
        new("exec", "Run one worker of an app here, as a container does.")
        {
            new Argument<string>("app") { Description = "The app's name; or -- and a command with its arguments." },
            new Argument<string?>("config")
            {
                Description = "The configuration, a JSON object: '{\"key\":\"value\"}'.",
                Arity = ArgumentArity.ZeroOrOne,
            },
        };

    public static Task<int> RunAsync(CliContext context, IReadOnlyList<string> arguments) =>
        StoredExecution.IsWanted(context)
            ? StoredExecution.RunAsync(context, arguments)
            : MeasuredExecution.IsWanted(context)
            ? MeasuredExecution.RunAsync(context, arguments)
            : new Execution(context.Apps, ExecHost.OfThisProcess()).RunAsync(arguments, CancellationToken.None);
}

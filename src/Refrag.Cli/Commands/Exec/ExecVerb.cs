using System.CommandLine;
using Refrag.Apps;
using Refrag.Cli.Context;

namespace Refrag.Cli.Commands.Exec;

/// <summary><c>refrag exec</c>: one worker of an app, in the container or in the child process of a local run.</summary>
internal static class ExecVerb
{
    /// <summary>For help only: the root takes the verb before anything is parsed.</summary>
    public static Command Create() =>
        new("exec", "Run one worker of an app here: refrag exec NAME '{\"key\":\"value\"}', or refrag exec -- COMMAND ARGUMENTS.");

    public static Task<int> RunAsync(CliContext context, IReadOnlyList<string> arguments) =>
        new Execution(context.Apps, ExecHost.OfThisProcess()).RunAsync(arguments, CancellationToken.None);
}

using System.CommandLine;
using Refrag.Apps;
using Refrag.Aws;
using Refrag.Cli.Commands.Completion;
using Refrag.Cli.Commands.Exec;
using Refrag.Cli.Context;

namespace Refrag.Cli;

/// <summary>
/// The command line as a library: a program of your own that calls <see cref="RunAsync(string[], IEnumerable{IApp})"/> with its class apps
/// is refrag with these apps built in.
/// </summary>
public static class RefragCommandLine
{
    /// <summary>Runs one command line and gives its exit code (<see cref="ExitCodes"/>).</summary>
    /// <param name="args">The arguments, without the program's name.</param>
    /// <param name="apps">The class apps that can be run.</param>
    public static async Task<int> RunAsync(string[] args, params IEnumerable<IApp> apps)
    {
        var context = CliContext.OfProcess(new AppRegistry(apps));
        return await RunAsync(context, args);
    }

    /// <summary>The same with what it has at hand.</summary>
    internal static async Task<int> RunAsync(CliContext context, string[] args)
    {
        CarriedLibrary.Register();
        try
        {
            int exit = await RunVerbAsync(context, args);
            return exit == ExitCodes.Success && context.Terminal.OutputFault is { } fault ? NotWritten(context, fault) : exit;
        }
#pragma warning disable CA1031 // A bug: the user gets it as an error with an exit code, not as the process's abortion.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            context.Terminal.Problems([InternalError(bug)]);
            return ExitCodes.Internal;
        }
    }

    private static async Task<int> RunVerbAsync(CliContext context, string[] args)
    {
        if (args is [] or ["help", ..]) args = [.. args.Skip(1), "--help"];
        if (IsCommandOfJob(context, args)) args = ["exec", "--", .. args];
        // What runs in a container starts without the weight of a command-line parser, and its arguments are not to be interpreted.
        if (args is ["exec", .. var arguments] and not [_, "--help" or "-h" or "-?"]) return await ExecVerb.RunAsync(context, arguments);
        // Half a command line, from a shell that waits for it.
        if (args is ["complete", "--", .. var words])
            return await CompletionVerb.CompleteAsync(context, RootVerb.Create(context), words);
        if (InitProcess.IsThis) return await InitProcess.RunAsync(args);
        try
        {
            ParseResult parsed = RootVerb.Create(context, args).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (UnknownOptions.In(parsed) is { Count: > 0 } unknown) return context.Refuse(unknown);
            return parsed.Errors.Count > 0 ? Refuse(context, parsed) : await parsed.RunAsync(context);
        }
        catch (AwsException failure)
        {
            return Report(context, failure);
        }
        catch (OperationCanceledException) when (context.Signals.Token.IsCancellationRequested)
        {
            return context.Signals.ExitCode;
        }
    }

    // The image's entry point is refrag, and the job was submitted as if it were another's: it runs all the same.
    private static bool IsCommandOfJob(CliContext context, string[] args) =>
        args is [var first, ..] && first is not ("exec" or "complete") && !first.StartsWith('-')
            && !string.IsNullOrEmpty(context.Variable(BatchVariables.JobId))
            && !RootVerb.Has(first);

    private static int Refuse(CliContext context, ParseResult parsed)
    {
        string help = $"{VerbHelp.NameOf(parsed.CommandResult.Command)} --help";
        if (UnknownVerbs.In(context, parsed, help) is { } unknown) return context.Refuse([unknown]);
        context.Terminal.Problems(
            [.. parsed.Errors
                .Select(error => ParserMessages.Kinder(error.Message))
                .Distinct(StringComparer.Ordinal).Select(what => new Problem { Code = "RF5000", What = what, Cure = $"See {help}." })]);
        return ExitCodes.Usage;
    }

    private static int NotWritten(CliContext context, string fault)
    {
        context.Terminal.Problems(
        [
            new Problem
            {
                Code = "RF5007",
                What = $"The result could not be written to standard output: {fault}",
                Cure = "Free space where it goes, or send it elsewhere. What the command does is done: "
                    + "`refrag jobs` shows what it submitted or ended.",
            },
        ]);
        return ExitCodes.NotWritten;
    }

    private static Problem InternalError(Exception bug) => new()
    {
        Code = "RF5005",
        What = $"refrag has a bug: {bug.GetType().Name}: {bug.Message}",
        Cause = bug.StackTrace,
        Cure = "Please report it with this text, the command, and what `refrag --version` prints.",
    };

    private static int Report(CliContext context, AwsException failure)
    {
        (IReadOnlyList<Problem> problems, int exit) = failure switch
        {
            InvalidRequestException invalid => (invalid.Problems, ExitCodes.Usage),
            AwsConfigurationException settings => (settings.Problems, ExitCodes.Usage),
            AwsCredentialsException or AwsServiceException { Error.IsCredentialFault: true } => ([failure.Problem], ExitCodes.Credentials),
            _ => ([failure.Problem], ExitCodes.Unavailable),
        };
        context.Terminal.Problems(problems);
        return exit;
    }

    // Signals are refrag's own to handle: System.CommandLine's would end the process after two seconds.
    private static Task<int> RunAsync(this ParseResult parsed, CliContext context) => parsed.InvokeAsync(
        new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
            Output = context.Terminal.OutputWriter(),
        },
        context.Signals.Token);
}

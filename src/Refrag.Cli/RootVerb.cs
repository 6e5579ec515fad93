using System.CommandLine;
using System.CommandLine.Help;
using Refrag.Cli.Commands.Catalog;
using Refrag.Cli.Commands.Completion;
using Refrag.Cli.Commands.Config;
using Refrag.Cli.Commands.Cost;
using Refrag.Cli.Commands.Diagnose;
using Refrag.Cli.Commands.Exec;
using Refrag.Cli.Commands.Infra;
using Refrag.Cli.Commands.Jobs;
using Refrag.Cli.Commands.Run;
using Refrag.Cli.Commands.Serve;
using Refrag.Cli.Context;

namespace Refrag.Cli;

/// <summary><c>refrag</c> itself.</summary>
internal static class RootVerb
{
    public static RootCommand Create(CliContext context)
    {
        RootCommand root = new("Runs work on AWS Batch, and rehearses it on this machine.")
        {
            RunVerb.Create(context),
            InitVerb.Create(context),
            SubmitVerb.Create(context),
            ExecVerb.Create(),
            ConfigVerb.Create(context),
            InfraVerb.Create(context),
            ServeVerb.Create(context),
            CompletionVerb.Create(context),
            HelpVerb(),
            QueuesVerb.Create(context),
            EnvsVerb.Create(context),
            JobsVerb.Create(context),
            JobVerb.Create(context),
            TopVerb.Create(context),
            LogsVerb.Create(context),
            OutputsVerb.Create(context),
            PullVerb.Create(context),
            SweepVerb.Create(context),
            CancelVerb.Create(context),
            TerminateVerb.Create(context),
            RetryVerb.Create(context),
            WhyVerb.Create(context),
            DoctorVerb.Create(context),
            FitVerb.Create(context),
            CostVerb.Create(context),
            CatalogVerb.Create(context),
        };
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new VerbHelp(context, new KeyHelp(context, (HelpAction)help.Action!));
        return root;
    }

    /// <summary>For help and completion only: <c>refrag help run</c> is read as <c>refrag run --help</c>.</summary>
    private static Command HelpVerb() => new("help", "Print this help, or the help of a command.")
    {
        new Argument<string[]>("command") { Description = "The command, as run or config show.", Arity = ArgumentArity.ZeroOrMore },
    };
}

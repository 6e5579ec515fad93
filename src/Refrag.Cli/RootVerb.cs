using System.CommandLine;
using System.CommandLine.Help;
using Refrag.Cli.Commands.Catalog;
using Refrag.Cli.Commands.Completion;
using Refrag.Cli.Commands.Config;
using Refrag.Cli.Commands.Cost;
using Refrag.Cli.Commands.Dashboard;
using Refrag.Cli.Commands.Diagnose;
using Refrag.Cli.Commands.Exec;
using Refrag.Cli.Commands.History;
using Refrag.Cli.Commands.Infra;
using Refrag.Cli.Commands.Jobs;
using Refrag.Cli.Commands.React;
using Refrag.Cli.Commands.Run;
using Refrag.Cli.Commands.Scale;
using Refrag.Cli.Commands.Serve;
using Refrag.Cli.Commands.Simulate;
using Refrag.Cli.Context;

namespace Refrag.Cli;

/// <summary><c>refrag</c> itself.</summary>
internal static class RootVerb
{
    // In the order of the reference and of completion.
    private static readonly (string Name, Func<CliContext, Command> Create)[] s_verbs =
    [
        ("run", RunVerb.Create),
        ("init", InitVerb.Create),
        ("submit", SubmitVerb.Create),
        ("exec", static _ => ExecVerb.Create()),
        ("config", ConfigVerb.Create),
        ("infra", InfraVerb.Create),
        ("serve", ServeVerb.Create),
        ("completion", CompletionVerb.Create),
        ("help", static _ => HelpVerb()),
        ("queues", QueuesVerb.Create),
        ("envs", EnvsVerb.Create),
        ("jobs", JobsVerb.Create),
        ("job", JobVerb.Create),
        ("top", TopVerb.Create),
        ("dashboard", DashboardVerb.Create),
        ("logs", LogsVerb.Create),
        ("outputs", OutputsVerb.Create),
        ("pull", PullVerb.Create),
        ("sweep", SweepVerb.Create),
        ("wait", WaitVerb.Create),
        ("shell", ShellVerb.Create),
        ("cancel", CancelVerb.Create),
        ("terminate", TerminateVerb.Create),
        ("retry", RetryVerb.Create),
        ("react", ReactVerb.Create),
        ("why", WhyVerb.Create),
        ("doctor", DoctorVerb.Create),
        ("fit", FitVerb.Create),
        ("offers", OffersVerb.Create),
        ("history", HistoryVerb.Create),
        ("cost", CostVerb.Create),
        ("budget", BudgetVerb.Create),
        ("scale", ScaleVerb.Create),
        ("simulate", SimulateVerb.Create),
        ("catalog", CatalogVerb.Create),
    ];

    /// <summary>With every command.</summary>
    public static RootCommand Create(CliContext context) => Create(context, s_verbs);

    /// <summary>
    /// For one command line: with the command that its first word names, or with every command. Making all of them takes longer than most
    /// commands run.
    /// </summary>
    public static RootCommand Create(CliContext context, IReadOnlyList<string> words) =>
        Create(context, words is [var first, ..] && Array.Find(s_verbs, verb => verb.Name == first) is { Name: not null } named
            ? [named]
            : s_verbs);

    /// <summary>Whether a word is the name of a command.</summary>
    public static bool Has(string word) => Array.Exists(s_verbs, verb => verb.Name == word);

    private static RootCommand Create(CliContext context, ReadOnlySpan<(string Name, Func<CliContext, Command> Create)> verbs)
    {
        RootCommand root = new("Runs work on AWS Batch, and rehearses it on this machine.");
        foreach ((_, Func<CliContext, Command> create) in verbs) root.Add(create(context));
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

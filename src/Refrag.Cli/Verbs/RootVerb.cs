using System.CommandLine;

namespace Refrag.Cli.Verbs;

/// <summary><c>refrag</c> itself.</summary>
internal static class RootVerb
{
    public static RootCommand Create(CliContext context) => new("Runs work on AWS Batch, and rehearses it on this machine.")
    {
        RunVerb.Create(context),
        SubmitVerb.Create(context),
        ExecVerb.Create(),
        ConfigVerb.Create(context),
        CompletionVerb.Create(context),
        QueuesVerb.Create(context),
        EnvsVerb.Create(context),
        JobsVerb.Create(context),
        JobVerb.Create(context),
        LogsVerb.Create(context),
        CancelVerb.Create(context),
        TerminateVerb.Create(context),
        RetryVerb.Create(context),
        WhyVerb.Create(context),
        DoctorVerb.Create(context),
        FitVerb.Create(context),
        CostVerb.Create(context),
        TopVerb.Create(context),
    };
}

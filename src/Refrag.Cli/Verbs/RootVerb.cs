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
        ServeVerb.Create(context),
        CompletionVerb.Create(context),
    };
}

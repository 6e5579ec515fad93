using System.CommandLine;
using Refrag.Cli.Context;
using Refrag.Traces;

namespace Refrag.Cli.Commands.Simulate;

/// <summary><c>refrag simulate convert</c>: writes the output of sacct, or another trace, as a trace in CSV.</summary>
internal static class ConvertVerb
{
    public static Command Create(CliContext context)
    {
        Argument<string> file = new("file") { Description = "What `sacct --parsable2` has printed, or a trace." };
        Command verb = new("convert", "Convert the output of sacct, or another trace, to a trace in CSV.") { file };
        verb.SetAction(parsed => Run(context, parsed.GetRequiredValue(file)));
        return verb;
    }

    private static int Run(CliContext context, string file)
    {
        if (!TraceReader.Read(Path.GetFullPath(file, context.WorkingDirectory), file)
            .TryGet(out Workload? workload, out IReadOnlyList<Problem> problems)) return context.Refuse(problems);
        foreach (string note in workload.Notes) context.Terminal.Note(note);
        using TextWriter output = context.Terminal.OutputWriter();
        TraceWriter.Write(workload, output);
        return ExitCodes.Success;
    }
}

using System.CommandLine;
using Refrag.Cli.Context;
using Refrag.Traces;

namespace Refrag.Cli.Commands.Simulate;

/// <summary><c>refrag simulate generate</c>: writes a generated workload as a trace.</summary>
internal static class GenerateVerb
{
    public static Command Create(CliContext context)
    {
        Argument<string> settings = new("settings")
        {
            Description = "What the jobs are: jobs=1000,per_hour=60,gpu_part=0.2 and others.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<ulong> seed = new("--seed") { Description = "The seed of chance.", DefaultValueFactory = static _ => 1 };
        Command verb = new("generate", "Write a generated workload as a trace in CSV.") { settings, seed };
        verb.SetAction(parsed => Run(context, parsed.GetValue(settings) ?? "", parsed.GetValue(seed)));
        return verb;
    }

    private static int Run(CliContext context, string settings, ulong seed)
    {
        if (!WorkloadGenerator.Parse(settings).TryGet(out WorkloadGenerator? generator, out IReadOnlyList<Problem> problems))
            return context.Refuse(problems);
        using TextWriter output = context.Terminal.OutputWriter();
        TraceWriter.Write(generator.Make(seed), output);
        return ExitCodes.Success;
    }
}

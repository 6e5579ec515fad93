using System.CommandLine;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Monitoring;
using Refrag.Traces;

namespace Refrag.Cli.Commands.Simulate;

/// <summary><c>refrag simulate export</c>: writes the jobs that Batch still knows as a trace.</summary>
internal static class ExportVerb
{
    public static Command Create(CliContext context)
    {
        QueryOptions query = new() { NotOnSlurm = "it exports environments of AWS" };
        JobFilterOptions filter = new();
        Command verb = query.PlainVerb("export",
            "Write the ended jobs that Batch still knows as a trace in CSV.\n"
            + "Batch forgets a job some days after its end. Only jobs that have run are in the trace; an array's children are jobs of "
            + "their own.", filter.All);
        verb.SetAction((parsed, cancellationToken) => QuerySession.RunAsync(context, query, parsed, session =>
            filter.Read(parsed, session, query.Plain(parsed)).TryGet(out JobFilter? wanted, out IReadOnlyList<Problem> problems)
                ? RunAsync(session, wanted, cancellationToken)
                : Task.FromResult(context.Refuse(problems))));
        return verb;
    }

    private static async Task<int> RunAsync(QuerySession session, JobFilter filter, CancellationToken cancellationToken)
    {
        if (await UnknownNames.MissingQueuesAsync(session, filter.Queues, cancellationToken) is { } missing) return missing;
        if (await BatchTrace.EndedAsync(session.Batch, filter, "Batch", cancellationToken) is not { } workload)
        {
            session.Terminal.Note("No ended job that has run. Batch forgets jobs some days after their end.");
            return ExitCodes.NothingFound;
        }
        foreach (string note in workload.Notes) session.Terminal.Note(note);
        using TextWriter output = session.Terminal.OutputWriter();
        TraceWriter.Write(workload, output);
        return ExitCodes.Success;
    }
}

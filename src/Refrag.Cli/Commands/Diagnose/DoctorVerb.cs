using System.CommandLine;
using Refrag.Aws.Batch;
using Refrag.Catalogues;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Terminal;
using Refrag.Diagnosis;
using Refrag.Monitoring;
using Refrag.Scheduling.Catalogue;

namespace Refrag.Cli.Commands.Diagnose;

/// <summary><c>refrag doctor</c>: everything that can be checked without a job.</summary>
internal static class DoctorVerb
{
    public static Command Create(CliContext context)
    {
        QueryOptions options = new();
        Command verb =
            options.Verb("doctor",
                "Check queues, environments and definitions, and whether they fit together.\n"
                + "These checks need no job. The exit code is 2 if something is wrong.");
        verb.SetAction(
            (parsed, cancellationToken) =>
                QuerySession.RunAsync(context, options, parsed, session => RunAsync(session, cancellationToken)));
        return verb;
    }

    private static async Task<int> RunAsync(QuerySession session, CancellationToken cancellationToken)
    {
        bool trouble = false;
        KnownCatalogue known = UserCatalogue.Load(session.Context);
        InstanceCatalogue types = known.TypesIn(QueueInstanceTypes.Region(session.Context, session.Spec));
        foreach ((string queue, string definition) in Targets(session))
        {
            var reader = new SituationReader(session.Batch, session.Logs, session.Context.Time, types, known.Prices)
            {
                Aws = session.Aws,
                Downloads = session.Downloads,
            };
            Situation situation = await reader.OfAsync(queue, definition, cancellationToken) with
            {
                OtherQueues = (session.Spec.Queues.Cpu, session.Spec.Queues.Gpu),
            };
            Diagnosis.Diagnosis diagnosis = Diagnostician.Of(situation);
            trouble |= !diagnosis.IsHealthy;
            if (!session.Json)
                session.Terminal.Output([$"{queue} with {definition}: ", diagnosis.IsHealthy ? new Cell("ok", Tone.Good) : ""]);
            if (session.Json || !diagnosis.IsHealthy) DiagnosisOutput.Print(session, null, null, diagnosis);
        }
        foreach (ComputeEnvironmentDetail environment in await new QueueReader(session.Batch).EnvironmentsAsync([], cancellationToken))
        {
            Health health = Health.Of(environment);
            trouble |= health.Level == HealthLevel.Bad;
            session.Terminal.Output(session.Json
                ? JsonOutput.Line(EnvironmentHealth.Of(environment, health), DiagnoseJson.Default.EnvironmentHealth)
                : $"{environment.ComputeEnvironmentName}: {health.Word}, {health.Reason}");
        }
        return trouble ? ExitCodes.Trouble : ExitCodes.Success;
    }

    private static IEnumerable<(string Queue, string Definition)> Targets(QuerySession session)
    {
        yield return (session.Spec.Queues.Manual ?? session.Spec.Queues.Cpu,
            session.Spec.Definitions.Manual ?? session.Spec.Definitions.Cpu);
        if (session.Spec.Queues.Manual is null) yield return (session.Spec.Queues.Gpu, session.Spec.Definitions.Gpu);
    }
}

using System.CommandLine;
using Refrag.Aws.Batch;
using Refrag.Catalogues;
using Refrag.Cli.Configuration;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Diagnosis;

namespace Refrag.Cli.Commands.Diagnose;

/// <summary><c>refrag why</c>: why a job waits or failed, or why one would not start.</summary>
internal static class WhyVerb
{
    public static Command Create(CliContext context)
    {
        QueryOptions options = new("A job's id, or overrides that describe a job", "job");
        Command verb =
            options.Verb("why",
                "Say why a job waits, failed, or would not start.\n"
                + "Prints each cause with its evidence, how sure it is, and the cure as a command. Without an id, the job that the "
                + "overrides "
                + "describe is checked before it is submitted. The exit code is 2 if there is a cause.");
        verb.SetAction((parsed, cancellationToken) => QuerySession.RunAsync(context, options, parsed, async session =>
        {
            IReadOnlyList<string> words = options.Plain(parsed);
            KnownCatalogue known = UserCatalogue.Load(session.Context);
            var reader = new SituationReader(session.Batch, session.Logs, context.Time,
                known.TypesIn(QueueInstanceTypes.Region(context, session.Spec)), known.Prices)
            {
                Aws = session.Aws,
                Usage = session.Usage,
                Downloads = session.Downloads,
            };
            Situation situation;
            if (words.Count > 0)
            {
                if (!NamedJobs.One(words).TryGet(out string? id, out IReadOnlyList<Problem> problems)) return context.Refuse(problems);
                (JobDetail? found, int notFound) = await NamedJobs.FindAsync(session, id, cancellationToken);
                if (found is not { } job) return notFound;
                JobDetail part = await PartToExplain.FindAsync(session.Batch, job, cancellationToken);
                if (part.JobId != job.JobId)
                    session.Terminal.Note($"{job.JobId} is an array; looking at its child {part.JobId}, which is {part.Status}.");
                if (await SlurmDiagnosis.PrintAsync(session, part, cancellationToken) is { } ofCluster) return ofCluster;
                situation = await reader.OfAsync(part, cancellationToken);
            }
            else
            {
                if (!JobComposer.Plan(context, session.Spec).TryGet(out PlannedJob? planned, out IReadOnlyList<Problem> problems))
                    return context.Refuse(problems);
                if (await SlurmDiagnosis.PrintAsync(session, planned.Plan.Sent, cancellationToken) is { } ofCluster) return ofCluster;
                situation = await reader.OfAsync(planned.Plan, cancellationToken);
            }
            situation = situation with { OtherQueues = (session.Spec.Queues.Cpu, session.Spec.Queues.Gpu) };
            Diagnosis.Diagnosis diagnosis = Diagnostician.Of(situation);
            ExpectedStart? start = await ExpectedStarts.OfAsync(
                session, situation.Job?.JobId, situation.Job?.Status, cancellationToken);
            DiagnosisOutput.Print(session, situation.Job?.JobId, situation.Job?.Status, diagnosis, start);
            return diagnosis.IsHealthy ? ExitCodes.Success : ExitCodes.Trouble;
        }));
        return verb;
    }
}

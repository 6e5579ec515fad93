using Refrag.Aws.Batch;
using System.CommandLine;
using System.Globalization;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Terminal;
using Refrag.Monitoring;

namespace Refrag.Cli.Commands.Diagnose;

/// <summary><c>refrag queues</c>: the queues with their jobs and environments.</summary>
internal static class QueuesVerb
{
    private static readonly Column[] s_columns =
    [
        new("QUEUE", Least: 24), new("STATE"), new("HEALTH"), new(JobStatus.Submitted, Right: true, Drop: 4),
        new(JobStatus.Pending, Right: true, Drop: 3),
        new(JobStatus.Runnable, Right: true), new(JobStatus.Starting, Right: true, Drop: 2), new(JobStatus.Running, Right: true),
        new("OLDEST", Drop: 1),
        new("VCPUS", Right: true),
        new("ENVIRONMENTS", Least: 14, Drop: 5),
    ];

    public static Command Create(CliContext context)
    {
        QueryOptions options = new("Names of queues; all if none", "queue");
        Command verb =
            options.Verb("queues",
                "Show the queues: health, jobs by state, oldest waiting job, vCPUs, environments.");
        verb.SetAction((parsed, cancellationToken) =>
            QuerySession.RunAsync(context, options, parsed, session => RunAsync(session, options.Plain(parsed), cancellationToken)));
        return verb;
    }

    private static async Task<int> RunAsync(QuerySession session, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        IReadOnlyList<QueueStatus> queues =
            await new QueueReader(session.Batch, session.Context.Time).StatusAsync(names, cancellationToken);
        if (queues.Count < names.Count) await UnknownNames.MissingQueuesAsync(session, names, cancellationToken);
        if (queues.Count == 0 && names.Count > 0) return ExitCodes.NothingFound;
        if (session.Json)
        {
            foreach (QueueStatus queue in queues)
                session.Terminal.Output(JsonOutput.Line(QueueLine.Of(queue), DiagnoseJson.Default.QueueLine));
        }
        else
        {
            Print(session, queues);
        }
        await Sightings.KeepAsync(session, queues);
        return queues.Count == 0 ? ExitCodes.NothingFound : ExitCodes.Success;
    }

    private static void Print(QuerySession session, IReadOnlyList<QueueStatus> queues)
    {
        Table table = new(session.Terminal, s_columns);
        foreach (QueueStatus queue in queues)
        {
            Health health = Health.Of(queue);
            table.Add(
                queue.Queue.JobQueueName, queue.Queue.State, Cell.Health(health),
                Count(queue, JobStatus.Submitted), Count(queue, JobStatus.Pending), Count(queue, JobStatus.Runnable),
                Count(queue, JobStatus.Starting), Count(queue, JobStatus.Running),
                RelativeTime.Ago(queue.OldestWaiting?.CreatedAt, session.Now),
                string.Create(CultureInfo.InvariantCulture, $"{queue.UsedVCpus}/{queue.MostVCpus}"),
                string.Join(" > ", queue.Environments.Select(e => e.Name)));
        }
        table.Flush();
        foreach (QueueStatus queue in queues)
        {
            Health health = Health.Of(queue);
            if (health.Level != HealthLevel.Good) session.Terminal.Note($"{queue.Queue.JobQueueName}: {health.Reason}");
        }
        if (queues.Count == 0) session.Terminal.Note($"No queues in {session.Region}. `refrag infra apply` makes them.");
    }

    private static Cell Count(QueueStatus queue, string status) =>
        queue.Jobs.GetValueOrDefault(status).ToString(CultureInfo.InvariantCulture);
}

using System.CommandLine;
using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Terminal;
using Refrag.Monitoring;

namespace Refrag.Cli.Commands.Diagnose;

/// <summary><c>refrag envs</c>: the compute environments, each with a verdict.</summary>
internal static class EnvsVerb
{
    private static readonly Column[] s_columns =
    [
        new("ENVIRONMENT", Least: 24), new("STATE"), new("HEALTH"), new("KIND"), new("VCPUS", Right: true),
        new("MIN", Right: true, Drop: 3),
        new("QUEUES", Least: 12, Drop: 2), new("TYPES", Least: 12, Drop: 4), new("REASON", Least: 16, Drop: 1),
    ];

    public static Command Create(CliContext context)
    {
        QueryOptions options = new("Names of compute environments; all if none", "environment");
        Command verb =
            options.Verb("envs", "Show the compute environments: health, vCPUs, instance types, queues.");
        verb.SetAction((parsed, cancellationToken) =>
            QuerySession.RunAsync(context, options, parsed, session => RunAsync(session, options.Plain(parsed), cancellationToken)));
        return verb;
    }

    private static async Task<int> RunAsync(QuerySession session, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var reader = new QueueReader(session.Batch);
        IReadOnlyList<ComputeEnvironmentDetail> environments = await reader.EnvironmentsAsync(names, cancellationToken);
        if (environments.Count < names.Count)
            UnknownNames.Report(session, "compute environment", names,
                [.. (await reader.EnvironmentsAsync([], cancellationToken)).Select(e => e.ComputeEnvironmentName)]);
        if (environments.Count == 0 && names.Count > 0) return ExitCodes.NothingFound;
        IReadOnlyList<JobQueueDetail> queues = await reader.QueuesAsync([], cancellationToken);
        Table table = new(session.Terminal, s_columns);
        foreach (ComputeEnvironmentDetail environment in environments)
        {
            string[] used = [.. queues.Where(
                q => q.ComputeEnvironmentOrder.Any(o => AwsNames.Same(o.ComputeEnvironment, environment.ComputeEnvironmentName)))
                    .Select(q => q.JobQueueName)];
            if (session.Json)
                session.Terminal.Output(JsonOutput.Line(EnvironmentLine.Of(environment, used), DiagnoseJson.Default.EnvironmentLine));
            else table.Add(Row(environment, used));
        }
        if (!session.Json) table.Flush();
        await Sightings.KeepAsync(session, environments);
        if (environments.Count == 0) session.Terminal.Note($"No compute environments in {session.Region}.");
        return environments.Count == 0 ? ExitCodes.NothingFound : ExitCodes.Success;
    }

    private static Cell[] Row(ComputeEnvironmentDetail environment, IEnumerable<string> queues)
    {
        Health health = Health.Of(environment);
        ComputeResource? resources = environment.ComputeResources;
        return
        [
            environment.ComputeEnvironmentName, environment.State ?? "", Cell.Health(health), resources?.Type ?? environment.Type ?? "",
            string.Create(
                CultureInfo.InvariantCulture, $"{resources?.DesiredvCpus ?? 0}/{resources?.MaxvCpus ?? environment.UnmanagedvCpus ?? 0}"),
            (resources?.MinvCpus ?? 0).ToString(CultureInfo.InvariantCulture), string.Join(" ", queues),
            string.Join(" ", resources?.InstanceTypes ?? []), health.Reason,
        ];
    }
}

using System.CommandLine;
using System.Globalization;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Terminal;
using Refrag.Costs;
using Refrag.Monitoring;

namespace Refrag.Cli.Commands.Cost;

/// <summary><c>refrag cost report</c>: what jobs have cost.</summary>
internal static class CostReportVerb
{
    private const int DescribedAtOnce = 100;

    private static readonly Column[] s_columns =
    [
        new("BY", Least: 10), new("JOBS", Right: true), new("ATTEMPTS", Right: true, Drop: 2), new("RAN", Right: true),
        new("AT LEAST", Right: true), new(JobStatus.Failed, Right: true, Drop: 1), new("UNPRICED", Right: true, Drop: 3),
    ];

    public static Command Create(CliContext context)
    {
        QueryOptions options = new();
        JobFilterOptions filter = new();
        Option<string> by = new("--by")
        {
            Description = "Add up by queue, or by a tag: app, user, or any other.",
            DefaultValueFactory = _ => "app",
        };
        Command verb =
            options.Verb("report",
                "Add up what jobs have cost at least.\n"
                + "Each attempt counts from start to stop, at the price of the cheapest instance type that can host the job, at its "
                + "share of it: Batch does not report the type.", [by, .. filter.All]);
        verb.SetAction((parsed, cancellationToken) => QuerySession.RunAsync(context, options, parsed, session =>
            filter.Read(parsed, session, options.Plain(parsed)).TryGet(out JobFilter? wanted, out IReadOnlyList<Problem> problems)
                ? RunAsync(session, wanted, parsed.GetRequiredValue(by), cancellationToken)
                : Task.FromResult(context.Refuse(problems))));
        return verb;
    }

    private static async Task<int> RunAsync(QuerySession session, JobFilter filter, string by, CancellationToken cancellationToken)
    {
        if (await UnknownNames.MissingQueuesAsync(session, filter.Queues, cancellationToken) is { } missing) return missing;
        CostReport report = new(by, session.Now);
        var costs = new QueueCostings(session);
        List<string> some = [];
        await foreach (string id in IdsAsync(session, filter, cancellationToken))
        {
            some.Add(id);
            if (some.Count < DescribedAtOnce) continue;
            await AddAsync(session, report, costs, some, cancellationToken);
            some.Clear();
        }
        await AddAsync(session, report, costs, some, cancellationToken);
        decimal jobs = report.Groups.Sum(g => g.Usd);
        if (session.Json)
        {
            foreach (CostGroup group in report.Groups)
                session.Terminal.Output(JsonOutput.Line(ReportedCost.Of(by, group), CostJson.Default.ReportedCost));
            if (await BillAsync(session, cancellationToken) is { } taken)
                session.Terminal.Output(JsonOutput.Line(ReportedBill.Of(taken, jobs), CostJson.Default.ReportedBill));
            return ExitCodes.Success;
        }
        if (report.Groups.Count == 0)
        {
            session.Terminal.Note("No jobs, so no costs. Batch forgets jobs some days after their end.");
            return ExitCodes.Success;
        }
        Table table = new(session.Terminal, s_columns);
        foreach (CostGroup group in report.Groups)
        {
            table.Add(group.Key, group.Jobs.ToString(CultureInfo.InvariantCulture), group.Attempts.ToString(CultureInfo.InvariantCulture),
                RelativeTime.Length(group.Ran), MoneyText.Of(group.Usd), MoneyText.Of(group.FailedUsd),
                group.Unpriced.ToString(CultureInfo.InvariantCulture));
        }
        table.Flush();
        string sum = $"Together at least {MoneyText.Of(jobs)}.";
        session.Terminal.Note(
            report.Assumptions.Count == 0
                ? sum
                : $"{sum} Batch does not report the instance type; for each job the cheapest type that can host it counts, at its share:");
        foreach (string assumption in report.Assumptions) session.Terminal.Note($"  {assumption}");
        session.Terminal.Note(
            "At least: instances are paid from their start to their end. Not counted are their start-up and idle time, larger types that "
            + "Batch may have chosen, EBS volumes and data transfer.");
        if (await BillAsync(session, cancellationToken) is { } bill) PrintBill(session, bill, jobs);
        return ExitCodes.Success;
    }

    // Only `refrag serve --fleet` knows what its instances took; AWS is not asked.
    private static async Task<FleetBill?> BillAsync(QuerySession session, CancellationToken cancellationToken)
    {
        if (session.IsLocal || session.IsAws) return null;
        try
        {
            DescribeFleetUsageResponse answer = await session.Batch.SendAsync(
                RehearsalOperations.DescribeFleetUsage, new DescribeFleetUsageRequest(), cancellationToken);
            return answer.Usage.Count == 0 ? null : FleetBill.Of(answer.Usage, session.Region, UserCatalogue.Load(session.Context).Prices);
        }
        catch (AwsConnectionException foreign)
        {
            session.Terminal.Note($"What the server's fleets took is not known: {foreign.Problem.What}.");
            return null;
        }
        catch (AwsException)
        {
            // It has no fleets, or is another server.
            return null;
        }
    }

    private static void PrintBill(QuerySession session, FleetBill bill, decimal jobs)
    {
        session.Terminal.Note(string.Create(CultureInfo.InvariantCulture,
            $"The server's fleets took {bill.Hours:0.##} h of instances since it started, {MoneyText.Of(bill.Usd)} in all: ")
            + $"{MoneyText.Of(bill.Beyond(jobs))} more than the jobs above, for idle time, start-up and jobs that are not "
            + "listed.");
        if (bill.Unpriced.Count > 0) session.Terminal.Note($"Without a price: {string.Join(", ", bill.Unpriced)}.");
    }

    // An array's parent has no attempts: its children are what ran.
    private static async IAsyncEnumerable<string> IdsAsync(
        QuerySession session, JobFilter filter,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var lister = new JobLister(session.Batch);
        await foreach (ListedJob job in lister.ListAsync(filter, cancellationToken))
        {
            if (job.Summary.ArrayProperties?.Size is not > 0)
            {
                yield return job.Summary.JobId;
                continue;
            }
            await foreach (JobSummary child in lister.ChildrenAsync(job.Summary.JobId, null, cancellationToken)) yield return child.JobId;
        }
    }

    private static async Task AddAsync(
        QuerySession session, CostReport report, QueueCostings costs, List<string> ids, CancellationToken cancellationToken)
    {
        List<JobDetail> jobs = [];
        await foreach (JobDetail job in new JobLister(session.Batch).DescribeAsync(ids, cancellationToken)) jobs.Add(job);
        foreach (JobDetail job in await AskedNodes.ReadAsync(session.Batch, jobs, cancellationToken))
            report.Add(job, await costs.OnAsync(job.JobQueue, cancellationToken));
    }
}

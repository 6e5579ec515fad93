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
    private static readonly Column[] s_columns =
    [
        new("BY", Least: 10), new("JOBS", Right: true), new("ATTEMPTS", Right: true, Drop: 2), new("RAN", Right: true),
        new("AT LEAST", Right: true), new("BASIS"), new(JobStatus.Failed, Right: true, Drop: 1), new("UNPRICED", Right: true, Drop: 3),
    ];

    public static Command Create(CliContext context)
    {
        QueryOptions options = new() { NotOnSlurm = "its hours have no price" };
        JobFilterOptions filter = new();
        Option<string> by = new("--by")
        {
            Description = "Add up by queue, by day (UTC), or by a tag: app, user, or any other.",
            DefaultValueFactory = _ => "app",
        };
        Option<string[]> cur = new("--cur")
        {
            HelpName = "file",
            Description = "A Cost and Usage Report with split costs (CSV); may be repeated.",
        };
        Command verb =
            options.Verb("report",
                "Add up what jobs have cost at least: billed, measured or assumed.\n"
                + "Each attempt counts from start to stop, at its share of its instance. What `refrag run --watch`, `refrag top` or "
                + "`refrag history watch` has measured is known; for the rest the cheapest instance type that can host the job is assumed. "
                + "Jobs that Batch has forgotten are taken from the history on this machine.", [by, cur, .. filter.All]);
        verb.SetAction((parsed, cancellationToken) => QuerySession.RunAsync(context, options, parsed, session =>
            filter.Read(parsed, session, options.Plain(parsed)).TryGet(out JobFilter? wanted, out IReadOnlyList<Problem> problems)
            && Bill(parsed.GetValue(cur)).TryGet(out SplitBill? bill, out problems)
                ? RunAsync(session, wanted, parsed.GetRequiredValue(by), bill, cancellationToken)
                : Task.FromResult(context.Refuse(problems))));
        return verb;
    }

    private static Result<SplitBill> Bill(string[]? files) => SplitBill.Read(files ?? []);

    private static async Task<int> RunAsync(
        QuerySession session, JobFilter filter, string by, SplitBill bill, CancellationToken cancellationToken)
    {
        if (await UnknownNames.MissingQueuesAsync(session, filter.Queues, cancellationToken) is { } missing) return missing;
        CostReport report = new(by, session.Now);
        using CostReportRun run = new(session, filter, report, bill);
        await run.ReadAsync(cancellationToken);
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
        Print(session, report, jobs, run.RememberedSince);
        if (await BillAsync(session, cancellationToken) is { } fleets) PrintBill(session, fleets, jobs);
        return ExitCodes.Success;
    }

    private static void Print(QuerySession session, CostReport report, decimal jobs, DateTimeOffset? rememberedSince)
    {
        Table table = new(session.Terminal, s_columns);
        foreach (CostGroup group in report.Groups)
        {
            table.Add(group.Key, group.Jobs.ToString(CultureInfo.InvariantCulture), group.Attempts.ToString(CultureInfo.InvariantCulture),
                RelativeTime.Length(group.Ran), MoneyText.Of(group.Usd), group.Basis, MoneyText.Of(group.FailedUsd),
                group.Unpriced.ToString(CultureInfo.InvariantCulture));
        }
        table.Flush();
        string sum = $"Together at least {MoneyText.Of(jobs)}.";
        session.Terminal.Note(
            report.Sources.Count == 0
                ? sum
                : $"{sum} Each attempt counts at its share of its instance; where none was measured, of the cheapest type that can host "
                    + "it:");
        foreach (string source in report.Sources) session.Terminal.Note($"  {source}");
        if (rememberedSince is { } since)
        {
            session.Terminal.Note(string.Create(CultureInfo.InvariantCulture,
                $"{report.Remembered} of the jobs are known to the history on this machine alone, the oldest of {since:yyyy-MM-dd}."));
        }
        session.Terminal.Note(
            "At least: instances are paid from their start to their end. Not counted are their start-up and idle time, larger types that "
            + "Batch may have chosen where none was measured, EBS volumes and data transfer.");
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
}

using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Catalogues;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Costs;
using Refrag.Jobs;
using Refrag.Monitoring;
using Refrag.Scheduling;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Fitting;
using Refrag.Usage;

namespace Refrag.Cli.Commands.Diagnose;

/// <summary><c>refrag fit --from ID</c>: the request that is enough for what a job used, and its price.</summary>
/// <param name="session">The way to Batch.</param>
/// <param name="named">Instance types that were named; empty for those of the job's queue.</param>
internal sealed class FitFromJob(QuerySession session, IReadOnlyList<string> named)
{
    /// <summary>Prints the proposal; gives the exit code.</summary>
    public async Task<int> RunAsync(string id, CancellationToken cancellationToken)
    {
        (JobDetail? found, int notFound) = await NamedJobs.FindAsync(session, id, cancellationToken);
        if (found is not { } job) return notFound;
        job = await AskedNodes.ReadAsync(session.Batch, job, cancellationToken);
        if (JobUsage.Of(await session.Usage.OfAsync(job, all: true, cancellationToken)) is not { } used)
            return session.Context.Refuse([NotMeasured(job)]);
        Requirement asked = JobNeeds.Of(job);
        var smaller = SmallerRequest.Of(asked.Amount, used);
        KnownCatalogue known = UserCatalogue.Load(session.Context);
        (IReadOnlyList<string> types, bool? spot) = await TypesAsync(job, asked.Amount, cancellationToken);
        var now = PricedRequest.Of(asked, Estimate(asked, types, spot, known));
        var then = PricedRequest.Of(
            asked with { Amount = smaller.Proposed }, Estimate(asked with { Amount = smaller.Proposed }, types, spot, known));
        if (session.Json)
        {
            var report = FitProposal.Of(job, used, smaller, now, then, session.Region);
            session.Terminal.Output(JsonOutput.Line(report, DiagnoseJson.Default.FitProposal));
        }
        else Print(job, used, smaller, now, then);
        return ExitCodes.Success;
    }

    private void Print(JobDetail job, JobUsage used, SmallerRequest smaller, PricedRequest now, PricedRequest then)
    {
        foreach ((string name, string value) in KnownUsage.Lines(job, used)) session.Terminal.Output($"{name,-11} {value}");
        session.Terminal.Output($"asked for   {smaller.Asked}{now.Text}");
        if (smaller.IsSmaller)
        {
            session.Terminal.Output(string.Create(CultureInfo.InvariantCulture,
                $"enough is   {smaller.Proposed}{then.Text}: its peaks and {SmallerRequest.MarginPercent} %"));
            session.Terminal.Output($"overrides   {string.Join(' ', smaller.Overrides)}");
            if (now.UsdPerHour - then.UsdPerHour is { } saved)
                session.Terminal.Output(string.Create(CultureInfo.InvariantCulture,
                    $"difference  {MoneyText.PerHour(saved)} USD an hour{Run(job, saved)}"));
        }
        else
        {
            session.Terminal.Output(string.Create(CultureInfo.InvariantCulture,
                $"With a margin of {SmallerRequest.MarginPercent} % it needs what it asked for."));
        }
        foreach (string note in smaller.Notes) session.Terminal.Note(note);
        session.Terminal.Note($"Prices are of the job's share of the cheapest type that hosts it, {now.Market}, {session.Region}.");
    }

    private string Run(JobDetail job, decimal saved)
    {
        double hours = JobTimeline.Ran(job, session.Now).TotalHours;
        return hours < 0.01 ? "" : string.Create(CultureInfo.InvariantCulture, $", ${saved * (decimal)hours:0.####} for the time it ran");
    }

    private CostEstimate? Estimate(Requirement requirement, IReadOnlyList<string> types, bool? spot, KnownCatalogue known)
    {
        if (types.Count == 0) return null;
        var question = new CostQuestion
        {
            Requirement = requirement,
            Hours = 1,
            Types = types,
            Region = session.Region,
            Spot = spot,
            Today = DateOnly.FromDateTime(session.Now.UtcDateTime),
        };
        return CostEstimate.Of(question, known.TypesIn(session.Region), known.Prices).TryGet(out CostEstimate? estimate, out _)
            ? estimate
            : null;
    }

    private async Task<(IReadOnlyList<string> Types, bool? Spot)> TypesAsync(
        JobDetail job, Amount asked, CancellationToken cancellationToken)
    {
        if (named.Count > 0) return (named, null);
        if (session.IsLocal) return (asked.Gpus > 0 ? QueueInstanceTypes.UsualGpu : QueueInstanceTypes.UsualCpu, null);
        return await QueueInstanceTypes.OfQueueAsync(session.Batch, job.JobQueue, cancellationToken);
    }

    private static Problem NotMeasured(JobDetail job) => new()
    {
        Code = "RF8111",
        What = $"What job {job.JobId} used is not known",
        Cause = job.StartedAt is null or 0 && !JobStates.IsFinished(job.Status)
            ? "It has not started"
            : "It ended within seconds, or nothing of refrag was there to measure it: in a container that is `refrag exec`",
        Cure = "Run it with env.entry_point=refrag and an image with refrag, or on this machine, and ask again: refrag run … env=local",
    };
}

/// <summary>A request with what it costs.</summary>
/// <param name="Type">The cheapest type that hosts it; null if none is known to.</param>
/// <param name="UsdPerHour">USD for an hour of its share of that; null if no price is known.</param>
/// <param name="IsSpot">Whether that is a price of the Spot market.</param>
internal sealed record PricedRequest(string? Type, decimal? UsdPerHour, bool IsSpot)
{
    /// <summary>The market, for people.</summary>
    public string Market => IsSpot ? "Spot" : "on demand";

    /// <summary>Price and type, behind the request; empty if none is known.</summary>
    public string Text => UsdPerHour is { } price ? $" ({MoneyText.PerHour(price)} USD an hour on {Type})" : "";

    public static PricedRequest Of(Requirement requirement, CostEstimate? estimate)
    {
        bool isSpot = estimate?.Question.Spot != false && requirement.Nodes <= 1;
        var cheapest = (estimate?.Hosts ?? [])
            .Select(host => (host.Type.Name, Usd: Hourly(host.Price, isSpot) * (decimal)host.Share))
            .Where(host => host.Usd is not null).OrderBy(host => host.Usd).FirstOrDefault();
        return new PricedRequest(cheapest.Name, cheapest.Usd, isSpot);
    }

    private static decimal? Hourly(Price? price, bool isSpot) => isSpot ? price?.Spot ?? price?.OnDemand : price?.OnDemand;
}

using System.Globalization;
using Refrag.Catalogues;
using Refrag.Cli.Configuration;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Costs;
using Refrag.Jobs;

namespace Refrag.Cli.Commands.Run;

/// <summary><c>--max-cost</c>: refuses what is estimated to cost more, before anything is sent.</summary>
internal sealed class MaxCost(CliContext context, RunOptions options)
{
    private const double AssumedHours = 1;

    private readonly Dictionary<(ConnectionSpec At, string Queue, string Definition), QueriedQueue> _queried = [];

    /// <summary>Why the work is refused; empty where it may run, and then the estimate and what it assumes were printed.</summary>
    public async Task<IReadOnlyList<Problem>> CheckAsync(IReadOnlyList<PlannedJob> jobs, CancellationToken cancellationToken)
    {
        if (options.MaxCost is not { } limit) return [];
        if (jobs.All(job => job.Spec.Kind == EnvironmentKind.Local))
        {
            context.Terminal.Note("--max-cost: env=local costs nothing on AWS.");
            return [];
        }
        if (jobs.FirstOrDefault(job => job.Spec.Kind == EnvironmentKind.Slurm) is { } free) return [NoPrice(free.Spec)];
        List<CostEstimate> estimates = [];
        List<QueueInstanceTypes> targets = [];
        foreach (PlannedJob job in jobs)
        {
            if (!(await TargetAsync(job, cancellationToken)).TryGet(out QueueInstanceTypes? target, out IReadOnlyList<Problem> problems)
                || !Estimate(target).TryGet(out CostEstimate? one, out problems))
            {
                return problems;
            }
            targets.Add(target);
            estimates.Add(one);
        }
        var sum = new CostSum(estimates);
        if (sum.Above(limit) is { } tooMuch) return [tooMuch with { Cause = $"{tooMuch.Cause}; {Assumed(targets[0])}" }];
        context.Terminal.Note(
            string.Create(CultureInfo.InvariantCulture,
                $"Estimated at ${sum.Likely:0.00} of at most ${limit:0.00}: {Work(estimates)}, {Assumed(targets[0])}."));
        foreach (string open in Open(targets, sum)) context.Terminal.Note(open);
        return [];
    }

    private static Problem NoPrice(JobSpec spec) => new()
    {
        Code = "RF8219",
        What = "--max-cost cannot be held on a Slurm cluster: its hours have no price",
        Cure = "Leave it out; env.timeout and env.array_size limit what a job takes.",
        Place = spec.Places.Of("env.kind"),
    };

    private async Task<Result<QueueInstanceTypes>> TargetAsync(PlannedJob job, CancellationToken cancellationToken)
    {
        // A dry run sends no request and needs no credentials.
        IReadOnlyList<string> named = !options.DryRun
            ? []
            : job.Spec.Requirements.Gpus.Value > 0 ? QueueInstanceTypes.UsualGpu : QueueInstanceTypes.UsualCpu;
        Result<QueueInstanceTypes> target = await QueueInstanceTypes.ReadAsync(context, job, named, _queried, cancellationToken);
        return target.IsSuccess && target.Value.Untyped is { } untyped
            ? untyped with { Cure = "Leave out --max-cost, or name a queue whose instances have prices." }
            : target;
    }

    private Result<CostEstimate> Estimate(QueueInstanceTypes target)
    {
        KnownCatalogue known = UserCatalogue.Load(context);
        DateOnly today = DateOnly.FromDateTime(context.Time.GetUtcNow().UtcDateTime);
        return CostEstimate.Of(
            target.Question(Hours(target), QueueInstanceTypes.Region(context, target.Spec), today), known.Types, known.Prices);
    }

    private double Hours(QueueInstanceTypes target) => options.Hours ?? target.Timeout?.TotalHours ?? AssumedHours;

    private string Assumed(QueueInstanceTypes target)
    {
        string hours = options.Hours is not null ? "as --hours says"
            : target.Timeout is not null ? "as long as its timeout allows an attempt"
            : string.Create(CultureInfo.InvariantCulture, $"{AssumedHours:0} h assumed (say --hours)");
        return options.DryRun
            ? hours + ", on the types that refrag's infrastructure has by default (a dry run does not ask the queue)"
            : hours;
    }

    // What the estimate does not hold, said plainly: it is no limit that AWS keeps.
    private static IEnumerable<string> Open(List<QueueInstanceTypes> targets, CostSum sum)
    {
        if (targets.Exists(t => t.Timeout is null))
            yield return "Nothing ends a job that runs longer than estimated: env.timeout=8h would.";
        int attempts = targets.Max(t => t.Attempts);
        if (attempts > 1)
            yield return string.Create(CultureInfo.InvariantCulture,
                $"The estimate is for one attempt of each job; with all {attempts} attempts it may become ${sum.Likely * attempts:0.00}.");
        if (sum.Estimates.Any(e => e.IsStale))
            yield return string.Create(CultureInfo.InvariantCulture,
                $"The prices are stale: the oldest is of "
                    + $"{sum.Estimates.Min(e => e.PricesOf)?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "no date"}. "
                    + $"`refrag catalog refresh` reads today's.");
    }

    private static string Work(List<CostEstimate> estimates)
    {
        CostQuestion first = estimates[0].Question;
        string market = first.Spot switch { true => "Spot", false => "on demand", _ => "Spot where it has a price" };
        string what = estimates.Count == 1
            ? string.Create(CultureInfo.InvariantCulture, $"{QueueInstanceTypes.Work(first)} for {first.Hours:0.##} h")
            : string.Create(CultureInfo.InvariantCulture, $"{estimates.Sum(e => e.Question.Parts)} jobs for {first.Hours:0.##} h each");
        return string.Create(CultureInfo.InvariantCulture,
            $"{what}, {market}, {first.Region}, prices of "
                + $"{estimates.Min(e => e.PricesOf)?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "no date"}");
    }
}

using System.Globalization;
using Refrag.Catalogues;
using Refrag.Cli.Seeing;
using Refrag.Cli.Verbs;
using Refrag.Costs;
using Refrag.Jobs;

namespace Refrag.Cli.Running;

/// <summary><c>--max-cost</c>: refuses what is estimated to cost more, before anything is sent.</summary>
internal sealed class MaxCost(CliContext context, RunOptions options)
{
    private const double AssumedHours = 1;

    /// <summary>Why the work is refused; empty where it may run, and then the estimate and what it assumes were told.</summary>
    public async Task<IReadOnlyList<Problem>> CheckAsync(IReadOnlyList<JobSpec> specs, CancellationToken cancellationToken)
    {
        if (options.MaxCost is not { } limit) return [];
        if (specs.All(spec => spec.Kind == EnvironmentKind.Local))
        {
            context.Terminal.Note("--max-cost: env=local costs nothing on AWS.");
            return [];
        }
        List<CostEstimate> estimates = [];
        foreach (JobSpec spec in specs)
        {
            Result<CostEstimate> estimate = await EstimateAsync(spec, cancellationToken);
            if (!estimate.TryGet(out CostEstimate? one, out IReadOnlyList<Problem> problems)) return problems;
            estimates.Add(one);
        }
        var sum = new CostSum(estimates);
        if (sum.Above(limit) is { } tooMuch) return [tooMuch with { Cause = $"{tooMuch.Cause}; {Assumed(specs[0])}" }];
        context.Terminal.Note(string.Create(CultureInfo.InvariantCulture, $"Estimated at ${sum.Likely:0.00} of at most ${limit:0.00}: {Work(estimates)}, {Assumed(specs[0])}."));
        return [];
    }

    private async Task<Result<CostEstimate>> EstimateAsync(JobSpec spec, CancellationToken cancellationToken)
    {
        // A dry run asks nobody, and needs no credentials.
        IReadOnlyList<string> named = !options.DryRun ? [] : spec.Requirements.Gpus.Value > 0 ? TypesOfQueue.UsualGpu : TypesOfQueue.UsualCpu;
        if (!(await TypesOfQueue.ReadAsync(context, spec, named, cancellationToken)).TryGet(out TypesOfQueue? target, out IReadOnlyList<Problem> problems))
            return Result<CostEstimate>.Failure(problems);
        KnownCatalogue known = UserCatalogue.Load(context);
        DateOnly today = DateOnly.FromDateTime(context.Time.GetUtcNow().UtcDateTime);
        return CostEstimate.Of(target.Question(Hours(spec), TypesOfQueue.Region(context, spec), today), known.Types, known.Prices);
    }

    private double Hours(JobSpec spec) => options.Hours ?? spec.Timeout?.TotalHours ?? AssumedHours;

    private string Assumed(JobSpec spec)
    {
        string hours = options.Hours is not null ? "as --hours says"
            : spec.Timeout is not null ? "as long as env.timeout allows an attempt"
            : string.Create(CultureInfo.InvariantCulture, $"{AssumedHours:0} h assumed (say --hours)");
        return options.DryRun ? hours + ", on the types that refrag's infrastructure has by default (a dry run does not ask the queue)" : hours;
    }

    private static string Work(List<CostEstimate> estimates)
    {
        CostQuestion first = estimates[0].Question;
        string market = first.Spot switch { true => "Spot", false => "on demand", _ => "Spot where it has a price" };
        string what = estimates.Count == 1
            ? string.Create(CultureInfo.InvariantCulture, $"{first.Parts} × {first.Requirement} for {first.Hours:0.##} h")
            : string.Create(CultureInfo.InvariantCulture, $"{estimates.Sum(e => e.Question.Parts)} jobs for {first.Hours:0.##} h each");
        return string.Create(CultureInfo.InvariantCulture, $"{what}, {market}, {first.Region}, prices of {estimates.Min(e => e.PricesOf)?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "no date"}");
    }
}

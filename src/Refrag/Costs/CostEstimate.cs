using System.Globalization;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Fitting;

namespace Refrag.Costs;

/// <summary>What is to be estimated.</summary>
public sealed record CostQuestion
{
    /// <summary>What one part needs.</summary>
    public required Requirement Requirement { get; init; }

    /// <summary>How many parts: array children, or nodes. At least 1.</summary>
    public int Parts { get; init; } = 1;

    /// <summary>How long each part runs, in hours; above 0.</summary>
    public required double Hours { get; init; }

    /// <summary>The instance types of the environments: names, families, <c>optimal</c>.</summary>
    public required IReadOnlyList<string> Types { get; init; }

    /// <summary>The region whose prices count.</summary>
    public string Region { get; init; } = PriceTable.DefaultRegion;

    /// <summary>Whether the environments use Spot; null if both are of interest.</summary>
    public bool? Spot { get; init; }

    /// <summary>Today, by which old prices are recognized.</summary>
    public required DateOnly Today { get; init; }
}

/// <summary>What work would cost: on each type that can host it, the cheapest first.</summary>
/// <param name="Question">What was asked.</param>
/// <param name="Fit">Which types can host it.</param>
/// <param name="Hosts">Those that can, the cheapest by the market that counts first; those without a price last.</param>
public sealed record CostEstimate(CostQuestion Question, Fit Fit, IReadOnlyList<HostCost> Hosts)
{
    /// <summary>Prices older than this are marked.</summary>
    public const int FreshDays = 90;

    /// <summary>Estimates; a type that is not known is a problem.</summary>
    public static Result<CostEstimate> Of(CostQuestion question, InstanceCatalogue catalogue, PriceTable prices)
    {
        // Multi-node jobs do not run on Spot. (UG multi-node-parallel-jobs)
        if (question.Requirement.Nodes > 1) question = question with { Spot = false };
        if (!Fit.Check(question.Requirement, question.Types, catalogue, prices).TryGet(out Fit? fit, out IReadOnlyList<Problem> problems))
            return Result<CostEstimate>.Failure(problems);
        List<HostCost> hosts =
        [
            .. fit.Hosts
                .Select(host =>
                HostCost.Of(
                    host, question.Requirement, question.Parts, question.Hours, prices.Find(host.Type.Name, question.Region)))
                .OrderBy(host => (question.Spot == false ? host.OnDemand : host.Spot) ?? host.OnDemand ?? decimal.MaxValue),
        ];
        return new CostEstimate(question, fit, hosts);
    }

    /// <summary>
    /// The figure to decide by: the cheapest type's price with its expected rework on Spot, the cheapest on-demand price otherwise. Null
    /// where nothing has a price.
    /// </summary>
    public decimal? Likely =>
        Hosts.Select(h => Question.Spot == false ? h.OnDemand : (h.Spot + (h.Rework ?? 0)) ?? h.OnDemand).Where(c => c is not null).Min();

    /// <summary>
    /// The least that what runs costs, as the report counts afterwards: at the work's share of an instance, without rework. Null if
    /// nothing has a price.
    /// </summary>
    public decimal? AtShare => Hosts
        .Select(h => (Question.Spot == false ? h.Price?.OnDemand : h.Price?.Spot ?? h.Price?.OnDemand) * h.ShareHours)
        .Where(c => c is not null).Min();

    /// <summary>The dearest that it may become, on the market that counts; null if nothing has a price.</summary>
    public decimal? Most =>
        Hosts.Select(h => Question.Spot == false ? h.OnDemand : (h.Spot + (h.Rework ?? 0)) ?? h.OnDemand).Where(c => c is not null).Max();

    /// <summary>The oldest date among the prices used; null if none has one.</summary>
    public DateOnly? PricesOf => Hosts.Select(h => h.Price?.AsOf).Where(d => d is not null).Min();

    /// <summary>Whether a price is too old to rely on, or has no date.</summary>
    public bool IsStale => Hosts.Any(
        h => h.Price is { } price && (price.AsOf is not { } date || Question.Today.DayNumber - date.DayNumber > FreshDays));

    /// <summary>
    /// Refuses work that is estimated to cost more than a limit; null if it may run. Where nothing has a price that is refused too.
    /// </summary>
    /// <param name="limit">USD.</param>
    public Problem? Above(decimal limit)
    {
        if (Likely is { } likely && likely <= limit) return null;
        return new Problem
        {
            Code = "RF2080",
            What = Likely is { } much
                ? string.Create(CultureInfo.InvariantCulture, $"The job is estimated at ${much:0.00}, above the limit of ${limit:0.00}")
                : "The job's cost cannot be estimated: "
                + (Fit.Fits ? $"no price is known for its instance types in {Question.Region}" : "no instance type can host it"),
            Cause = string.Create(CultureInfo.InvariantCulture,
                $"{(Question.Parts > 1 && Question.Requirement.Nodes == 1 ? $"{Question.Parts} × " : "")}{Question.Requirement} for "
                    + $"{Question.Hours:0.##} h{(PricesOf is { } date ? $", prices of {date:yyyy-MM-dd}" : "")}"),
            Cure = "Raise --max-cost, ask for less, or see `refrag cost estimate` for what each type costs.",
        };
    }
}

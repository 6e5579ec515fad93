using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Simulation;

namespace Refrag.Engine.Options;

/// <summary>
/// How MANAGED compute environments are rehearsed: as fleets of instances that exist only in simulation, while the jobs on them run as all
/// others do.
/// </summary>
public sealed record FleetOptions
{
    /// <summary>
    /// The start-up time of an instance where nothing else is said: long enough to be seen, short enough not to be waited for. AWS takes
    /// one to three minutes.
    /// </summary>
    public static TimeSpan UsualStart { get; } = TimeSpan.FromSeconds(2);

    /// <summary>The instance types that there are. Default: what <see cref="CatalogueSource"/> gives.</summary>
    public InstanceCatalogue Catalogue { get => field ??= CatalogueSource(); init; }

    /// <summary>Reads <see cref="Catalogue"/> when it is first needed. Default: the types that AWS has published.</summary>
    public Func<InstanceCatalogue> CatalogueSource { get; init; } = InstanceCatalogue.Load;

    /// <summary>The prices that allocation strategies go by. Default: what <see cref="PriceSource"/> gives.</summary>
    public PriceTable Prices { get => field ??= PriceSource(); init; }

    /// <summary>Reads <see cref="Prices"/> when they are first needed. Default: the dated table of the project.</summary>
    public Func<PriceTable> PriceSource { get; init; } = PriceTable.Load;

    /// <summary>
    /// How long instances take to start, and what goes wrong; times count from <see cref="ScenarioStart"/>. Default:
    /// <see cref="UsualStart"/>, and nothing.
    /// </summary>
    public Scenario Scenario { get; init; } = new() { StartUp = UsualStart, Refusal = UsualStart };

    /// <summary>
    /// Whether the region is known not to offer a type: environments cannot name it, and no fleet has it. Asked for when it is first
    /// needed. Default: no type is excluded.
    /// </summary>
    public Predicate<InstanceType> IsExcluded { get; init; } = static _ => false;

    /// <summary>When the times of the scenario begin; null for the engine's start. Default: null.</summary>
    public DateTimeOffset? ScenarioStart { get; init; }

    /// <summary>Whether the jobs take this machine's cores and memory too, because they really run.</summary>
    internal bool TakesMachine { get; init; } = true;
}

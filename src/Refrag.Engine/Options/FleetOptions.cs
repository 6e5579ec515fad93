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

    /// <summary>The instance types that there are. Default: those that AWS has published.</summary>
    public InstanceCatalogue Catalogue { get => field ??= InstanceCatalogue.Load(); init; }

    /// <summary>The prices that allocation strategies go by. Default: the dated table of the project.</summary>
    public PriceTable Prices { get => field ??= PriceTable.Load(); init; }

    /// <summary>
    /// How long instances take to start, and what goes wrong; times count from the engine's start. Default: <see cref="UsualStart"/>, and
    /// nothing.
    /// </summary>
    public Scenario Scenario { get; init; } = new() { StartUp = UsualStart, Refusal = UsualStart };

    /// <summary>Whether the jobs take this machine's cores and memory too, because they really run.</summary>
    internal bool TakesMachine { get; init; } = true;
}

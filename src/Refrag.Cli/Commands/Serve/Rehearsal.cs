using Refrag.Catalogues;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Engine.Options;
using Refrag.Jobs;
using Refrag.Scenarios;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Simulation;

namespace Refrag.Cli.Commands.Serve;

/// <summary>What the options of <c>refrag serve</c> say of fleets and of time.</summary>
/// <param name="Known">The instance types, what each region offers, and prices.</param>
/// <param name="Scenario">What goes wrong, in all regions.</param>
/// <param name="Time">The clock that the engines go by.</param>
/// <param name="Latency">How long changes of queues and environments take.</param>
/// <param name="ListDelay">How long a new job is in no list of its queue's or a consumable resource's jobs.</param>
internal sealed record Rehearsal(KnownCatalogue Known, Scenario Scenario, TimeProvider Time, TimeSpan Latency, TimeSpan ListDelay)
{
    private const double FastestClock = 100_000;

    // Far below the longest time that a timer can wait, which is 49 days.
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromDays(7);

    // As infra/terraform makes them where nothing is set.
    private static readonly LocalQueue[] s_queues =
    [
        new("refrag-cpu-job-queue", "refrag-cpu-compute-env",
            new LocalFleet(
                ["c6i.large", "m6i.large", "c6i.xlarge", "m6i.xlarge", "c6i.2xlarge", "m6i.2xlarge"], MaxVCpus: 32, IsSpot: true)),
        new("refrag-gpu-job-queue", "refrag-gpu-compute-env",
            new LocalFleet(["g5.xlarge", "g5.2xlarge", "g5.4xlarge", "g5.12xlarge"], MaxVCpus: 64, IsSpot: true)),
    ];

    // The times of a scenario count from here in every region, whenever it is asked first.
    private readonly DateTimeOffset _start = Time.GetUtcNow();

    /// <summary>How MANAGED compute environments are rehearsed in a region.</summary>
    public FleetOptions Fleets(string region) => new()
    {
        // A server without fleets needs neither.
        CatalogueSource = () => Known.Types,
        PriceSource = () => Known.Prices,
        IsExcluded = Known.ExcludedIn(region),
        Scenario = Scenario with { Injections = [.. Scenario.Injections.Where(one => (one.Region ?? region) == region)] },
        ScenarioStart = _start,
    };

    /// <summary>
    /// The queues of a region's new state with fleets, of the types that the region offers; a queue for which it offers none is left out.
    /// </summary>
    public IReadOnlyList<LocalQueue> Queues(string region)
    {
        Predicate<InstanceType> isExcluded = Known.ExcludedIn(region);
        return
        [
            .. s_queues.Select(queue => queue with
            {
                Fleet = queue.Fleet! with
                {
                    InstanceTypes =
                        [.. queue.Fleet.InstanceTypes.Where(name => Known.Types.Find(name) is not { } type || !isExcluded(type))],
                },
            }).Where(queue => queue.Fleet!.InstanceTypes.Count > 0),
        ];
    }

    /// <summary>What is to be said of a region before its fleets are used; empty if nothing is.</summary>
    /// <param name="region">The region.</param>
    /// <param name="hasFleets">Whether a new state has the queues of <see cref="Queues"/>.</param>
    public IEnumerable<string> Notes(string region, bool hasFleets)
    {
        if (!Known.HasPricesOf(region))
            yield return $"No prices of {region} are known: its fleets take the smaller type first. `refrag catalog refresh` reads them.";
        foreach (LocalQueue queue in hasFleets ? s_queues.ExceptBy(Queues(region).Select(one => one.Name), one => one.Name) : [])
            yield return $"{region} offers none of {string.Join(", ", queue.Fleet!.InstanceTypes)}: a new state there has no {queue.Name}.";
    }

    /// <summary>Reads them; all problems at once.</summary>
    public static Result<Rehearsal> Read(CliContext context, ServeOptions options)
    {
        List<Problem> problems = [];
        TimeSpan start = FleetOptions.UsualStart;
        if (options.InstanceStart is { } text)
        {
            if (Duration.Parse(text) is { } given) start = given;
            else problems.Add(Wrong($"--instance-start={text} is not a valid duration", "Write one, such as --instance-start=90s."));
        }
        TimeSpan latency = ReadDelay("--latency", options.Latency, problems);
        TimeSpan listDelay = ReadDelay("--list-delay", options.ListDelay, problems);
        if (options.Clock is not (>= 1 and <= FastestClock))
            problems.Add(Wrong($"--clock={options.Clock} is not possible", $"Give a number from 1 to {FastestClock}."));
        // Programs that run take real time, whatever a clock says.
        else if (options.Clock > 1 && options.Runner != "simulated")
            problems.Add(Wrong($"--clock={options.Clock} cannot make programs run faster", "Add --runner=simulated."));
        var scenario = new Scenario { StartUp = start, Refusal = start };
        if (options.Scenario is { } file)
        {
            if (ScenarioFile.Read(Path.GetFullPath(file, context.WorkingDirectory), file, scenario)
                .TryGet(out Scenario? read, out IReadOnlyList<Problem> wrong)) scenario = read;
            else problems.AddRange(wrong);
        }
        if (problems.Count > 0) return Result<Rehearsal>.Failure(problems);
        KnownCatalogue known = UserCatalogue.Load(context);
        TimeProvider time = options.Clock > 1 ? new ScaledTimeProvider(context.Time, options.Clock) : context.Time;
        return new Rehearsal(known, scenario, time, latency, listDelay);
    }

    private static TimeSpan ReadDelay(string option, string? text, List<Problem> problems)
    {
        if (text is null) return TimeSpan.Zero;
        if (Duration.Parse(text) is not { } given)
            problems.Add(Wrong($"{option}={text} is not a duration", $"Write one, such as {option}=5s."));
        else if (given > s_longestDelay)
            problems.Add(Wrong($"{option}={text} is too long", $"Give at most 7d, such as {option}=5s."));
        else
            return given;
        return TimeSpan.Zero;
    }

    private static Problem Wrong(string what, string cure) => new() { Code = "RF5032", What = what, Cure = cure };
}

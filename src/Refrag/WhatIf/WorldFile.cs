using Refrag.Aws.Batch;
using Refrag.Catalogues;
using Refrag.Composition.Tree;
using Refrag.Composition.Yaml;
using Refrag.Scenarios;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Environments;
using Refrag.Scheduling.Queues;
using Refrag.Scheduling.Simulation;

namespace Refrag.WhatIf;

/// <summary>
/// A world as YAML or JSON: <c>name</c>, <c>region</c>, <c>environments</c>, <c>queues</c>, <c>prices</c>, and the keys of a scenario
/// (docs/concepts/simulation.md).
/// </summary>
public static class WorldFile
{
    private const int MostVCpus = 1_000_000;

    // The letters of zones.
    private const int MostZones = 26;

    private static readonly Dictionary<string, AllocationStrategy?> s_strategies = new(StringComparer.Ordinal)
    {
        [CRAllocationStrategy.BestFit] = AllocationStrategy.BestFit,
        [CRAllocationStrategy.BestFitProgressive] = AllocationStrategy.BestFitProgressive,
        [CRAllocationStrategy.BestFitProgressiveOrdered] = AllocationStrategy.BestFitProgressiveOrdered,
        [CRAllocationStrategy.SpotCapacityOptimized] = AllocationStrategy.SpotCapacityOptimized,
        [CRAllocationStrategy.SpotPriceCapacityOptimized] = AllocationStrategy.SpotPriceCapacityOptimized,
    };

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="shown">What the user calls it.</param>
    /// <param name="known">The instance types and prices.</param>
    public static Result<World> Read(string path, string shown, KnownCatalogue known)
    {
        try
        {
            return ConfigYaml.Read(File.ReadAllText(path), shown).TryGet(out ConfigNode? root, out IReadOnlyList<Problem> problems)
                ? Read(root, Path.GetFileNameWithoutExtension(shown), known)
                : Result<World>.Failure(problems);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Problem
            {
                Code = "RF8154",
                What = $"The world {shown} cannot be read: {e.Message}",
                Cure = "Name a file of YAML, as docs/concepts/simulation.md describes it.",
            };
        }
    }

    private static Result<World> Read(ConfigNode root, string usualName, KnownCatalogue known)
    {
        List<Problem> problems = [];
        var fields = new ScenarioFields(root, problems);
        string name = fields.Text("name") ?? usualName;
        string region = fields.Region("region") ?? PriceTable.DefaultRegion;
        Scenario scenario = ScenarioFile.Read(fields, new Scenario(), problems);
        List<SpotRate> rates = [];
        InstanceCatalogue types = known.Types;
        List<ComputeEnvironment> environments = [.. fields.Names("environments", isRequired: true)
            .Select(one => Environment(one.Name, one.Value, region, types, rates, problems))];
        List<JobQueue> queues = [.. fields.Names("queues").Select(one => Queue(one.Name, one.Value, environments, problems))];
        foreach (string missing in scenario.Injections.Select(EnvironmentOf).OfType<string>().Distinct(StringComparer.Ordinal)
            .Where(one => environments.All(environment => environment.Name != one)))
        {
            fields.Wrong("events", $"there is no environment {missing}",
                $"Name one of {string.Join(", ", environments.Select(one => one.Name))}.");
        }
        PriceTable prices = Prices(fields, region, known, problems);
        fields.Finish();
        if (environments.Count == 0 && problems.Count == 0)
        {
            fields.Wrong("environments", "a world needs at least one environment",
                "Add one, such as `cpu: {types: [c6i], max_vcpus: 32}`.");
        }
        if (problems.Count > 0) return Result<World>.Failure(problems);
        return new World
        {
            Name = name,
            Environments = environments,
            // Each environment is a queue of its own where no queues are given.
            Queues = queues.Count > 0
                ? queues
                : [.. environments.Select(one => new JobQueue { Name = one.Name, Environments = [one.Name] })],
            Scenario = scenario with { Injections = [.. scenario.Injections, .. rates] },
            Types = types,
            Prices = prices,
        };
    }

    private static ComputeEnvironment Environment(
        string name, ConfigNode node, string region, InstanceCatalogue types, List<SpotRate> rates, List<Problem> problems)
    {
        var fields = new ScenarioFields(node, problems);
        bool isSpot = fields.Flag("spot") ?? false;
        IReadOnlyList<string> names = fields.Texts("types", isRequired: true);
        if (!types.Resolve(names).TryGet(out _, out IReadOnlyList<Problem> unknown))
        {
            foreach (Problem one in unknown) fields.Wrong("types", one.What, one.Cure);
        }
        if (fields.Number("reclaims_per_hour", 1000) is { } rate)
        {
            if (isSpot) rates.Add(new SpotRate(rate, name));
            else fields.Wrong("reclaims_per_hour", $"{name} is not Spot, so nothing is reclaimed", "Add `spot: true`, or remove it.");
        }
        int most = Whole(fields, "max_vcpus", isRequired: true);
        long zones = fields.Whole("zones", 1) ?? 1;
        if (zones > MostZones) fields.Wrong("zones", $"{name} has {zones} zones", $"Give at most {MostZones}.");
        var made = new ComputeEnvironment
        {
            Name = name,
            Region = region,
            Kind = isSpot ? ComputeEnvironmentKind.Spot : ComputeEnvironmentKind.Ec2,
            InstanceTypes = names,
            MaxVCpus = most,
            MinVCpus = Whole(fields, "min_vcpus"),
            DesiredVCpus = Whole(fields, "desired_vcpus"),
            // As infra/terraform makes them where nothing is set.
            Strategy = Strategy(fields)
                ?? (isSpot ? AllocationStrategy.SpotPriceCapacityOptimized : AllocationStrategy.BestFitProgressive),
            ScaleDownDelay = fields.Time("scale_down_after"),
            Zones = [.. Enumerable.Range(0, (int)Math.Min(zones, MostZones)).Select(at => ((char)('a' + at)).ToString())],
        };
        if (made.MinVCpus > most && problems.Count == 0)
            fields.Wrong("min_vcpus", $"min_vcpus of {name} is above its max_vcpus", $"Give at most {most}.");
        fields.Finish();
        return made;
    }

    private static string? EnvironmentOf(Injection injection) => injection switch
    {
        RoleFault fault => fault.Environment,
        SpotReclaim reclaim => reclaim.Environment,
        ImageFault fault => fault.Environment,
        _ => null,
    };

    private static AllocationStrategy? Strategy(ScenarioFields fields)
    {
        if (fields.Text("strategy") is not { } name) return null;
        if (s_strategies.TryGetValue(name, out AllocationStrategy? strategy)) return strategy;
        fields.Wrong("strategy", $"there is no strategy {name}.{Suggestion.Sentence(name, s_strategies.Keys)}".TrimEnd('.'),
            $"Choose one of {string.Join(", ", s_strategies.Keys)}.");
        return null;
    }

    private static JobQueue Queue(string name, ConfigNode node, List<ComputeEnvironment> environments, List<Problem> problems)
    {
        var fields = new ScenarioFields(node, problems);
        IReadOnlyList<string> names = fields.Texts("environments", isRequired: true);
        foreach (string missing in names.Where(one => environments.All(environment => environment.Name != one)))
        {
            fields.Wrong("environments", $"there is no environment {missing}",
                $"Name one of {string.Join(", ", environments.Select(one => one.Name))}.");
        }
        FairSharePolicy? fairShare = fields.Flag("fair_share") is true
            ? new FairSharePolicy
            {
                ShareDecay = fields.Time("share_decay") ?? TimeSpan.Zero,
                ComputeReservation = (int)Math.Min(99, fields.Whole("compute_reservation", 0) ?? 0),
            }
            : null;
        var queue = new JobQueue
        {
            Name = name,
            Environments = names,
            Priority = Whole(fields, "priority"),
            FairShare = fairShare,
        };
        fields.Finish();
        return queue;
    }

    // The prices of the file count for both markets of its region where it says one alone.
    private static PriceTable Prices(ScenarioFields fields, string region, KnownCatalogue known, List<Problem> problems)
    {
        List<Price> own = [];
        foreach ((string type, ConfigNode node) in fields.Names("prices"))
        {
            var price = new ScenarioFields(node, problems);
            Price? usual = known.Prices.Find(type, region);
            if (known.Types.Find(type) is null) fields.Wrong("prices", $"there is no instance type {type}", "Correct its name.");
            own.Add(new Price
            {
                Type = type,
                Region = region,
                Spot = (decimal?)price.Number("spot", 10_000) ?? usual?.Spot,
                OnDemand = (decimal?)price.Number("on_demand", 10_000) ?? usual?.OnDemand,
                OnDemandBasis = "the world's file",
                SpotBasis = "the world's file",
            });
            price.Finish();
        }
        return own.Count == 0 ? known.Prices : known.Prices.With(own.DistinctBy(price => price.Type));
    }

    private static int Whole(ScenarioFields fields, string key, bool isRequired = false)
    {
        if (isRequired) fields.Require(key);
        if (fields.Whole(key, 0) is not { } number) return 0;
        if (number > MostVCpus) fields.Wrong(key, $"{key} is above {MostVCpus}", $"Give at most {MostVCpus}.");
        return (int)Math.Min(number, MostVCpus);
    }
}

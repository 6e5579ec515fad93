using System.Globalization;
using Refrag.Jobs;
using Refrag.Scaling;
using Refrag.Scheduling.Environments;
using Refrag.Scheduling.Simulation;

namespace Refrag.WhatIf;

/// <summary>
/// A setting of a world, by its name: <c>gpu.max_vcpus</c> of the environment gpu, or <c>instance_start</c> of the world itself.
/// </summary>
/// <param name="Name">Its name, as it was given.</param>
/// <param name="Environment">The environment's name or a word of it; null for a setting of the world.</param>
/// <param name="Key">The key.</param>
public sealed record Setting(string Name, string? Environment, string Key)
{
    private const string InstanceStart = "instance_start";

    /// <summary>The setting that is searched for.</summary>
    public const string MaxVCpus = "max_vcpus";

    private static readonly Dictionary<string, Func<ComputeEnvironment, string, ComputeEnvironment?>> s_ofEnvironment =
        new(StringComparer.Ordinal)
        {
            [MaxVCpus] = (one, text) => VCpus(text) is { } most ? one with { MaxVCpus = most } : null,
            ["min_vcpus"] = (one, text) => VCpus(text) is { } least ? one with { MinVCpus = least } : null,
            ["desired_vcpus"] = (one, text) => VCpus(text) is { } desired ? one with { DesiredVCpus = desired } : null,
            ["spot"] = (one, text) =>
                bool.TryParse(text, out bool isSpot) && one.Kind is ComputeEnvironmentKind.Ec2 or ComputeEnvironmentKind.Spot
                    ? one with { Kind = isSpot ? ComputeEnvironmentKind.Spot : ComputeEnvironmentKind.Ec2 }
                    : null,
            ["scale_down_after"] = (one, text) => Duration.Parse(text) is { } delay ? one with { ScaleDownDelay = delay } : null,
            ["types"] = (one, text) => one with { InstanceTypes = text.Split('+', StringSplitOptions.RemoveEmptyEntries) },
        };

    private const string Reclaims = "reclaims_per_hour";

    private static IEnumerable<string> Keys => [.. s_ofEnvironment.Keys, Reclaims];

    /// <summary>Reads a name.</summary>
    public static Result<Setting> Parse(string name)
    {
        int dot = name.LastIndexOf('.');
        if (dot < 0 && name == InstanceStart) return new Setting(name, null, name);
        string key = name[(dot + 1)..];
        if (dot > 0 && Keys.Contains(key)) return new Setting(name, name[..dot], key);
        return Wrong($"a world has no setting {name}",
            $"Name an environment and one of {string.Join(", ", Keys)}, as in gpu.max_vcpus, or {InstanceStart}."
                + Suggestion.Sentence(key, Keys));
    }

    /// <summary>The world with another value.</summary>
    public Result<World> In(World world, string value)
    {
        if (Environment is null)
        {
            return Duration.Parse(value) is { } start
                ? world with { Scenario = world.Scenario with { StartUp = start } }
                : Wrong($"{Name}={value} is not possible", $"Write a duration, as in {InstanceStart}=90s.");
        }
        if (!Find(world).TryGet(out ComputeEnvironment? environment, out IReadOnlyList<Problem> problems))
            return Result<World>.Failure(problems);
        if (Key == Reclaims) return Reclaimed(world, environment, value);
        if (s_ofEnvironment[Key](environment, value) is not { } changed)
            return Wrong($"{Name}={value} is not possible", "Give a value as in docs/concepts/simulation.md.");
        if (changed.MaxVCpus < changed.MinVCpus)
            return Wrong($"{Name}={value}: the maximum of {changed.Name} would be below its minimum of {changed.MinVCpus}", "Raise it.");
        return world with { Environments = [.. world.Environments.Select(one => one == environment ? changed : one)] };
    }

    /// <summary>
    /// The environment that is meant: of this name, or else the one that <see cref="EnvironmentMatch"/> finds by words of it.
    /// </summary>
    public Result<ComputeEnvironment> Find(World world)
    {
        IReadOnlyList<string> near = EnvironmentMatch.Find(world.Environments.Select(one => one.Name), Environment!);
        return near.Count == 1
            ? world.Environments.First(one => one.Name == near[0])
            : Wrong($"the world {world.Name} has no environment {Environment}",
                $"Name one of {string.Join(", ", world.Environments.Select(one => one.Name))}.");
    }

    private Result<World> Reclaimed(World world, ComputeEnvironment environment, string value)
    {
        if (!double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double rate) || rate > 1000)
            return Wrong($"{Name}={value} is not possible", "Give reclaims of an instance in an hour, from 0 to 1000.");
        IEnumerable<Injection> others =
            world.Scenario.Injections.Where(one => one is not SpotRate own || own.Environment != environment.Name);
        return world with
        {
            Scenario = world.Scenario with
            {
                Injections = rate > 0 ? [.. others, new SpotRate(rate, environment.Name)] : [.. others],
            },
        };
    }

    private static int? VCpus(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int vCpus) && vCpus <= 1_000_000 ? vCpus : null;

    private static Problem Wrong(string what, string cure) => new() { Code = "RF8157", What = what, Cure = cure };
}

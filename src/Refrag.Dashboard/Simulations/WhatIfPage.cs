using System.Text.Json.Serialization;
using Refrag.Dashboard.Problems;
using Refrag.Scheduling.Environments;
using Refrag.Traces;
using Refrag.WhatIf;

namespace Refrag.Dashboard.Simulations;

/// <summary>What can be changed: the deployed environments.</summary>
internal sealed record WhatIfForm
{
    /// <summary>The environments; none if there is a problem.</summary>
    public IReadOnlyList<WhatIfEnvironment> Environments { get; init; } = [];

    /// <summary>The most jobs that are simulated.</summary>
    public int MostJobs { get; init; } = WhatIfRequest.MostJobs;

    /// <summary>The most seconds that the worlds are simulated for.</summary>
    public double MostSeconds { get; init; } = WhatIfFeed.SimulationTime.TotalSeconds;

    /// <summary>Why nothing can be simulated; null if it can.</summary>
    public PageProblem? Problem { get; init; }

    public static WhatIfForm Of(World world) => new() { Environments = [.. world.Environments.Select(WhatIfEnvironment.Of)] };

    public static WhatIfForm Failed(Problem problem) => new() { Problem = PageProblem.Of(problem) };
}

/// <summary>A deployed environment.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Spot">Whether its instances are Spot; null if that cannot be chosen, as on Fargate.</param>
/// <param name="MinVcpus">The vCPUs that it keeps.</param>
/// <param name="MaxVcpus">The most vCPUs.</param>
/// <param name="Types">Its instance types, as they were asked for; empty on Fargate.</param>
internal sealed record WhatIfEnvironment(string Name, bool? Spot, int MinVcpus, int MaxVcpus, IReadOnlyList<string> Types)
{
    public static WhatIfEnvironment Of(ComputeEnvironment one) => new(
        one.Name,
        one.Kind is ComputeEnvironmentKind.Ec2 or ComputeEnvironmentKind.Spot ? one.Kind is ComputeEnvironmentKind.Spot : null,
        one.MinVCpus, one.MaxVCpus, one.InstanceTypes);
}

/// <summary>What is done now.</summary>
/// <param name="What">In words.</param>
internal sealed record WhatIfProgress(string What);

/// <summary>The jobs that are simulated.</summary>
/// <param name="Source">Where they come from.</param>
/// <param name="Jobs">How many they are.</param>
/// <param name="GpuJobs">How many of them ask for GPUs.</param>
/// <param name="Notes">What was left out or assumed.</param>
internal sealed record WhatIfLoad(string Source, int Jobs, int GpuJobs, IReadOnlyList<string> Notes)
{
    public static WhatIfLoad Of(Workload workload) =>
        new(workload.Source, workload.Jobs.Count, workload.Jobs.Count(job => job.IsGpu), workload.Notes);
}

/// <summary>What the jobs came to in a world.</summary>
internal sealed record WhatIfWorld
{
    /// <summary>Its place: 0 for the deployed one, then those of the form.</summary>
    public required int Number { get; init; }

    /// <summary>How many runs there were, each with a seed of its own; 1 where chance has no part.</summary>
    public required int Seeds { get; init; }

    /// <summary>The figures, by the names that <c>refrag simulate</c> gives them; those that are not known are left out.</summary>
    public required IReadOnlyDictionary<string, WhatIfFigure> Figures { get; init; }

    /// <summary>How many jobs never start, in the run where they are most.</summary>
    public required int NeverStarted { get; init; }

    /// <summary>Jobs at the head of a queue that never start, each with the reason.</summary>
    public required IReadOnlyList<string> Blocked { get; init; }

    /// <summary>Instance types that ran and have no price.</summary>
    public required IReadOnlyList<string> Unpriced { get; init; }

    /// <summary>How many instances were launched, on average.</summary>
    public required double Instances { get; init; }

    /// <summary>How many of them were reclaimed, on average.</summary>
    public required double Reclaimed { get; init; }

    /// <summary>The command that simulates the same.</summary>
    public required string Command { get; init; }

    public static WhatIfWorld Of(int number, WorldResult result, string command)
    {
        bool isMixed = result.Runs[0] is { Cpu.Jobs: > 0, Gpu.Jobs: > 0 };
        Dictionary<string, WhatIfFigure> figures = new(StringComparer.Ordinal);
        foreach (Figure figure in Figure.All)
        {
            // Where all work is of one kind, its part is the whole.
            bool isPart = figure.Name.Split('.')[0] is "cpu" or "gpu";
            if ((isMixed || !isPart) && WhatIfFigure.Of(result, figure) is { } known) figures.Add(figure.Name, known);
        }
        return new WhatIfWorld
        {
            Number = number,
            Seeds = result.Runs.Count,
            Figures = figures,
            NeverStarted = result.NeverStarted,
            Blocked = [.. result.Stuck.Select(stuck => $"{stuck.Job}: {stuck.Reason}")],
            Unpriced = [.. result.Runs.SelectMany(run => run.Unpriced).Distinct(StringComparer.Ordinal)],
            Instances = result.Runs.Average(run => run.Instances),
            Reclaimed = result.Runs.Average(run => run.Reclaimed),
            Command = command,
        };
    }
}

/// <summary>A figure of a world over its seeds.</summary>
/// <param name="Text">For people, with its interval.</param>
/// <param name="Mean">The mean: milliseconds, USD or a part; null if it is infinite.</param>
/// <param name="Half">Half of the interval that holds the mean with a confidence of 95 %; null for one seed.</param>
internal sealed record WhatIfFigure(string Text, double? Mean, double? Half)
{
    public static WhatIfFigure? Of(WorldResult result, Figure figure) => result.Of(figure) is { } interval
        ? new WhatIfFigure(result.TextOf(figure), double.IsInfinity(interval.Mean) ? null : interval.Mean, interval.HalfWidth)
        : null;
}

/// <summary>It is over.</summary>
/// <param name="Unfinished">The places of the worlds that the time did not suffice for.</param>
internal sealed record WhatIfEnd(IReadOnlyList<int> Unfinished);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WhatIfForm))]
[JsonSerializable(typeof(WhatIfProgress))]
[JsonSerializable(typeof(WhatIfLoad))]
[JsonSerializable(typeof(WhatIfWorld))]
[JsonSerializable(typeof(WhatIfEnd))]
[JsonSerializable(typeof(PageProblem))]
internal sealed partial class WhatIfJson : JsonSerializerContext;

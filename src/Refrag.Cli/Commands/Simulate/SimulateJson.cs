using System.Text.Json.Serialization;
using Refrag.Cli.Context;
using Refrag.Traces;
using Refrag.WhatIf;

namespace Refrag.Cli.Commands.Simulate;

/// <summary>A line of <c>refrag simulate --json</c>: a workload in one world.</summary>
internal sealed record SimulatedWorld
{
    /// <summary>The world's name, with the settings that were varied.</summary>
    public required string World { get; init; }

    /// <summary>The file of the workload, or what generated it.</summary>
    public required string Workload { get; init; }

    /// <summary>How many runs there were, each with a seed of its own; 1 where chance has no part.</summary>
    public required int Seeds { get; init; }

    /// <summary>All jobs.</summary>
    public required SimulatedWork All { get; init; }

    /// <summary>The jobs without GPUs.</summary>
    public required SimulatedWork Cpu { get; init; }

    /// <summary>The jobs with GPUs.</summary>
    public required SimulatedWork Gpu { get; init; }

    /// <summary>From the first submission to the last end, in seconds.</summary>
    public SimulatedFigure? MakespanSeconds { get; init; }

    /// <summary>What whole instances cost from launch to end, in USD; left out if one has no price.</summary>
    public SimulatedFigure? Usd { get; init; }

    /// <summary>The vCPU-hours that jobs asked for, as a part of those of the instances, from 0 to 1.</summary>
    public SimulatedFigure? VCpuUse { get; init; }

    /// <summary>The same of GPUs; left out without GPUs.</summary>
    public SimulatedFigure? GpuUse { get; init; }

    /// <summary>How many instances were launched, on average.</summary>
    public required double Instances { get; init; }

    /// <summary>How many of them were reclaimed, on average.</summary>
    public required double Reclaimed { get; init; }

    /// <summary>Instance types that ran and have no price.</summary>
    public required IReadOnlyList<string> Unpriced { get; init; }

    /// <summary>Jobs at the head of a queue that never start, each with the reason.</summary>
    public required IReadOnlyList<string> Blocked { get; init; }

    public static SimulatedWorld Of(WorldResult result, Workload workload) => new()
    {
        World = result.World.Name,
        Workload = workload.Source,
        Seeds = result.Runs.Count,
        All = SimulatedWork.Of(result, "", run => run.All),
        Cpu = SimulatedWork.Of(result, "cpu.", run => run.Cpu),
        Gpu = SimulatedWork.Of(result, "gpu.", run => run.Gpu),
        MakespanSeconds = SimulatedFigure.Of(result, "makespan", 1000),
        Usd = SimulatedFigure.Of(result, "cost"),
        VCpuUse = SimulatedFigure.Of(result, "use.vcpus"),
        GpuUse = SimulatedFigure.Of(result, "use.gpus"),
        Instances = result.Runs.Average(run => run.Instances),
        Reclaimed = result.Runs.Average(run => run.Reclaimed),
        Unpriced = result.Runs[0].Unpriced,
        Blocked = [.. result.Stuck.Select(stuck => $"{stuck.Job}: {stuck.Reason}")],
    };
}

/// <summary>What became of a part of the jobs of a simulation.</summary>
internal sealed record SimulatedWork
{
    /// <summary>How many jobs there are.</summary>
    public required int Jobs { get; init; }

    /// <summary>How many never started, on average.</summary>
    public required double NeverStarted { get; init; }

    /// <summary>How many failed, on average: by their timeout, or with their host and without attempts left.</summary>
    public required double Failed { get; init; }

    /// <summary>How many attempts were lost and repeated, on average.</summary>
    public required double Retried { get; init; }

    /// <summary>The median of the waits until the first start, in seconds; left out if half of the jobs never started.</summary>
    public SimulatedFigure? WaitSeconds { get; init; }

    /// <summary>The 90th percentile of the waits, in seconds; left out if a tenth of the jobs never started.</summary>
    public SimulatedFigure? WaitP90Seconds { get; init; }

    /// <summary>The 99th percentile of the waits, in seconds; left out if a hundredth of the jobs never started.</summary>
    public SimulatedFigure? WaitP99Seconds { get; init; }

    /// <summary>What they cost at their shares of instances, in USD; left out if an instance has no price.</summary>
    public decimal? Usd { get; init; }

    public static SimulatedWork Of(WorldResult result, string prefix, Func<RunResult, WorkResult> part) => new()
    {
        Jobs = part(result.Runs[0]).Jobs,
        NeverStarted = result.Runs.Average(run => part(run).NeverStarted),
        Failed = result.Runs.Average(run => part(run).Failed),
        Retried = result.Runs.Average(run => part(run).Retried),
        WaitSeconds = SimulatedFigure.Of(result, $"{prefix}wait.median", 1000),
        WaitP90Seconds = SimulatedFigure.Of(result, $"{prefix}wait.p90", 1000),
        WaitP99Seconds = SimulatedFigure.Of(result, $"{prefix}wait.p99", 1000),
        Usd = Interval.Of([.. result.Runs.Select(run => part(run).Usd)]) is { } usd ? JsonOutput.Rounded((decimal)usd.Mean) : null,
    };
}

/// <summary>A figure of a simulation over its seeds.</summary>
internal sealed record SimulatedFigure
{
    /// <summary>The mean.</summary>
    public required double Mean { get; init; }

    /// <summary>The lower end of the interval that holds the mean with a confidence of 95 %; left out for one seed.</summary>
    public double? Low { get; init; }

    /// <summary>Its upper end.</summary>
    public double? High { get; init; }

    private const int Digits = 3;

    public static SimulatedFigure? Of(WorldResult result, string name, double unit = 1)
    {
        if (result.Of(Figure.All.First(one => one.Name == name)) is not { } interval || double.IsInfinity(interval.Mean)) return null;
        return new SimulatedFigure
        {
            Mean = Math.Round(interval.Mean / unit, Digits),
            Low = interval.HalfWidth is { } half ? Math.Max(0, Math.Round((interval.Mean - half) / unit, Digits)) : null,
            High = interval.HalfWidth is { } other ? Math.Round((interval.Mean + other) / unit, Digits) : null,
        };
    }
}

/// <summary>The last line of <c>refrag simulate --search --json</c>: the smallest maximum that meets the target.</summary>
internal sealed record FoundMaximum
{
    /// <summary>The setting: <c>gpu.max_vcpus</c>.</summary>
    public required string Setting { get; init; }

    /// <summary>The smallest value that was found, in vCPUs.</summary>
    public required int VCpus { get; init; }

    /// <summary>The figure of the target: <c>gpu.wait.p90</c>.</summary>
    public required string Figure { get; init; }

    /// <summary>What it may be at most: seconds, or USD.</summary>
    public required double Target { get; init; }

    /// <summary>What it is: seconds, or USD.</summary>
    public double? Reached { get; init; }

    public static FoundMaximum Of(FoundSize found)
    {
        double unit = found.Figure.Kind is FigureKind.Time ? 1000 : 1;
        return new FoundMaximum
        {
            Setting = found.Setting.Name,
            VCpus = found.VCpus,
            Figure = found.Figure.Name,
            Target = found.Target / unit,
            Reached = found.Result.Of(found.Figure)?.Mean / unit,
        };
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(SimulatedWorld))]
[JsonSerializable(typeof(FoundMaximum))]
internal sealed partial class SimulateJson : JsonSerializerContext;

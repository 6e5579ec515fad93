using System.Globalization;
using Refrag.Jobs;

namespace Refrag.WhatIf;

/// <summary>A figure of a run, by its name: <c>wait.p90</c>, <c>gpu.wait.median</c>, <c>makespan</c>, <c>cost</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is a number of.</param>
/// <param name="Of">Its value in a run: milliseconds for a time; null if it is not known.</param>
public sealed record Metric(string Name, MetricKind Kind, Func<RunResult, double?> Of)
{
    private static readonly (string Prefix, Func<RunResult, WorkResult> Of)[] s_parts =
        [("", run => run.All), ("cpu.", run => run.Cpu), ("gpu.", run => run.Gpu)];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Metric> All { get; } =
    [
        .. s_parts.SelectMany(part => new Metric[]
        {
            new($"{part.Prefix}wait.median", MetricKind.Time, run => part.Of(run).Wait(0.5)),
            new($"{part.Prefix}wait.p90", MetricKind.Time, run => part.Of(run).Wait(0.9)),
            new($"{part.Prefix}wait.p99", MetricKind.Time, run => part.Of(run).Wait(0.99)),
        }),
        new("makespan", MetricKind.Time, run => run.Makespan.TotalMilliseconds),
        new("cost", MetricKind.Money, run => run.Usd),
        new("use.vcpus", MetricKind.Part, run => run.VCpuUse),
        new("use.gpus", MetricKind.Part, run => run.GpuUse),
    ];

    /// <summary>The metric of a name.</summary>
    public static Result<Metric> Parse(string name) => All.FirstOrDefault(one => one.Name == name) is { } metric ? metric : new Problem
    {
        Code = "RF8140",
        What = $"there is no figure {name}",
        Cure = $"Name one of {string.Join(", ", All.Select(one => one.Name))}.{Suggestion.Sentence(name, All.Select(one => one.Name))}",
    };

    /// <summary>A value for people.</summary>
    public string Text(double? value) => value switch
    {
        null => "?",
        double.PositiveInfinity => "never",
        { } number => Kind switch
        {
            MetricKind.Time => TimeText(number),
            MetricKind.Money => number.ToString("$0.00", CultureInfo.InvariantCulture),
            _ => number.ToString("P0", CultureInfo.InvariantCulture),
        },
    };

    /// <summary>A value as the user writes it: a duration, an amount of USD, a part; null if it is not one.</summary>
    public double? Read(string text) => Kind is MetricKind.Time
        ? Duration.Parse(text)?.TotalMilliseconds
        : double.TryParse(text.TrimStart('$'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
            ? number
            : null;

    // In two units: more of them hide what matters in a table.
    private static string TimeText(double milliseconds)
    {
        TimeSpan time = TimeSpan.FromSeconds(Math.Round(milliseconds / 1000));
        if (time.TotalDays >= 1) return Duration.Format(TimeSpan.FromHours(Math.Round(time.TotalHours)));
        return Duration.Format(time.TotalHours >= 1 ? TimeSpan.FromMinutes(Math.Round(time.TotalMinutes)) : time);
    }
}

/// <summary>What a figure is a number of.</summary>
public enum MetricKind
{
    /// <summary>Milliseconds.</summary>
    Time,

    /// <summary>USD.</summary>
    Money,

    /// <summary>A part of a whole, from 0 to 1.</summary>
    Part,
}

using System.Globalization;
using Refrag.Jobs;

namespace Refrag.WhatIf;

/// <summary>A figure of a run, by its name: <c>wait.p90</c>, <c>gpu.wait.median</c>, <c>makespan</c>, <c>cost</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is a number of.</param>
/// <param name="Of">Its value in a run: milliseconds for a time; null if it is not known.</param>
public sealed record Figure(string Name, FigureKind Kind, Func<RunResult, double?> Of)
{
    private static readonly (string Prefix, Func<RunResult, WorkResult> Of)[] s_parts =
        [("", run => run.All), ("cpu.", run => run.Cpu), ("gpu.", run => run.Gpu)];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Figure> All { get; } =
    [
        .. s_parts.SelectMany(part => new Figure[]
        {
            new($"{part.Prefix}wait.median", FigureKind.Time, run => part.Of(run).Wait(0.5)),
            new($"{part.Prefix}wait.p90", FigureKind.Time, run => part.Of(run).Wait(0.9)),
            new($"{part.Prefix}wait.p99", FigureKind.Time, run => part.Of(run).Wait(0.99)),
        }),
        new("makespan", FigureKind.Time, run => run.All.NeverStarted > 0 ? double.PositiveInfinity : run.Makespan.TotalMilliseconds),
        new("cost", FigureKind.Money, run => run.Usd),
        new("use.vcpus", FigureKind.Part, run => run.VCpuUse),
        new("use.gpus", FigureKind.Part, run => run.GpuUse),
    ];

    /// <summary>The figure of a name.</summary>
    public static Result<Figure> Parse(string name) => All.FirstOrDefault(one => one.Name == name) is { } figure ? figure : new Problem
    {
        Code = "RF8156",
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
            FigureKind.Time => TimeText(number),
            FigureKind.Money => number.ToString("$0.00", CultureInfo.InvariantCulture),
            _ => number.ToString("P0", CultureInfo.InvariantCulture),
        },
    };

    /// <summary>A value as the user writes it: a duration, an amount of USD, a part; null if it is not one.</summary>
    public double? Read(string text) => Kind is FigureKind.Time
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
public enum FigureKind
{
    /// <summary>Milliseconds.</summary>
    Time,

    /// <summary>USD.</summary>
    Money,

    /// <summary>A part of a whole, from 0 to 1.</summary>
    Part,
}

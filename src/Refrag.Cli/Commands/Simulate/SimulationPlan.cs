using System.CommandLine;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.History;
using Refrag.Jobs;
using Refrag.Traces;
using Refrag.WhatIf;

namespace Refrag.Cli.Commands.Simulate;

/// <summary>What the options of <c>refrag simulate</c> ask for.</summary>
internal sealed record SimulationPlan
{
    private string? Trace { get; init; }

    private WorkloadGenerator? Generator { get; init; }

    /// <summary>The place of the history whose jobs are the workload, or a part of its name; null if it is none of the history.</summary>
    private string? History { get; init; }

    private string? Since { get; init; }

    private string? Until { get; init; }

    /// <summary>Whether the workload is what is in the queues now.</summary>
    public bool IsNow { get; private init; }

    /// <summary>How long jobs of the queues run if nothing is known of them.</summary>
    public TimeSpan? RunTime { get; private init; }

    /// <summary>The files of worlds; none for what is deployed.</summary>
    public IReadOnlyList<string> Worlds { get; private init; } = [];

    private IReadOnlyList<(Setting Setting, IReadOnlyList<string> Values)> Changes { get; init; } = [];

    /// <summary>Whether several values of a setting are tried.</summary>
    public bool IsSweep { get; private init; }

    /// <summary>What is searched for; null if nothing is.</summary>
    public SizeSearch? Search { get; private init; }

    /// <summary>The figure that is drawn.</summary>
    public required Figure Plot { get; init; }

    private ulong Seed { get; init; }

    private int Seeds { get; init; }

    /// <summary>Where the times of jobs are written; null for nowhere.</summary>
    public string? Jobs { get; private init; }

    /// <summary>Where the report is written; null for nowhere.</summary>
    public string? Html { get; private init; }

    /// <summary>Reads the options; all problems at once.</summary>
    public static Result<SimulationPlan> Read(SimulateOptions options, ParseResult parsed)
    {
        List<Problem> problems = [];
        bool isGenerated = parsed.GetResult(options.Generate) is not null;
        string? trace = parsed.GetValue(options.Trace);
        bool isNow = parsed.GetValue(options.Now);
        bool isRemembered = parsed.GetResult(options.History) is not null;
        if ((trace is null ? 0 : 1) + (isGenerated ? 1 : 0) + (isNow ? 1 : 0) + (isRemembered ? 1 : 0) != 1)
        {
            problems.Add(SimulateOptions.Wrong("A simulation needs one workload",
                "Give one of --trace=FILE, --generate, --history and --now."));
        }
        else if (!isRemembered && (parsed.GetValue(options.Since) ?? parsed.GetValue(options.Until)) is not null)
        {
            problems.Add(SimulateOptions.Wrong("--since and --until choose jobs of the history, and the workload is another",
                "Add --history, or remove them."));
        }
        WorkloadGenerator? generator = isGenerated
            ? Take(WorkloadGenerator.Parse(parsed.GetValue(options.Generate) ?? ""), problems)
            : null;
        (Setting, IReadOnlyList<string>)[] set = [.. Pairs(options.Set, parsed.GetValue(options.Set), false, problems)];
        (Setting, IReadOnlyList<string>)[] vary = [.. Pairs(options.Vary, parsed.GetValue(options.Vary), true, problems)];
        SizeSearch? search = SearchOf(parsed.GetValue(options.Search), parsed.GetValue(options.Target), problems);
        Figure? plot = Take(Figure.Parse(parsed.GetRequiredValue(options.Plot)), problems);
        TimeSpan? runTime = null;
        if (parsed.GetValue(options.RunTime) is { } text && (runTime = Duration.Parse(text)) is null)
            problems.Add(SimulateOptions.Wrong($"--run-time={text} is not a valid duration", "Write one, such as --run-time=1h."));
        if (problems.Count > 0) return Result<SimulationPlan>.Failure(problems);
        return new SimulationPlan
        {
            Trace = trace,
            Generator = generator,
            History = isRemembered ? parsed.GetValue(options.History) ?? "" : null,
            Since = parsed.GetValue(options.Since),
            Until = parsed.GetValue(options.Until),
            IsNow = isNow,
            RunTime = runTime,
            Worlds = parsed.GetValue(options.World) ?? [],
            Changes = [.. set, .. vary],
            IsSweep = vary.Length > 0,
            Search = search,
            Plot = plot!,
            Seed = parsed.GetValue(options.Seed),
            Seeds = parsed.GetValue(options.Seeds),
            Jobs = parsed.GetValue(options.Jobs),
            Html = parsed.GetValue(options.Html),
        };
    }

    /// <summary>The workload, with as many seeds as are wanted.</summary>
    public Result<Experiment> Experiment(CliContext context, Workload? now)
    {
        if (Generator is { } generator) return new Experiment(generator.Make, IsGenerated: true, Seed, Seeds);
        if (now is not null) return Of(now);
        if (History is not null)
        {
            return Remembered(context).TryGet(out Workload? remembered, out IReadOnlyList<Problem> missing)
                ? Of(remembered)
                : Result<Experiment>.Failure(missing);
        }
        return TraceReader.Read(Path.GetFullPath(Trace!, context.WorkingDirectory), Trace!)
            .TryGet(out Workload? read, out IReadOnlyList<Problem> problems)
            ? Of(read)
            : Result<Experiment>.Failure(problems);

        Experiment Of(Workload workload) => new(_ => workload, IsGenerated: false, Seed, Seeds);
    }

    private Result<Workload> Remembered(CliContext context)
    {
        if (!HistorySpans.Read(Since, Until, context.Time).TryGet(out HistorySpan span, out IReadOnlyList<Problem> problems))
            return Result<Workload>.Failure(problems);
        using HistoryStore? store = UserHistory.OpenIfThere(context);
        HistoryReader? reader = store is null ? null : new HistoryReader(store);
        if (!HistoryPlaces.One(reader, "--history", History).TryGet(out JobPlace? place, out problems))
            return Result<Workload>.Failure(problems);
        return HistoryTrace.Read(reader!, place, span, $"the history of {place}", int.MaxValue);
    }

    /// <summary>Each world with its changes; of several values, a world each.</summary>
    public Result<IReadOnlyList<World>> Changed(IReadOnlyList<World> worlds)
    {
        foreach ((Setting setting, IReadOnlyList<string> values) in Changes)
        {
            List<World> next = [];
            foreach ((World world, string value) in worlds.SelectMany(world => values.Select(value => (world, value))))
            {
                if (!setting.In(world, value).TryGet(out World? changed, out IReadOnlyList<Problem> problems))
                    return Result<IReadOnlyList<World>>.Failure(problems);
                next.Add(values.Count > 1 ? changed with { Name = $"{world.Name} {setting.Name}={value}" } : changed);
            }
            worlds = next;
        }
        return Result<IReadOnlyList<World>>.Success(worlds);
    }

    private static IEnumerable<(Setting Setting, IReadOnlyList<string> Values)> Pairs(
        Option option, string[]? texts, bool areSeveral, List<Problem> problems)
    {
        foreach (string text in texts ?? [])
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            string[] values = equals < 0 ? [] : areSeveral
                ? text[(equals + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                : [text[(equals + 1)..]];
            if (values.Length == 0)
            {
                problems.Add(SimulateOptions.Wrong(
                    $"{option.Name} {text} has no value", $"Write one, as in {option.Name} gpu.max_vcpus=64."));
            }
            else if (Take(Setting.Parse(text[..equals]), problems) is { } setting) yield return (setting, values);
        }
    }

    private static SizeSearch? SearchOf(string? search, string? target, List<Problem> problems)
    {
        if (search is null && target is null) return null;
        if (search is null || target is null)
        {
            problems.Add(SimulateOptions.Wrong("A search needs both --search and --target",
                "Write them, as in --search gpu.max_vcpus --target gpu.wait.p90=10m."));
            return null;
        }
        Setting? setting = Take(Setting.Parse(search), problems);
        if (setting is { Key: not Setting.MaxVCpus })
            problems.Add(SimulateOptions.Wrong($"{search} cannot be searched for", "Search for a maximum, as in --search gpu.max_vcpus."));
        int equals = target.IndexOf('=', StringComparison.Ordinal);
        Figure? figure = Take(Figure.Parse(equals < 0 ? target : target[..equals]), problems);
        if (figure is null || setting is null) return null;
        if (equals > 0 && figure.Read(target[(equals + 1)..]) is { } value) return new SizeSearch(setting, figure, value);
        problems.Add(SimulateOptions.Wrong($"--target {target} has no valid value", "Write one, as in --target gpu.wait.p90=10m."));
        return null;
    }

    private static T? Take<T>(Result<T> result, List<Problem> problems)
        where T : class
    {
        if (result.TryGet(out T? value, out IReadOnlyList<Problem> wrong)) return value;
        problems.AddRange(wrong);
        return null;
    }
}

using System.Globalization;
using Refrag.Cli.Context;
using Refrag.Cli.Terminal;
using Refrag.WhatIf;

namespace Refrag.Cli.Commands.Simulate;

/// <summary>Runs the worlds and prints what they come to.</summary>
internal sealed class SimulationRun(CliContext context, SimulationPlan plan, Experiment experiment, bool json)
{
    private static readonly Column[] s_columns =
    [
        new("WORLD", Least: 12), new("WORK"), new("JOBS", Right: true), new("WAIT", Right: true), new("P90", Right: true),
        new("P99", Right: true), new("MAKESPAN", Right: true, Drop: 2), new("COST", Right: true), new("VCPUS USED", Right: true, Drop: 3),
        new("GPUS USED", Right: true, Drop: 4), new("LOST", Right: true, Drop: 1),
    ];

    private static readonly Figure s_cost = Find("cost");

    /// <summary>Side by side.</summary>
    public int Compare(IReadOnlyList<World> worlds, CancellationToken cancellationToken)
    {
        List<WorldResult> results = [];
        foreach (World world in worlds)
        {
            context.Terminal.Status($"Simulates {world.Name}, {results.Count + 1} of {worlds.Count}");
            List<JobTimes>? times = results.Count == 0 && plan.Jobs is not null ? [] : null;
            if (!experiment.Run(world, times is null ? null : times.Add, cancellationToken)
                .TryGet(out WorldResult? result, out IReadOnlyList<Problem> problems)) return context.Refuse(problems);
            if (cancellationToken.IsCancellationRequested) return Stopped();
            results.Add(result);
            if (times is not null && Write(plan.Jobs!, text => JobTimesFile.Write(experiment.First, times, text)) is { } fault)
                return context.Refuse([fault]);
        }
        context.Terminal.Status(null);
        return Print(results, null);
    }

    /// <summary>Finds the smallest maximum in each world.</summary>
    public int Search(IReadOnlyList<World> worlds, SizeSearch search, CancellationToken cancellationToken)
    {
        foreach (World world in worlds)
        {
            context.Terminal.Status($"Searches {search.Setting.Name} of {world.Name}");
            Result<FoundSize> result = search.Find(experiment, world, cancellationToken);
            if (cancellationToken.IsCancellationRequested) return Stopped();
            if (!result.TryGet(out FoundSize? found, out IReadOnlyList<Problem> problems))
            {
                context.Refuse(problems);
                // The question was understood, and the answer is that there is none.
                return problems[0].Code == SizeSearch.OutOfReachCode ? ExitCodes.Trouble : ExitCodes.Usage;
            }
            context.Terminal.Status(null);
            int code = Print([found.Result], found);
            if (code != ExitCodes.Success) return code;
        }
        return ExitCodes.Success;
    }

    private int Print(IReadOnlyList<WorldResult> results, FoundSize? found)
    {
        if (plan.Html is { } file && Write(file, text => HtmlReport.Write(experiment.First, results, plan, found, text)) is { } fault)
            return context.Refuse([fault]);
        if (json)
        {
            foreach (WorldResult result in results)
                context.Terminal.Output(JsonOutput.Line(SimulatedWorld.Of(result, experiment.First), SimulateJson.Default.SimulatedWorld));
            if (found is not null) context.Terminal.Output(JsonOutput.Line(FoundMaximum.Of(found), SimulateJson.Default.FoundMaximum));
        }
        else
        {
            Show(results, found);
        }
        return results.Any(result => result.NeverStarted > 0) ? ExitCodes.Trouble : ExitCodes.Success;
    }

    private void Show(IReadOnlyList<WorldResult> results, FoundSize? found)
    {
        Table table = new(context.Terminal, s_columns);
        foreach (WorldResult result in results)
        {
            table.Add(Row(result, "all", "", run => run.All, isWhole: true));
            if (result.Runs[0] is not { Cpu.Jobs: > 0, Gpu.Jobs: > 0 }) continue;
            table.Add(Row(result, "CPU", "cpu.", run => run.Cpu, isWhole: false));
            table.Add(Row(result, "GPU", "gpu.", run => run.Gpu, isWhole: false));
        }
        table.Flush();
        if (found is not null)
        {
            context.Terminal.Output(string.Create(CultureInfo.InvariantCulture,
                $"{found.Setting.Name}={found.VCpus} is the smallest that keeps {found.Figure.Name} at {found.Figure.Text(found.Target)} "
                + $"or below: {found.Figure.Text(found.Result.Of(found.Figure)?.Mean)}."));
        }
        if (plan.IsSweep && found is null) Draw(results);
        Explain(results);
    }

    private void Draw(IReadOnlyList<WorldResult> results)
    {
        context.Terminal.Output("");
        context.Terminal.Output($"{plan.Plot.Name}:");
        foreach (string line in BarChart.Lines(
            [.. results.Select(result => (result.World.Name, result.Of(plan.Plot)?.Mean, plan.Plot.Text(result.Of(plan.Plot)?.Mean)))],
            context.Terminal.Width ?? BarChart.UsualWidth)) context.Terminal.Output(line);
    }

    private void Explain(IReadOnlyList<WorldResult> results)
    {
        int seeds = results.Max(result => result.Runs.Count);
        context.Terminal.Note($"{experiment.First.Source}: {experiment.First.Jobs.Count} jobs. WAIT is the median until the first start.");
        if (seeds > 1)
            context.Terminal.Note($"Means of {seeds} seeds; ± is half of the interval that holds the mean with a confidence of 95 %.");
        context.Terminal.Note("COST is that of whole instances; of CPU and GPU work, that of its shares of them. Dollars are of "
            + "instances alone.");
        string[] unpriced = [.. results.SelectMany(result => result.Runs.SelectMany(run => run.Unpriced)).Distinct(StringComparer.Ordinal)];
        if (unpriced.Length > 0)
            context.Terminal.Note($"Without a price: {string.Join(", ", unpriced)}. `refrag catalog refresh` reads today's prices.");
        foreach (WorldResult result in results.Where(result => result.NeverStarted > 0))
        {
            string why = result.Stuck.Count > 0 ? "The head of a queue blocks it:" : "Batch gives no reason for those at the head.";
            context.Terminal.Note($"{result.World.Name}: {result.NeverStarted} of {result.Runs[0].All.Jobs} jobs never start. {why}");
            foreach (StuckJob stuck in result.Stuck) context.Terminal.Note($"  {stuck.Job}: {stuck.Reason}");
        }
    }

    private static Cell[] Row(WorldResult result, string work, string prefix, Func<RunResult, WorkResult> part, bool isWhole)
    {
        string Shown(string name) => result.TextOf(Find(name));
        string Mean(string name) => Find(name) is var figure ? figure.Text(result.Of(figure)?.Mean) : "";
        return
        [
            isWhole ? result.World.Name : "", work, part(result.Runs[0]).Jobs.ToString(CultureInfo.InvariantCulture),
            Shown($"{prefix}wait.median"), Shown($"{prefix}wait.p90"), Shown($"{prefix}wait.p99"),
            isWhole ? Mean("makespan") : "",
            isWhole ? result.TextOf(s_cost) : s_cost.Text(Interval.Of([.. result.Runs.Select(run => part(run).Usd)])?.Mean),
            isWhole ? Mean("use.vcpus") : "", isWhole ? Mean("use.gpus") : "",
            result.Runs.Average(run => part(run).Retried + part(run).Failed).ToString("0.#", CultureInfo.InvariantCulture),
        ];
    }

    private static Figure Find(string name) => Figure.All.First(one => one.Name == name);

    private int Stopped()
    {
        context.Terminal.Status(null);
        context.Terminal.Note("Stopped before the simulation was over.");
        return ExitCodes.Interrupted;
    }

    private Problem? Write(string file, Action<TextWriter> write)
    {
        try
        {
            using var text = new StreamWriter(
                PrivateFiles.Open(Path.GetFullPath(file, context.WorkingDirectory), FileMode.Create, FileAccess.Write));
            write(text);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Problem { Code = "RF8162", What = $"{file} cannot be written: {e.Message}", Cure = "Name another file." };
        }
    }
}

using System.Globalization;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Terminal;
using Refrag.Traces;
using Refrag.WhatIf;

namespace Refrag.Cli.Commands.Scale;

/// <summary>Simulates a trace without and with the policies.</summary>
/// <param name="Trace">The file of the trace.</param>
/// <param name="Interval">How often the policies are applied.</param>
internal sealed record ScaleReplay(string Trace, TimeSpan Interval)
{
    private static readonly Column[] s_columns =
    [
        new("POLICIES", Least: 8), new("JOBS", Right: true), new("WAIT", Right: true), new("P90", Right: true), new("P99", Right: true),
        new("COST", Right: true), new("VCPUS USED", Right: true, Drop: 1), new("CHANGES", Right: true),
    ];

    private static readonly string[] s_figures = ["wait.median", "wait.p90", "wait.p99", "cost", "use.vcpus"];

    public int Run(CliContext context, World world, ScalePolicies policies, bool json, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, context.Signals.Token);
        if (!TraceReader.Read(Path.GetFullPath(Trace, context.WorkingDirectory), Trace)
            .TryGet(out Workload? workload, out IReadOnlyList<Problem> problems)) return context.Refuse(problems);
        foreach (string note in workload.Notes) context.Terminal.Note(note);
        WorldScaling scaling = new(
            policies.Policies, Interval, policies.Budgets.ToDictionary(one => one.Key, one => one.Value.Usd, StringComparer.Ordinal));
        Table table = new(context.Terminal, s_columns);
        bool areAllStarted = true;
        foreach (World one in (World[])[world, world with { Scaling = scaling }])
        {
            if (!Simulation.Run(one, workload, seed: 1, cancellationToken: stop.Token).TryGet(out RunResult? run, out problems))
                return context.Refuse(problems);
            if (stop.IsCancellationRequested) return ExitCodes.Interrupted;
            areAllStarted &= run.All.NeverStarted == 0;
            if (json) context.Terminal.Output(JsonOutput.Line(ReplayedScaling.Of(one, run), ScaleJson.Default.ReplayedScaling));
            else table.Add(Row(policies, one, run));
        }
        if (!json)
        {
            table.Flush();
            Explain(context, world, workload, policies);
        }
        return areAllStarted ? ExitCodes.Success : ExitCodes.Trouble;
    }

    private static Cell[] Row(ScalePolicies policies, World world, RunResult run) =>
    [
        world.Scaling is null ? "none" : string.Join(", ", policies.Policies.Select(one => one.Name)), Number(run.All.Jobs),
        .. s_figures.Select(name => Figure.All.First(figure => figure.Name == name)).Select(figure => (Cell)figure.Text(figure.Of(run))),
        Number(run.Changes),
    ];

    private static void Explain(CliContext context, World world, Workload workload, ScalePolicies policies)
    {
        context.Terminal.Note($"{workload.Source} in the world {world.Name}. WAIT is the median until the first start; COST is that of "
            + "whole instances.");
        if (policies.Budgets.Count > 0)
            context.Terminal.Note("Every instance of the world counts to each budget: a trace does not say whose jobs are in it.");
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}

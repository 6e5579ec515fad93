using System.CommandLine;
using Refrag.Catalogues;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Scheduling.Simulation;
using Refrag.Traces;
using Refrag.WhatIf;

namespace Refrag.Cli.Commands.Simulate;

/// <summary><c>refrag simulate</c>: what a workload would come to in other queues and environments.</summary>
internal static class SimulateVerb
{
    public static Command Create(CliContext context)
    {
        QueryOptions query = new() { NotOnSlurm = "it simulates environments of AWS" };
        SimulateOptions options = new();
        Command verb = query.Verb("simulate",
            "Simulate a workload: waits, cost and use of other queues and environments.\n"
            + "Nothing is sent but questions, and those only without --world, or with --now. Jobs are placed by the same core that "
            + "`refrag serve --fleet` places them with.", options.All);
        verb.Add(GenerateVerb.Create(context));
        verb.Add(ConvertVerb.Create(context));
        verb.Add(ExportVerb.Create(context));
        verb.SetAction((parsed, cancellationToken) => RunAsync(context, query, options, parsed, cancellationToken));
        return verb;
    }

    private static async Task<int> RunAsync(
        CliContext context, QueryOptions query, SimulateOptions options, ParseResult parsed, CancellationToken cancellationToken)
    {
        if (query.Plain(parsed) is [var word, ..])
        {
            return context.Refuse([SimulateOptions.Wrong($"refrag simulate has no command {word}",
                $"Use generate, convert or export, or options alone.{Suggestion.Sentence(word, ["generate", "convert", "export"])}")]);
        }
        if (!SimulationPlan.Read(options, parsed).TryGet(out SimulationPlan? plan, out IReadOnlyList<Problem> problems))
            return context.Refuse(problems);
        bool asksBatch = plan.IsNow || plan.Worlds.Count == 0;
        if (asksBatch)
            return await QuerySession.RunAsync(context, query, parsed, session => AskAsync(session, plan, cancellationToken));
        context.Signals.Listen();
        return Run(context, plan, null, [], parsed.GetValue(query.Json), cancellationToken);
    }

    private static async Task<int> AskAsync(QuerySession session, SimulationPlan plan, CancellationToken cancellationToken)
    {
        if (session.IsLocal)
        {
            return session.Context.Refuse([SimulateOptions.Wrong("This machine's own runs have no compute environments to simulate",
                "Name another environment, such as env=awsbatch, or a world in a file: --world=world.yaml.")]);
        }
        Workload? now = null;
        if (plan.IsNow)
        {
            if (!(await BatchTrace.NowAsync(session.Batch, new(), plan.RunTime, session.Now, int.MaxValue, cancellationToken))
                .TryGet(out now, out IReadOnlyList<Problem> problems)) return session.Context.Refuse(problems);
        }
        List<World> deployed = [];
        if (plan.Worlds.Count == 0)
        {
            KnownCatalogue known = UserCatalogue.Load(session.Context);
            if (!(await DeployedWorld.ReadAsync(session, session.Batch, known, new Scenario(), plan.IsNow, cancellationToken))
                .TryGet(out World? world, out IReadOnlyList<Problem> problems)) return session.Context.Refuse(problems);
            deployed.Add(world);
        }
        return Run(session.Context, plan, now, deployed, session.Json, cancellationToken);
    }

    private static int Run(
        CliContext context, SimulationPlan plan, Workload? now, IReadOnlyList<World> deployed, bool json,
        CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, context.Signals.Token);
        if (!plan.Experiment(context, now).TryGet(out Experiment? experiment, out IReadOnlyList<Problem> problems)
            || !WorldsOf(context, plan, deployed).TryGet(out IReadOnlyList<World>? worlds, out problems)) return context.Refuse(problems);
        foreach (string note in experiment.First.Notes) context.Terminal.Note(note);
        var run = new SimulationRun(context, plan, experiment, json);
        return plan.Search is { } search ? run.Search(worlds, search, stop.Token) : run.Compare(worlds, stop.Token);
    }

    private static Result<IReadOnlyList<World>> WorldsOf(CliContext context, SimulationPlan plan, IReadOnlyList<World> deployed)
    {
        List<World> worlds = [.. deployed];
        List<Problem> problems = [];
        KnownCatalogue? known = null;
        foreach (string file in plan.Worlds)
        {
            known ??= UserCatalogue.Load(context);
            if (WorldFile.Read(Path.GetFullPath(file, context.WorkingDirectory), file, known)
                .TryGet(out World? world, out IReadOnlyList<Problem> wrong)) worlds.Add(world);
            else problems.AddRange(wrong);
        }
        return problems.Count > 0 ? Result<IReadOnlyList<World>>.Failure(problems) : plan.Changed(worlds);
    }
}

using Refrag.Aws;
using Refrag.Claims;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Terminal;
using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Policies;
using Refrag.Scaling;

namespace Refrag.Cli.Commands.Scale;

/// <summary>Rounds of scaling: reads, decides, and with <c>apply</c> and <c>watch</c> makes the changes.</summary>
internal sealed class ScaleRun(QuerySession session, ScalePolicies policies, EnvironmentScaler scaler, ClaimBook claims)
{
    private static readonly Column[] s_columns =
    [
        new("ENVIRONMENT", Least: 16), new("CHANGE", Least: 16), new("WHY", Least: 20), new("WAITING", Right: true, Drop: 3),
        new("OLDEST", Right: true, Drop: 2), new("VCPUS", Right: true, Drop: 1),
    ];

    private readonly BudgetPaces _paces = new(session, policies.Budgets);
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);

    // What remains to be done, or could not be done, in the last round.
    private bool _hasFailed;

    /// <summary>Prints what would change and why.</summary>
    public Task<int> PlanAsync(CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        ScalingTargets found = await ScalingTarget.FindAsync(session.Batch, policies.Policies, cancellationToken);
        Table table = new(session.Terminal, s_columns);
        foreach (ScalingTarget target in found.Targets.Where(IsOurs))
        {
            ScalingDecision decision = await DecideAsync(target, cancellationToken);
            if (session.Json) PrintJson(decision);
            else AddTo(table, decision);
        }
        if (!session.Json && found.Targets.Count > 0) table.Flush();
        return Ended(found.Problems);
    });

    /// <summary>One round.</summary>
    public Task<int> OnceAsync(CancellationToken cancellationToken) => GuardAsync(async () =>
        Ended((await RoundAsync(cancellationToken)).Problems));

    /// <summary>Rounds until it is ended.</summary>
    public Task<int> WatchAsync(TimeSpan interval, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        session.Terminal.Note($"Scaling by {string.Join(", ", policies.Policies.Select(one => one.Name))}; claims in {claims.Place}");
        OutageTolerance tolerance = new(session.Context.Time, session.Terminal.NoAnswer);
        for (bool isFirst = true; ; isFirst = false)
        {
            ScalingTargets found = new([], []);
            await tolerance.TryAsync(async () => found = await RoundAsync(cancellationToken));
            // With one policy that can be applied it begins: what is wrong with another does not keep it from that.
            if (isFirst && found is { Targets.Count: 0, Problems.Count: > 0 }) return session.Context.Refuse(found.Problems);
            // An environment that is replaced meanwhile is there again later.
            foreach (Problem problem in found.Problems) Say(problem);
            await Task.Delay(interval, session.Context.Time, cancellationToken);
        }
    });

    private async Task<ScalingTargets> RoundAsync(CancellationToken cancellationToken)
    {
        _hasFailed = false;
        ScalingTargets found = await ScalingTarget.FindAsync(session.Batch, policies.Policies, cancellationToken);
        foreach (ScalingTarget target in found.Targets.Where(IsOurs))
        {
            ScalingDecision decision = await DecideAsync(target, cancellationToken);
            foreach (Warn warning in decision.Actions.OfType<Warn>())
            {
                if (_said.Add($"{warning.Subject} {warning.Step} {warning.Reason}"))
                    session.Terminal.Warnings([Unchanged(warning, decision.Seen)]);
            }
            if (decision.Actions.Any(action => action is not Warn)) await scaler.MarkAsync(target, cancellationToken);
            foreach (ScalingOutcome outcome in await scaler.ActAsync(decision, cancellationToken))
                Report(decision, outcome.Action, outcome.Result);
        }
        return found;
    }

    // An environment that another host scales is reported and left alone.
    private bool IsOurs(ScalingTarget target)
    {
        if (scaler.RefusalOf(target) is not { } refusal) return true;
        Say(refusal);
        _hasFailed = true;
        return false;
    }

    private int Ended(IReadOnlyList<Problem> problems) =>
        problems.Count > 0 ? session.Context.Refuse(problems) : _hasFailed ? ExitCodes.Trouble : ExitCodes.Success;

    private void Report(ScalingDecision decision, PolicyAction action, ScalingResult result)
    {
        switch (result)
        {
            case ScalingResult.Changed when session.Json:
                session.Terminal.Output(
                    JsonOutput.Line(ScaledBound.Of(decision, action, ScaledBound.Changed), ScaleJson.Default.ScaledBound));
                break;
            case ScalingResult.Changed:
                session.Terminal.Output(
                    $"{RelativeTime.Whole(decision.Seen.At, session.Context.Time)}  {action.Subject}: "
                    + $"{EnvironmentScaler.ValueOf(decision.Seen, action)}: {action.Reason}");
                break;
            case ScalingResult.Held held:
                if (_said.Add(held.Claim.Token))
                    session.Terminal.Note($"{action.Subject}: {held.Claim.Owner} makes the change: {held.Claim.What}");
                break;
            case ScalingResult.Later:
                if (_said.Add($"{action.Subject} {action.Step} later {action.Reason}"))
                {
                    session.Terminal.Note($"{action.Subject}: {EnvironmentScaler.ValueOf(decision.Seen, action)} is left to a later round: "
                        + "Batch makes one change of an environment at a time");
                }
                break;
            case ScalingResult.Failed failed:
                _hasFailed = true;
                session.Terminal.Problems([failed.Problem]);
                break;
        }
    }

    private async Task<ScalingDecision> DecideAsync(ScalingTarget target, CancellationToken cancellationToken)
    {
        PaceReading pace = PaceReading.Unknown;
        try
        {
            pace = await _paces.OfAsync(target, cancellationToken);
        }
        catch (AwsException failure) when (!failure.MayPass)
        {
            Say(BudgetPaces.Unreadable(failure));
        }
        return await scaler.DecideAsync(target, pace, cancellationToken);
    }

    private static void AddTo(Table table, ScalingDecision decision)
    {
        EnvironmentObservation seen = decision.Seen;
        string[] now =
        [
            Number(seen.Depth), Duration.Format(TimeSpan.FromSeconds(Math.Floor(seen.OldestWait.TotalSeconds))),
            Number(seen.DesiredVCpus),
        ];
        foreach (PolicyAction action in decision.Actions)
        {
            table.Add(seen.Environment, action is Warn ? $"{action.Step} stays" : EnvironmentScaler.ValueOf(seen, action), action.Reason,
                now[0], now[1], now[2]);
        }
        if (decision.Actions.Count == 0)
        {
            table.Add(seen.Environment, "none", $"minimum {Number(seen.MinVCpus)}, maximum {Number(seen.MaxVCpus)} stay",
                now[0], now[1], now[2]);
        }
    }

    private void PrintJson(ScalingDecision decision)
    {
        foreach (PolicyAction action in decision.Actions)
        {
            string state = action is Warn ? ScaledBound.Stays : ScaledBound.Planned;
            session.Terminal.Output(JsonOutput.Line(ScaledBound.Of(decision, action, state), ScaleJson.Default.ScaledBound));
        }
    }

    private void Say(Problem problem)
    {
        if (_said.Add(problem.What)) session.Terminal.Problems([problem]);
    }

    private async Task<int> GuardAsync(Func<Task<int>> act)
    {
        try
        {
            return await act();
        }
        catch (Exception fault) when (ClaimAccess.IsFault(fault))
        {
            session.Terminal.Problems([ClaimAccess.Unusable(claims.Place, fault)]);
            return ExitCodes.Unavailable;
        }
    }

    private Problem Unchanged(Warn warning, EnvironmentObservation seen) => new()
    {
        Code = "RF8179",
        What = $"The {warning.Step} of {warning.Subject} stays as it is: {warning.Reason}",
        Cure = seen.Unpriced.Count > 0
            ? $"`refrag catalog refresh env=awsbatch env.region={session.Region}` reads types and prices; `refrag catalog show` lists them."
            : "Nothing is to be done: the next round looks again. `refrag budget` shows what the budget has left.",
    };

    private static string Number(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

using System.Globalization;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Claims;
using Refrag.Policies;

namespace Refrag.Scaling;

/// <summary>
/// Carries out what scaling policies want. Each change of a bound has a number, and the host that creates the claim of the next number
/// makes it; the claims are also the record of what was changed, when and why. A change sets a value, so making it twice does no harm: what
/// is claimed is the right to decide.
/// </summary>
/// <param name="batch">Batch.</param>
/// <param name="claims">The claims of this host, in a store for scaling alone.</param>
/// <param name="time">The clock.</param>
public sealed class EnvironmentScaler(IAwsTransport batch, ClaimBook claims, TimeProvider time)
{
    /// <summary>The tag of an environment with the place of the claims of what scales it.</summary>
    public const string PlaceTag = "refrag:scaling-claims";

    private static readonly ScalingResult s_changed = new ScalingResult.Changed();
    private static readonly ScalingResult s_later = new ScalingResult.Later();

    // The number of the last change of each bound, and when that was: by its owner's clock, and not after this host has first seen it.
    private readonly Dictionary<string, (int Number, DateTimeOffset? At)> _newest = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ScalingMemory> _memories = new(StringComparer.Ordinal);

    /// <summary>
    /// What a policy wants now. Throws <see cref="AwsException"/>, <see cref="IOException"/> or
    /// <see cref="UnauthorizedAccessException"/> where Batch or the store fails.
    /// </summary>
    /// <param name="target">The policy with its environment.</param>
    /// <param name="pace">What is left of its budget.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ScalingDecision> DecideAsync(ScalingTarget target, PaceReading pace, CancellationToken cancellationToken)
    {
        EnvironmentObservation seen = await target.ObserveAsync(batch, time.GetUtcNow(), pace, cancellationToken);
        ScalingMemory memory = _memories.GetValueOrDefault(target.Name) ?? new ScalingMemory();
        memory = memory with
        {
            MinimumChangedAt = await NewestAsync(target, ScalingPolicy.Minimum, seen.At, cancellationToken),
            MaximumChangedAt = await NewestAsync(target, ScalingPolicy.Maximum, seen.At, cancellationToken),
            DelayChangedAt = target.Policy.ScaleDownDelayMinutes is null ? null
                : await NewestAsync(target, ScalingPolicy.ScaleDownDelay, seen.At, cancellationToken),
        };
        _memories[target.Name] = memory = memory.Seeing(target.Policy, seen);
        int changes = _newest.Where(one => one.Key.StartsWith(Prefix(target), StringComparison.Ordinal)).Sum(one => one.Value.Number);
        return new ScalingDecision(target, seen, ScalingPolicy.Decide(target.Policy, seen, memory, changes + 1));
    }

    /// <summary>Why this host may not scale an environment; null if it may.</summary>
    /// <param name="target">The policy with its environment, as it was read in this round.</param>
    public Problem? RefusalOf(ScalingTarget target) => PlaceOf(target) is { } place && place != claims.Place
        ? ScalingProblems.OtherClaims(target, place, claims.Place)
        : null;

    /// <summary>Puts the place of the claims on an environment that is about to be changed, if it has none.</summary>
    /// <param name="target">The policy with its environment, as it was read in this round.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task MarkAsync(ScalingTarget target, CancellationToken cancellationToken)
    {
        if (PlaceOf(target) is not null) return;
        Dictionary<string, string> mark = new(StringComparer.Ordinal) { [PlaceTag] = claims.Place };
        try
        {
            await batch.SendAsync(
                BatchOperations.TagResource,
                new TagResourceRequest { ResourceArn = target.Environment.ComputeEnvironmentArn, Tags = mark }, cancellationToken);
        }
        catch (AwsException failure) when (!failure.MayPass)
        {
            // A host without the right to tag: it scales without the mark.
        }
    }

    /// <summary>
    /// Makes the changes that no other host makes. Batch refuses a change while it carries out another one, so the bounds go into one
    /// request, and what is not in it is left to a later round, without a claim.
    /// </summary>
    /// <param name="decision">The decision.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What became of each change, in their order; a <see cref="Warn"/> is none.</returns>
    public async Task<IReadOnlyList<ScalingOutcome>> ActAsync(ScalingDecision decision, CancellationToken cancellationToken)
    {
        PolicyAction[] changes = [.. decision.Actions.Where(action => action is not Warn)];
        PolicyAction[] bounds = decision.Target.IsBusy ? [] : [.. changes.Where(action => action is SetMinimum or SetMaximum)];
        PolicyAction[] together = decision.Target.IsBusy || bounds.Length > 0 ? bounds : changes;
        Dictionary<PolicyAction, ScalingResult> results = [];
        List<(PolicyAction Action, ClaimState.Taken Taken)> mine = [];
        foreach (PolicyAction action in together)
        {
            ClaimState state = await ClaimAsync(decision, action, cancellationToken);
            if (state is ClaimState.Taken { Before: null } taken)
            {
                mine.Add((action, taken));
                continue;
            }
            results[action] = HeldBy(state);
            // The other host sends its request now.
            break;
        }
        if (mine.Count > 0)
        {
            PolicyAction[] sent = [.. mine.Select(one => one.Action)];
            foreach ((PolicyAction action, ScalingResult result) in sent.Zip(
                await SendAsync(decision.Target, sent, mine[0].Taken, cancellationToken))) results[action] = result;
        }
        return [.. changes.Select(action => new ScalingOutcome(action, results.GetValueOrDefault(action, s_later)))];
    }

    private async Task<ClaimState> ClaimAsync(ScalingDecision decision, PolicyAction action, CancellationToken cancellationToken)
    {
        string series = SeriesOf(decision.Target, action.Step);
        string subject = ClaimBook.Numbered(series, _newest[series].Number + 1);
        string what = string.Create(CultureInfo.InvariantCulture, $"{ValueOf(decision.Seen, action)}: {action.Reason}; {decision.Seen}");
        return await claims.TakeAsync(action.Id, subject, action.Attempt, what, cancellationToken);
    }

    private static ScalingResult.Held HeldBy(ClaimState state) => state switch
    {
        ClaimState.Taken taken => new ScalingResult.Held(taken.Claim),
        ClaimState.Held held => new ScalingResult.Held(held.Claim),
        _ => throw new InvalidOperationException($"There is no rule for {state.GetType().Name}."),
    };

    /// <summary>A change in words: <c>minimum 0 → 32</c>.</summary>
    public static string ValueOf(EnvironmentObservation seen, PolicyAction action) => action switch
    {
        SetMinimum set => string.Create(CultureInfo.InvariantCulture, $"minimum {seen.MinVCpus} → {set.VCpus}"),
        SetMaximum set => string.Create(CultureInfo.InvariantCulture, $"maximum {seen.MaxVCpus} → {set.VCpus}"),
        SetScaleDownDelay set => string.Create(
            CultureInfo.InvariantCulture, $"scale-down delay {seen.ScaleDownDelayMinutes ?? 0} → {set.Minutes} min"),
        _ => action.Step,
    };

    // One request with all of them; a result for each.
    private async Task<IReadOnlyList<ScalingResult>> SendAsync(
        ScalingTarget target, PolicyAction[] actions, ClaimState.Taken first, CancellationToken cancellationToken)
    {
        ScalingResult[] All(ScalingResult result) => [.. actions.Select(_ => result)];
        // In the second half of a lease nothing is begun: another host may have decided by then.
        TimeSpan left = (first.Claim.Lease / 2) - time.GetElapsedTime(first.Began);
        if (left <= TimeSpan.Zero) return All(new ScalingResult.Held(first.Claim));
        using CancellationTokenSource limit = new(left, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await batch.SendAsync(
                BatchOperations.UpdateComputeEnvironment,
                new UpdateComputeEnvironmentRequest { ComputeEnvironment = target.Name, ComputeResources = UpdateOf(actions) }, both.Token);
            return All(s_changed);
        }
        catch (AwsConnectionException lost) when (lost.AnswerLost)
        {
            ComputeResource now = await target.ReadAsync(batch, cancellationToken);
            return [.. actions.Select(action => IsMade(now, action) ? s_changed : new ScalingResult.Failed(lost.Problem))];
        }
        catch (AwsException failure)
        {
            return All(new ScalingResult.Failed(failure.Problem));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Whether it was made is seen in the next round.
            return All(new ScalingResult.Held(first.Claim));
        }
    }

    private static ComputeResourceUpdate UpdateOf(IEnumerable<PolicyAction> actions) =>
        actions.Aggregate(new ComputeResourceUpdate(), (update, action) => action switch
        {
            SetMinimum set => update with { MinvCpus = set.VCpus },
            SetMaximum set => update with { MaxvCpus = set.VCpus },
            SetScaleDownDelay set => update with
            {
                ScalingPolicy = new ComputeScalingPolicy { MinScaleDownDelayMinutes = set.Minutes },
            },
            _ => throw new InvalidOperationException($"There is no update for {action.GetType().Name}."),
        });

    private static bool IsMade(ComputeResource now, PolicyAction action) => action switch
    {
        SetMinimum set => now.MinvCpus == set.VCpus,
        SetMaximum set => now.MaxvCpus == set.VCpus,
        SetScaleDownDelay set => now.ScalingPolicy?.MinScaleDownDelayMinutes == set.Minutes,
        _ => false,
    };

    private async Task<DateTimeOffset?> NewestAsync(
        ScalingTarget target, string step, DateTimeOffset now, CancellationToken cancellationToken)
    {
        string series = SeriesOf(target, step);
        (int Number, DateTimeOffset? At) known = _newest.GetValueOrDefault(series);
        (int number, Claim? claim) = await claims.NewestAsync(series, known.Number, cancellationToken);
        if (number > known.Number) known = (number, claim is { MadeAt: var made } && made < now ? made : now);
        _newest[series] = known;
        return known.At;
    }

    private static string? PlaceOf(ScalingTarget target) => target.Environment.Tags?.GetValueOrDefault(PlaceTag);

    private static string SeriesOf(ScalingTarget target, string step) => $"{Prefix(target)}{step}";

    // arn:aws:batch:REGION:ACCOUNT:compute-environment/NAME
    private static string Prefix(ScalingTarget target)
    {
        string[] parts = target.Environment.ComputeEnvironmentArn.Split(':');
        return $"scale-{parts[3]}-{parts[4]}-{target.Name}-";
    }
}

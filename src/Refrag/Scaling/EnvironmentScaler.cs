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

    // The number of the last change of each bound, and when that was: by its owner's clock, and not after this host has first seen it.
    private readonly Dictionary<string, (int Number, DateTimeOffset? At)> _newest = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ScalingMemory> _memories = new(StringComparer.Ordinal);

    /// <summary>
    /// What a policy wants now. Throws <see cref="AwsException"/>, <see cref="IOException"/> or
    /// <see cref="UnauthorizedAccessException"/> where Batch or the store fails.
    /// </summary>
    /// <param name="target">The policy with its environment.</param>
    /// <param name="pace">What is left of its budget; null if that is not known.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ScalingDecision> DecideAsync(ScalingTarget target, BudgetPace? pace, CancellationToken cancellationToken)
    {
        EnvironmentObservation seen = await target.ObserveAsync(batch, time.GetUtcNow(), pace, cancellationToken);
        ScalingMemory memory = _memories.GetValueOrDefault(target.Name) ?? new ScalingMemory();
        memory = memory with
        {
            MinimumChangedAt = await NewestAsync(target, ScalingPolicy.Minimum, seen.At, cancellationToken),
            MaximumChangedAt = await NewestAsync(target, ScalingPolicy.Maximum, seen.At, cancellationToken),
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

    /// <summary>Makes one change, unless another host makes it.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="action">One of its actions.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ScalingResult> ActAsync(ScalingDecision decision, PolicyAction action, CancellationToken cancellationToken)
    {
        string series = SeriesOf(decision.Target, action.Step);
        if (!_newest.ContainsKey(series)) await NewestAsync(decision.Target, action.Step, decision.Seen.At, cancellationToken);
        string subject = ClaimBook.Numbered(series, _newest[series].Number + 1);
        string what = string.Create(CultureInfo.InvariantCulture, $"{ValueOf(decision.Seen, action)}: {action.Reason}; {decision.Seen}");
        switch (await claims.TakeAsync(action.Id, subject, action.Attempt, what, cancellationToken))
        {
            case ClaimState.Taken { Before: null } taken:
                return await SendAsync(decision.Target, action, taken, cancellationToken);
            case ClaimState.Taken { Claim: var claim }:
                return new ScalingResult.Held(claim);
            case ClaimState.Held held:
                return new ScalingResult.Held(held.Claim);
            case var other:
                throw new InvalidOperationException($"There is no rule for {other.GetType().Name}.");
        }
    }

    /// <summary>A change in words: <c>minimum 0 → 32</c>.</summary>
    public static string ValueOf(EnvironmentObservation seen, PolicyAction action) => action switch
    {
        SetMinimum set => string.Create(CultureInfo.InvariantCulture, $"minimum {seen.MinVCpus} → {set.VCpus}"),
        SetMaximum set => string.Create(CultureInfo.InvariantCulture, $"maximum {seen.MaxVCpus} → {set.VCpus}"),
        SetScaleDownDelay set => string.Create(
            CultureInfo.InvariantCulture, $"scale-down delay {seen.ScaleDownDelayMinutes ?? 0} → {set.Minutes} min"),
        _ => action.Step,
    };

    private async Task<ScalingResult> SendAsync(
        ScalingTarget target, PolicyAction action, ClaimState.Taken taken, CancellationToken cancellationToken)
    {
        // In the second half of a lease nothing is begun: another host may have decided by then.
        using CancellationTokenSource limit = new(taken.Claim.Lease / 2, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await batch.SendAsync(
                BatchOperations.UpdateComputeEnvironment,
                new UpdateComputeEnvironmentRequest { ComputeEnvironment = target.Name, ComputeResources = UpdateOf(action) }, both.Token);
            return s_changed;
        }
        catch (AwsConnectionException lost) when (lost.AnswerLost)
        {
            ComputeResource now = await target.ReadAsync(batch, cancellationToken);
            return IsMade(now, action) ? s_changed : new ScalingResult.Failed(lost.Problem);
        }
        catch (AwsException failure)
        {
            return new ScalingResult.Failed(failure.Problem);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Whether it was made is seen in the next round.
            return new ScalingResult.Held(taken.Claim);
        }
    }

    private static ComputeResourceUpdate UpdateOf(PolicyAction action) => action switch
    {
        SetMinimum set => new ComputeResourceUpdate { MinvCpus = set.VCpus },
        SetMaximum set => new ComputeResourceUpdate { MaxvCpus = set.VCpus },
        SetScaleDownDelay set => new ComputeResourceUpdate
        {
            ScalingPolicy = new ComputeScalingPolicy { MinScaleDownDelayMinutes = set.Minutes },
        },
        _ => throw new InvalidOperationException($"There is no update for {action.GetType().Name}."),
    };

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

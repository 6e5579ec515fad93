using Refrag.Aws.Batch;
using Refrag.Engine.Names;
using Refrag.Engine.Resources;
using Refrag.Engine.State;

namespace Refrag.Engine.Operations.SchedulingPolicies;

/// <summary>Create, Update, Delete, DescribeSchedulingPolicies and ListSchedulingPolicies.</summary>
internal static class SchedulingPolicyOperations
{
    private const string Kind = "scheduling policy";

    public static CreateSchedulingPolicyResponse Create(EngineState state, CreateSchedulingPolicyRequest request)
    {
        ResourceRules.CheckNew(state.SchedulingPolicies, Kind, request.Name, EngineLimits.SchedulingPolicies);
        if (request.QuotaSharePolicy is not null && request.FairsharePolicy is not null)
            throw new Refusal("Only one of fairsharePolicy and quotaSharePolicy can be set.");
        Check(request.FairsharePolicy);
        var created = new SchedulingPolicyDetail
        {
            Name = request.Name,
            Arn = state.Arns.SchedulingPolicy(request.Name),
            QuotaSharePolicy = request.QuotaSharePolicy,
            FairsharePolicy = request.QuotaSharePolicy is null ? WithDefaults(request.FairsharePolicy) : null,
            Tags = ResourceRules.Tags(request.Tags),
        };
        state.SchedulingPolicies.Put(created);
        return new CreateSchedulingPolicyResponse { Name = created.Name, Arn = created.Arn };
    }

    public static UpdateSchedulingPolicyResponse Update(EngineState state, UpdateSchedulingPolicyRequest request)
    {
        SchedulingPolicyDetail before = ResourceRules.Existing(state.SchedulingPolicies, Kind, request.Arn);
        if (request.FairsharePolicy is not null && before.QuotaSharePolicy is not null)
            throw new Refusal("A quota share policy cannot become a fair-share policy. Make another.");
        if (request.QuotaSharePolicy is not null && before.FairsharePolicy is not null)
            throw new Refusal("A fair-share policy cannot become a quota share policy. Make another.");
        Check(request.FairsharePolicy);
        state.SchedulingPolicies.Put(before with
        {
            QuotaSharePolicy = request.QuotaSharePolicy ?? before.QuotaSharePolicy,
            FairsharePolicy = request.FairsharePolicy is { } fair ? WithDefaults(fair) : before.FairsharePolicy,
        });
        return new UpdateSchedulingPolicyResponse();
    }

    public static DeleteSchedulingPolicyResponse Delete(EngineState state, DeleteSchedulingPolicyRequest request)
    {
        if (state.SchedulingPolicies.Find(request.Arn) is not { } found) return new DeleteSchedulingPolicyResponse();
        if (state.JobQueues.All.FirstOrDefault(queue => queue.SchedulingPolicyArn == found.Arn) is { } queue)
            throw new Refusal($"Cannot delete, found existing JobQueue relationship: {queue.JobQueueName} uses the scheduling policy.");
        state.SchedulingPolicies.Remove(found);
        return new DeleteSchedulingPolicyResponse();
    }

    public static DescribeSchedulingPoliciesResponse Describe(EngineState state, DescribeSchedulingPoliciesRequest request) =>
        new()
        {
            SchedulingPolicies = [.. request.Arns
            .Distinct().Select(arn => state.SchedulingPolicies.Find(arn)).OfType<SchedulingPolicyDetail>()]
        };

    public static ListSchedulingPoliciesResponse List(EngineState state, ListSchedulingPoliciesRequest request)
    {
        var (page, next) =
            Page.Of(state.SchedulingPolicies.All, one => one.Name, "ListSchedulingPolicies", request.NextToken, request.MaxResults);
        return new ListSchedulingPoliciesResponse
        {
            SchedulingPolicies = [.. page.Select(one => new SchedulingPolicyListingDetail { Arn = one.Arn })],
            NextToken = next,
        };
    }

    private static FairsharePolicy WithDefaults(FairsharePolicy? policy) => new()
    {
        ShareDecaySeconds = policy?.ShareDecaySeconds ?? 0,
        ComputeReservation = policy?.ComputeReservation ?? 0,
        ShareDistribution = [.. (policy?.ShareDistribution ?? []).Select(share => share with { WeightFactor = share.WeightFactor ?? 1 })],
    };

    // Two entries that both describe one share would say two things of it. (API ShareAttributes.shareIdentifier)
    private static void Check(FairsharePolicy? policy)
    {
        IReadOnlyList<string> names = [.. (policy?.ShareDistribution ?? []).Select(share => share.ShareIdentifier)];
        if (names.Count > BatchLimits.FairShares)
            throw new Refusal($"{names.Count} shares are too many for one policy. Give at most {BatchLimits.FairShares}.");
        foreach (string prefix in names.Where(name => name.EndsWith('*')).Select(name => name[..^1]))
        {
            if (names.FirstOrDefault(name => name != $"{prefix}*" && name.StartsWith(prefix, StringComparison.Ordinal)) is { } other)
                throw new Refusal($"The share identifiers {prefix}* and {other} overlap. Each share must be described once.");
        }
        if (names.Distinct(StringComparer.Ordinal).Count() < names.Count)
            throw new Refusal("A share identifier is given twice. Each share must be described once.");
    }
}

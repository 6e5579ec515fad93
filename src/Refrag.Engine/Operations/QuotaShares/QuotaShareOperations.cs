using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Names;
using Refrag.Engine.Operations.Jobs;
using Refrag.Engine.Resources;
using Refrag.Engine.State;

namespace Refrag.Engine.Operations.QuotaShares;

/// <summary>Create, Update, Delete, DescribeQuotaShare and ListQuotaShares.</summary>
/// <param name="state">The engine's state.</param>
/// <param name="ending">Ends the jobs of a share that is deleted.</param>
/// <param name="goOn">Finishes in the next step what a request has begun.</param>
internal sealed class QuotaShareOperations(EngineState state, Ending ending, Action goOn)
{
    private const string Kind = "quota share";
    private const int Unlimited = -1;

    // UG quota-shares.
    private const int MostShares = BatchLimits.QuotaShares;
    private const int MostLimits = 5;

    public CreateQuotaShareResponse Create(CreateQuotaShareRequest request)
    {
        JobQueueDetail queue = ResourceRules.Existing(state.JobQueues, "job queue", request.JobQueue);
        if (queue.Status is not (JQStatus.Valid or JQStatus.Updating)) throw new Refusal($"The job queue {queue.JobQueueName} is not VALID but {queue.Status}. Wait until it is.");
        if (state.PolicyOf(queue)?.QuotaSharePolicy is null) throw new Refusal($"The job queue {queue.JobQueueName} has no quota share scheduling policy. Use a queue that has one.");
        ResourceRules.CheckNew(state.QuotaShares, Kind, request.QuotaShareName, MostShares * BatchLimits.JobQueues, $"{queue.JobQueueName}/{request.QuotaShareName}");
        if (state.QuotaShares.All.Count(one => one.JobQueueArn == queue.JobQueueArn) >= MostShares) throw new Refusal($"The job queue {queue.JobQueueName} has {MostShares} quota shares, the most that a queue can have. Delete one first.");
        Check(request.CapacityLimits);
        var created = new DescribeQuotaShareResponse
        {
            QuotaShareName = request.QuotaShareName,
            QuotaShareArn = LocalArn.QuotaShare(queue.JobQueueName, request.QuotaShareName),
            JobQueueArn = queue.JobQueueArn,
            CapacityLimits = request.CapacityLimits,
            ResourceSharingConfiguration = Sharing(request.ResourceSharingConfiguration),
            PreemptionConfiguration = request.PreemptionConfiguration,
            State = request.State ?? QuotaShareState.Enabled,
            Status = QuotaShareStatus.Creating,
            Tags = ResourceRules.Tags(request.Tags),
        };
        state.QuotaShares.Put(created);
        goOn();
        return new CreateQuotaShareResponse { QuotaShareName = created.QuotaShareName, QuotaShareArn = created.QuotaShareArn };
    }

    public UpdateQuotaShareResponse Update(UpdateQuotaShareRequest request)
    {
        DescribeQuotaShareResponse before = Existing(request.QuotaShareArn);
        ResourceRules.CheckChangeable(before.QuotaShareName!, before.Status);
        if (state.JobQueues.Find(before.JobQueueArn!) is { } queue) ResourceRules.CheckChangeable(queue.JobQueueName, queue.Status);
        if (request.CapacityLimits is { } limits) Check(limits);
        state.QuotaShares.Put(before with
        {
            CapacityLimits = request.CapacityLimits ?? before.CapacityLimits,
            ResourceSharingConfiguration = request.ResourceSharingConfiguration is { } sharing ? Sharing(sharing) : before.ResourceSharingConfiguration,
            PreemptionConfiguration = request.PreemptionConfiguration ?? before.PreemptionConfiguration,
            State = request.State ?? before.State,
            Status = QuotaShareStatus.Updating,
        });
        goOn();
        return new UpdateQuotaShareResponse { QuotaShareName = before.QuotaShareName, QuotaShareArn = before.QuotaShareArn };
    }

    public DeleteQuotaShareResponse Delete(DeleteQuotaShareRequest request)
    {
        if (state.QuotaShares.Find(request.QuotaShareArn) is not { } found) return new DeleteQuotaShareResponse();
        if (found.State != QuotaShareState.Disabled) throw new Refusal("Cannot delete, quota share must be DISABLED. Set its state with UpdateQuotaShare first.");
        string queue = LocalArn.NameOf(found.JobQueueArn!);
        foreach (Job job in state.Jobs.Submissions.Alive(queue).Where(job => job.Plan.Service?.QuotaShareName == found.QuotaShareName).ToList())
            ending.Terminate(job, "The quota share was deleted");
        state.QuotaShares.Put(found with { Status = QuotaShareStatus.Deleting });
        goOn();
        return new DeleteQuotaShareResponse();
    }

    public DescribeQuotaShareResponse Describe(DescribeQuotaShareRequest request) => Existing(request.QuotaShareArn);

    public ListQuotaSharesResponse List(ListQuotaSharesRequest request)
    {
        JobQueueDetail queue = ResourceRules.Existing(state.JobQueues, "job queue", request.JobQueue);
        var (page, next) = Page.Of(
            state.QuotaShares.All.Where(one => one.JobQueueArn == queue.JobQueueArn), one => LocalArn.Parse(one.QuotaShareArn!)!.Value.Name,
            $"ListQuotaShares {queue.JobQueueName}", request.NextToken, request.MaxResults);
        return new ListQuotaSharesResponse { QuotaShares = [.. page.Select(Detail)], NextToken = next };
    }

    private DescribeQuotaShareResponse Existing(string arn) => state.QuotaShares.Find(arn) ?? throw new Refusal($"{Kind} {arn} does not exist.");

    private static QuotaShareDetail Detail(DescribeQuotaShareResponse one) => new()
    {
        QuotaShareName = one.QuotaShareName,
        QuotaShareArn = one.QuotaShareArn,
        JobQueueArn = one.JobQueueArn,
        CapacityLimits = one.CapacityLimits,
        ResourceSharingConfiguration = one.ResourceSharingConfiguration,
        PreemptionConfiguration = one.PreemptionConfiguration,
        State = one.State,
        Status = one.Status,
    };

    private static QuotaShareResourceSharingConfiguration Sharing(QuotaShareResourceSharingConfiguration sharing)
    {
        bool borrows = sharing.Strategy == QuotaShareResourceSharingStrategy.LendAndBorrow;
        if (sharing.BorrowLimit is not null && !borrows) throw new Refusal("borrowLimit goes with the strategy LEND_AND_BORROW only. Leave it out.");
        if (sharing.BorrowLimit < Unlimited) throw new Refusal("borrowLimit must be a percentage of 0 or more, or -1 for no limit.");
        return borrows ? sharing with { BorrowLimit = sharing.BorrowLimit ?? Unlimited } : sharing;
    }

    private static void Check(IReadOnlyList<QuotaShareCapacityLimit> limits)
    {
        if (limits.Count == 0) throw new Refusal("capacityLimits must not be empty. Give at least one limit.");
        if (limits.Count > MostLimits) throw new Refusal($"{limits.Count} capacity limits are too many for one quota share. Give at most {MostLimits}.");
        if (limits.Any(limit => limit.MaxCapacity is null or < 0)) throw new Refusal("Each capacity limit needs a maxCapacity of 0 or more.");
        if (limits.Select(limit => limit.CapacityUnit).Distinct().Count() < limits.Count) throw new Refusal("capacityLimits names a capacityUnit twice.");
    }
}

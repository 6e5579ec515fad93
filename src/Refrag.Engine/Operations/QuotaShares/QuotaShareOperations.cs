using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Names;
using Refrag.Engine.Resources;
using Refrag.Engine.State;

namespace Refrag.Engine.Operations.QuotaShares;

/// <summary>Create, Update, Delete, DescribeQuotaShare and ListQuotaShares.</summary>
/// <param name="state">The engine's state.</param>
/// <param name="termination">Ends the jobs of a share that is deleted.</param>
/// <param name="advance">Finishes in the next step what a request has begun.</param>
internal sealed class QuotaShareOperations(EngineState state, JobTermination termination, Action advance)
{
    private const string Words = "quota share";
    private const int Unlimited = -1;

    // UG quota-shares.

    private static readonly ResourceTraits<DescribeQuotaShareResponse> s_traits = new(
        ResourceKinds.QuotaShare, Words, one => LocalArn.Parse(one.QuotaShareArn!)!.Value.Name, one => one.State, one => one.Status,
        one => one with { Status = QuotaShareStatus.Deleting });


    private readonly ResourceOperations<DescribeQuotaShareResponse> _resources = new(state, state.QuotaShares, s_traits, advance);

    public CreateQuotaShareResponse Create(CreateQuotaShareRequest request)
    {
        JobQueueDetail queue = ResourceRules.Existing(state.JobQueues, "job queue", request.JobQueue);
        if (queue.Status is not (JQStatus.Valid or JQStatus.Updating))
            throw new Refusal($"The job queue {queue.JobQueueName} is not VALID but {queue.Status}. Wait until it is.");
        if (state.PolicyOf(queue)?.QuotaSharePolicy is null)
            throw new Refusal($"The job queue {queue.JobQueueName} has no quota share scheduling policy. Use a queue that has one.");
        string name = request.QuotaShareName;
        DescribeQuotaShareResponse created = _resources.Create(
            name, BatchLimits.QuotaShares * BatchLimits.JobQueues, () => Made(request, queue), $"{queue.JobQueueName}/{name}");
        return new CreateQuotaShareResponse { QuotaShareName = created.QuotaShareName, QuotaShareArn = created.QuotaShareArn };
    }

    public UpdateQuotaShareResponse Update(UpdateQuotaShareRequest request)
    {
        DescribeQuotaShareResponse after = _resources.Update(request.QuotaShareArn, before => Changed(before, request));
        return new UpdateQuotaShareResponse { QuotaShareName = after.QuotaShareName, QuotaShareArn = after.QuotaShareArn };
    }

    public DeleteQuotaShareResponse Delete(DeleteQuotaShareRequest request)
    {
        if (_resources.Delete(request.QuotaShareArn) is { } deleted)
        {
            IEnumerable<Job> jobs = state.Jobs.Submissions.Alive(LocalArn.NameOf(deleted.JobQueueArn!));
            foreach (Job job in jobs.Where(job => job.Plan.Service?.QuotaShareName == deleted.QuotaShareName).ToList())
                termination.Terminate(job, "The quota share was deleted");
        }
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

    private DescribeQuotaShareResponse Made(CreateQuotaShareRequest request, JobQueueDetail queue)
    {
        if (state.QuotaShares.All.Count(one => one.JobQueueArn == queue.JobQueueArn) >= BatchLimits.QuotaShares)
            throw new Refusal(
                $"The job queue {queue.JobQueueName} has {BatchLimits.QuotaShares} quota shares, the most that a queue can have. Delete "
                    + "one first.");
        Check(request.CapacityLimits);
        return new DescribeQuotaShareResponse
        {
            QuotaShareName = request.QuotaShareName,
            QuotaShareArn = state.Arns.QuotaShare(queue.JobQueueName, request.QuotaShareName),
            JobQueueArn = queue.JobQueueArn,
            CapacityLimits = request.CapacityLimits,
            ResourceSharingConfiguration = Sharing(request.ResourceSharingConfiguration),
            PreemptionConfiguration = request.PreemptionConfiguration,
            State = request.State ?? QuotaShareState.Enabled,
            Status = QuotaShareStatus.Creating,
            Tags = ResourceRules.Tags(request.Tags),
        };
    }

    private DescribeQuotaShareResponse Changed(DescribeQuotaShareResponse before, UpdateQuotaShareRequest request)
    {
        if (state.JobQueues.Find(before.JobQueueArn!) is { } queue) ResourceRules.CheckChangeable(queue.JobQueueName, queue.Status);
        if (request.CapacityLimits is { } limits) Check(limits);
        return before with
        {
            CapacityLimits = request.CapacityLimits ?? before.CapacityLimits,
            ResourceSharingConfiguration = request.ResourceSharingConfiguration is { } sharing
                ? Sharing(sharing)
                : before.ResourceSharingConfiguration,
            PreemptionConfiguration = request.PreemptionConfiguration ?? before.PreemptionConfiguration,
            State = request.State ?? before.State,
            Status = QuotaShareStatus.Updating,
        };
    }

    private DescribeQuotaShareResponse Existing(string arn) =>
        state.QuotaShares.Find(arn) ?? throw new Refusal($"{Words} {arn} does not exist.");

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
        if (sharing.BorrowLimit is not null && !borrows)
            throw new Refusal("borrowLimit goes with the strategy LEND_AND_BORROW only. Leave it out.");
        if (sharing.BorrowLimit < Unlimited) throw new Refusal("borrowLimit must be a percentage of 0 or more, or -1 for no limit.");
        return borrows ? sharing with { BorrowLimit = sharing.BorrowLimit ?? Unlimited } : sharing;
    }

    private static void Check(IReadOnlyList<QuotaShareCapacityLimit> limits)
    {
        if (limits.Count == 0) throw new Refusal("capacityLimits must not be empty. Give at least one limit.");
        if (limits.Count > BatchLimits.QuotaShareLimits)
            throw new Refusal(
                $"{limits.Count} capacity limits are too many for one quota share. Give at most {BatchLimits.QuotaShareLimits}.");
        if (limits.Any(limit => limit.MaxCapacity is null or < 0))
            throw new Refusal("Each capacity limit needs a maxCapacity of 0 or more.");
        if (limits.Select(limit => limit.CapacityUnit).Distinct().Count() < limits.Count)
            throw new Refusal("capacityLimits names a capacityUnit twice.");
    }
}

using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Policies;
using Refrag.Submission;
using Refrag.Targeting;

namespace Refrag.Tests.Policies;

public sealed class JobPolicyTests
{
    private static readonly JobSpec s_spec = Specs.Command() with
    {
        Retries = 4,
        Tags = new Dictionary<string, string> { [JobPolicy.OnDemandQueueTag] = "mine" },
        Capacity = new CapacityChoice
        {
            Spot = SpotUse.First,
            SpotAttempts = 2,
            OnDemand = new("on-demand", null),
            Claims = "s3://bucket/claims",
        },
    };

    [Fact]
    public void Read_TagsOfAPlan_IsThePolicyThatThePlanDeclares()
    {
        LaunchPlan plan = Plan(s_spec);

        Assert.Equal(new JobPolicy(2, "on-demand", "s3://bucket/claims"), JobPolicy.Read(plan.Submit.Tags));
        // Batch itself retries on Spot as often as hosts may be lost there.
        Assert.Equal(2, plan.Submit.RetryStrategy!.Attempts);
    }

    [Fact]
    public void Read_SpotOnlyAndJobsWithoutAWord_DeclareNothing()
    {
        Assert.Null(JobPolicy.Read(Plan(s_spec with { Capacity = s_spec.Capacity with { Spot = SpotUse.Only } }).Submit.Tags));
        LaunchPlan plain = Plan(Specs.Command() with { Retries = 4 });
        Assert.Null(JobPolicy.Read(plain.Submit.Tags));
        Assert.Equal(5, plain.Submit.RetryStrategy!.Attempts);
        Assert.Null(JobPolicy.Read(null));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("11")]
    [InlineData("two")]
    public void Read_NumberThatRefragDoesNotWrite_IsNoPolicy(string attempts) => Assert.Null(JobPolicy.Read(
        new Dictionary<string, string> { [JobPolicy.SpotAttemptsTag] = attempts, [JobPolicy.OnDemandQueueTag] = "on-demand" }));

    private static LaunchPlan Plan(JobSpec spec) => LaunchPlanner.Plan(
        spec, TargetChooser.Choose(spec), new Submitter("ann", new SubmissionId("x"))).Value;
}

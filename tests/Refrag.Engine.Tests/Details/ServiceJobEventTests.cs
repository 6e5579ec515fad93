using System.Text.Json.Nodes;
using Refrag.Aws.Batch;
using Refrag.Aws.Events;
using Refrag.Engine.Tests.Placement;

namespace Refrag.Engine.Tests.Details;

/// <summary>Events of service jobs.</summary>
public sealed class ServiceJobEventTests : QuotaShareTest
{
    private const string Reason = "Cross-share preemption triggered to reclaim borrowed capacity";

    [Fact]
    public async Task Preemption_OfABorrower_IsReportedWhenItStartsAndWhenItIsDone()
    {
        (string borrowed, _) = await Preempt();
        string arn = (await Describe(borrowed)).JobArn!;
        Assert.Equal($"arn:aws:batch:us-east-1:000000000000:service-job/{borrowed}", arn);
        ServiceJobPreemption[] raised = [.. Events.Taken.OfType<ServiceJobPreemption>()];
        Assert.Equal(
            ["Batch Service Job Preemption Started", "Batch Service Job Preemption Completed"], raised.Select(one => one.DetailType));
        Assert.All(raised, one => Assert.Equal((arn, arn), (one.PreemptedJobArn, Assert.Single(one.Resources))));

        Assert.Equal($$"""{"statusReason":"PREEMPTION_IN_PROGRESS: {{Reason}}","preemptedJobArn":"{{arn}}","status":"RUNNING"}""",
            Detail(raised[0]).ToJsonString());
        JsonObject completed = Detail(raised[1]);
        Assert.Equal(["preemptedJobArn", "preemptionSummary", "status"], completed.Select(one => one.Key));
        Assert.Equal(ServiceJobStatus.Runnable, (string?)completed["status"]);
        Assert.Equal(1, (int)completed["preemptionSummary"]!["preemptedAttemptCount"]!);
        JsonNode attempt = Assert.Single(completed["preemptionSummary"]!["recentPreemptedAttempts"]!.AsArray())!;
        Assert.Equal((Reason, "TrainingJobArn"), ((string?)attempt["statusReason"], (string?)attempt["serviceResourceId"]!["name"]));
        Assert.True((long)attempt["startedAt"]! <= (long)attempt["stoppedAt"]!);
    }

    [Fact]
    public async Task Preemption_OnceTooOften_IsReportedWithTheFailure()
    {
        (string borrowed, _) = await Preempt(retries: 0);
        Assert.Equal(ServiceJobStatus.Failed, (await Describe(borrowed)).Status);
        Assert.Equal(ServiceJobStatus.Failed, Assert.Single(Events.Taken.OfType<ServiceJobPreemptionCompleted>()).Status);
    }

    [Fact]
    public async Task Status_OfAServiceJob_IsReportedAtEveryChangeWithoutTagsAndPayload()
    {
        (string borrowed, string owner) = await Preempt();
        Time.Advance(TimeSpan.FromHours(1));
        await Until(owner, ServiceJobStatus.Succeeded);
        ServiceJobStateChanged[] raised = [.. Events.Taken.OfType<ServiceJobStateChanged>().Where(one => one.Job.JobId == owner)];
        string?[] statuses = [.. raised.Select(one => one.Job.Status)];
        Assert.Equal(statuses.Distinct(), statuses);
        Assert.Equal(
            [ServiceJobStatus.Runnable, ServiceJobStatus.Scheduled, ServiceJobStatus.Starting, ServiceJobStatus.Running,
                ServiceJobStatus.Succeeded], statuses[^5..]);
        JsonObject detail = Detail(raised[^1]);
        Assert.Equal(
            ("training", "SAGEMAKER_TRAINING"), (((string?)detail["jobQueue"])!.Split('/')[^1], (string?)detail["serviceJobType"]));
        Assert.DoesNotContain(detail, one => one.Key is "tags" or "serviceRequestPayload");
        Assert.All(Events.Taken, one => Assert.IsNotType<JobEvent>(one, exactMatch: false));
        Assert.Contains(
            Events.Taken.OfType<ServiceJobStateChanged>(), one => one.Job.JobId == borrowed && one.Job.PreemptionSummary is not null);
    }

    // One share borrows all of the other's, until that wants it back.
    private async Task<(string Borrowed, string Owner)> Preempt(int? retries = null)
    {
        await MakeQueue();
        await Share("a", 4);
        await Share("b", 4);
        string borrowed = await Submit("a", 8, retries: retries);
        await Until(borrowed, ServiceJobStatus.Running);
        string owner = await Submit("b", 4);
        await Until(owner, ServiceJobStatus.Running);
        return (borrowed, owner);
    }

    private static JsonObject Detail(BatchEvent one) => JsonNode.Parse(EventBridgeJson.Write(one, Guid.Empty))!["detail"]!.AsObject();
}

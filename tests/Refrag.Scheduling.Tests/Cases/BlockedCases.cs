using Refrag.Scheduling.Deciding;
using Refrag.Scheduling.Queues;
using static Refrag.Scheduling.Tests.Worlds;

namespace Refrag.Scheduling.Tests.Cases;

internal static class BlockedCases
{
    private static readonly Amount s_one = Amount.Of(1, 1024);
    private static readonly Amount s_huge = Amount.Of(4, 900_000);

    public static SchedulingCase[] All { get; } =
    [
        new("blocked: no capacity", "UG job_stuck_in_runnable_capacity",
            "a: CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - Service cannot fulfill the capacity requested for instance type [m5.large]", () =>
            {
                Cluster cluster = New(Fleet("ce", 64, "m5.large")).With(Queue("q", "ce")).Jobs(Job("a", s_one));
                cluster.Decide(At(0));
                return cluster.Refuse(10).Blocks(10);
            }),
        new("blocked: not while another environment has capacity", "UG job_stuck_in_runnable_capacity", "", () =>
        {
            Cluster cluster = New(Fleet("ce", 64, "m5.large"), Fleet("ce2", 64, "c5.large"))
                .With(Queue("q", "ce", "ce2")).Jobs(Job("a", s_one));
            cluster.Decide(At(0));
            return cluster.Refuse(10).Blocks(10);
        }),
        new("blocked: more vCPUs than the maximum", "UG job_stuck_in_runnable_misconfiguration",
            "a: MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE - CE(s) associated with the job queue cannot meet the CPU requirement of "
                + "the job.",
            () => New(Fleet("ce", 8, "m5")).With(Queue("q", "ce")).Jobs(Job("a", Amount.Of(9, 1024))).Blocks()),
        new("blocked: larger than every instance", "UG job_stuck_in_runnable_misconfiguration",
            "a: MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - The job resource requirement (vCPU/memory/GPU) is higher than that can be met "
                + "by the CE(s) attached to the job queue.",
            () => New(Fleet("ce", 64, "m5.large")).With(Queue("q", "ce")).Jobs(Job("a", s_huge)).Blocks()),
        new("blocked: unsupported configuration", "UG job_stuck_in_runnable_misconfiguration",
            "a: MISCONFIGURATION:EC2_INSTANCE_CONFIGURATION_UNSUPPORTED - Your compute environment associated with this job queue has an "
                + "unsupported instance type configuration.",
            () => New(Fleet("ce", 64, "m5.large") with { HasUnsupportedConfiguration = true })
                .With(Queue("q", "ce")).Jobs(Job("a", s_one)).Blocks()),
        new("blocked: service role, with AWS's en dash", "UG job_stuck_in_runnable_misconfiguration",
            "a: MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS \u2013 Batch service role has a permission issue.",
            () => New(Fleet("ce", 64, "m5.large") with { HasRoleFault = true }).With(Queue("q", "ce")).Jobs(Job("a", s_one)).Blocks()),
        new("blocked: all environments INVALID", "UG job_stuck_in_runnable",
            "a: ACTION_REQUIRED - CE(s) associated with the job queue are invalid.",
            () => New(Fleet("ce", 64, "m5.large") with { IsValid = false }).With(Queue("q", "ce")).Jobs(Job("a", s_one)).Blocks()),
        new("blocked: anything else", "UG job_stuck_in_runnable", "a: UNDETERMINED - Batch job is blocked, root cause is undetermined.",
            () => New(Fleet("ce", 64, "m5.large") with { IsEnabled = false }).With(Queue("q", "ce")).Jobs(Job("a", s_one)).Blocks()),
        new("blocked: only the head is reported", "UG job_stuck_in_runnable", "1",
            () => $"{New(Fleet("ce", 64, "m5.large")).With(Queue("q", "ce"))
                .Jobs(Job("a", s_huge), Job("b", s_huge, at: 1)).Decide(At(2)).Blocks.Count}"),
        new("blocked: reported once", "assumed: a reason that stays is no event", "", () =>
        {
            Cluster cluster = New(Fleet("ce", 64, "m5.large")).With(Queue("q", "ce")).Jobs(Job("a", s_huge));
            cluster.Blocks();
            return cluster.Blocks(60);
        }),
        new("blocked: who comes after a blocked head has gone is not held up by it", "UG job_stuck_in_runnable: the head blocks",
            "1xm5.large@ce", () =>
        {
            Cluster cluster = New(Fleet("ce", 64, "m5.large")).With(Queue("q", "ce")).Jobs(Job("a", s_huge));
            cluster.Blocks();
            cluster.End("a", 1).Decide(At(1));
            return cluster.Jobs(Job("b", s_one, at: 2)).Launches(2);
        }),
        new("blocked: full is no reason", "UG job_stuck_in_runnable", "", () =>
        {
            Cluster cluster = New(Hosts("ce")).With(Queue("q", "ce")).Host(s_one).Jobs(Job("a", s_one), Job("b", s_one));
            return cluster.Blocks();
        }),
        new("blocked: one environment INVALID is no reason", "UG job_stuck_in_runnable", "",
            () => New(Fleet("ce", 64, "m5.large") with { IsValid = false }, Fleet("ce2", 64, "m5.large"))
                .With(Queue("q", "ce", "ce2")).Jobs(Job("a", s_one)).Blocks()),
        new("blocked: the reason goes when the environment is mended", "UG job_stuck_in_runnable", "a: none", () =>
        {
            Cluster cluster = New(Fleet("ce", 8, "m5")).With(Queue("q", "ce")).Jobs(Job("a", Amount.Of(9, 1024)));
            cluster.Blocks();
            cluster.SetEnvironment(Fleet("ce", 64, "m5"));
            return cluster.Blocks(1);
        }),
        new("blocked: nothing is launched for those behind", "UG job_stuck_in_runnable", "",
            () => New(Fleet("ce", 64, "m5.large")).With(Queue("q", "ce")).Jobs(Job("a", s_huge), Job("b", s_one, at: 1)).Launches(2)),
        new("limit: cancels with the documented text", "UG job_stuck_in_runnable_misconfiguration",
            "a: Canceled by JobStateTimeLimit action due to reason: MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT",
            () => Limited(BlockedCause.JobRequirement).Cancels(600)),
        new("limit: not before its time", "API JobStateTimeLimitAction", "", () => Limited(BlockedCause.JobRequirement).Cancels(599)),
        new("limit: the next job moves up and starts", "UG job_stuck_in_runnable_capacity", "b@ce", () =>
        {
            Cluster cluster = New(Hosts("ce"))
                .With(Limits(BlockedCause.JobRequirement)).Host(s_one).Jobs(Job("a", s_huge), Job("b", s_one, at: 1));
            cluster.Decide(At(2));
            return cluster.Starts(700);
        }),
        new("limit: only for its own reason", "API JobStateTimeLimitAction", "",
            () => Limited(BlockedCause.InsufficientCapacity).Cancels(9000)),
        new("limit: not for UNDETERMINED", "UG job_stuck_in_runnable", "", () => Disabled(BlockedCause.Undetermined).Cancels(9000)),
        new("limit: one that is set while the job blocks counts for it", "API UpdateJobQueue",
            "a: Canceled by JobStateTimeLimit action due to reason: MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT", () =>
            {
                Cluster cluster = New(Fleet("ce", 64, "m5.large")).With(Queue("q", "ce")).Jobs(Job("a", s_huge));
                cluster.Decide(At(0));
                return cluster.With(Limits(BlockedCause.JobRequirement)).Cancels(600);
            }),
        new("limit: one that is taken away counts no more", "API UpdateJobQueue", "",
            () => Limited(BlockedCause.JobRequirement).With(Queue("q", "ce")).Cancels(9000)),
        new("limit: for want of capacity", "UG job_stuck_in_runnable_capacity",
            "a: Canceled by JobStateTimeLimit action due to reason: CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY", () =>
            {
                Cluster cluster = New(Fleet("ce", 64, "m5.large")).With(Limits(BlockedCause.InsufficientCapacity)).Jobs(Job("a", s_one));
                for (int at = 0; at < 610; at += 10)
                {
                    cluster.Decide(At(at));
                    cluster.Refuse(at + 5);
                }
                return cluster.Cancels(620);
            }),
    ];

    private static JobQueue Limits(BlockedCause cause) =>
        Queue("q", "ce") with { TimeLimits = [new TimeLimitAction(cause, TimeSpan.FromSeconds(600))] };

    private static Cluster Limited(BlockedCause cause)
    {
        Cluster cluster = New(Fleet("ce", 64, "m5.large")).With(Limits(cause)).Jobs(Job("a", s_huge));
        cluster.Decide(At(0));
        return cluster;
    }

    private static Cluster Disabled(BlockedCause cause)
    {
        Cluster cluster = New(Fleet("ce", 64, "m5.large") with { IsEnabled = false }).With(Limits(cause)).Jobs(Job("a", s_one));
        cluster.Decide(At(0));
        return cluster;
    }
}

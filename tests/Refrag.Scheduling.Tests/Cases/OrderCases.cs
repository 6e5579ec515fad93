using Refrag.Scheduling.Deciding;
using static Refrag.Scheduling.Tests.Worlds;

namespace Refrag.Scheduling.Tests.Cases;

internal static class OrderCases
{
    private static readonly Amount s_one = Amount.Of(1, 1024);
    private static readonly Amount s_four = Amount.Of(4, 1024);

    public static SchedulingCase[] All { get; } =
    [
        new("fifo: jobs start in the order of submission", "UG job_scheduling", "a@ce b@ce c@ce",
            () => Room(4).Jobs(Job("a", s_one), Job("b", s_one, at: 1), Job("c", s_one, at: 2)).Starts(3)),
        new("fifo: the time of submission counts, not of becoming RUNNABLE", "API GetJobQueueSnapshot", "b@ce",
            () => Room(1).Jobs(Job("a", s_one, at: 9), Job("b", s_one, at: 1)).Starts(10)),
        new("fifo: a head without room blocks smaller jobs behind it", "UG job_stuck_in_runnable", "a@ce",
            () => Room(4).Jobs(Job("a", s_one), Job("b", s_four, at: 1), Job("c", s_one, at: 2)).Starts(3)),
        new("fifo: canceling the head lets the next one go", "UG job_stuck_in_runnable_capacity", "c@ce", () =>
        {
            Cluster cluster = Room(4).Jobs(Job("a", s_one), Job("b", s_four, at: 1), Job("c", s_one, at: 2));
            cluster.Starts(3);
            return cluster.End("b", 4).Starts(4);
        }),
        new("fifo: a retried job has its old place again", "UG job_retries", "a@ce", () =>
        {
            Cluster cluster = Room(1).Jobs(Job("a", s_one), Job("b", s_one, at: 1));
            cluster.Starts(2);
            cluster.Requeue("a", At(3));
            return cluster.Starts(3);
        }),
        new("fifo: scheduling priority is of no use", "API SubmitJob", "a@ce",
            () => Room(1).Jobs(Job("a", s_one), Job("b", s_one, at: 1, priority: 9999)).Starts(2)),
        new("snapshot: first in, first out by submission", "API GetJobQueueSnapshot", "b a",
            () => string.Join(' ', Room(0).Jobs(Job("a", s_one, at: 2), Job("b", s_one, at: 1)).Front("q", At(3)))),
        new("snapshot: the first 100", "API GetJobQueueSnapshot", "100",
            () => $"{Room(0).Jobs([.. Enumerable.Range(0, 150).Select(i => Job($"j{i}", s_one, at: i))]).Front("q", At(200)).Count}"),
        new("queues: the higher priority goes first on a shared environment", "API CreateJobQueue", "b@ce", () => New(Hosts("ce"))
            .With(Queue("low", "ce") with { Priority = 1 }, Queue("high", "ce") with { Priority = 10 }).Host(s_one)
            .Jobs(Job("a", s_one, "low"), Job("b", s_one, "high", at: 5)).Starts(6)),
        new("queues: a blocked head blocks its own queue only", "UG job_stuck_in_runnable", "b@ce", () => New(Hosts("ce"))
            .With(Queue("low", "ce") with { Priority = 1 }, Queue("high", "ce") with { Priority = 10 }).Host(s_one)
            .Jobs(Job("a", s_four, "high"), Job("b", s_one, "low")).Starts()),
        new("queues: jobs in a DISABLED queue continue", "API JobQueueDetail", "a@ce",
            () => New(Hosts("ce")).With(Queue("q", "ce") with { IsEnabled = false }).Host(s_one).Jobs(Job("a", s_one)).Starts()),
        new("environments: the first in order", "API ComputeEnvironmentOrder", "a@ce1", () => Two().Jobs(Job("a", s_one)).Starts()),
        new("environments: the second when the first is full", "UG job_queue_parameters", "a@ce1 b@ce2",
            () => Two().Jobs(Job("a", s_one), Job("b", s_one)).Starts()),
        new("environments: the second fleet grows when the first is at its maximum", "UG job_queue_parameters",
            "1xm5.2xlarge@ce1 1xm5.2xlarge@ce2",
            () => New(Fleet("ce1", 8, "m5.2xlarge"), Fleet("ce2", 64, "m5.2xlarge")).With(Queue("q", "ce1", "ce2"))
                .Jobs(Job("a", Amount.Of(8, 4096)), Job("b", Amount.Of(8, 4096))).Launches()),
        new("environments: a job that does not fit the first grows the second", "UG job_queue_parameters", "1xr5.2xlarge@ce2",
            () => New(Fleet("ce1", 64, "c5.2xlarge"), Fleet("ce2", 64, "r5.2xlarge"))
                .With(Queue("q", "ce1", "ce2")).Jobs(Job("a", Amount.Of(8, 40000))).Launches()),
        new("environments: a DISABLED one takes no jobs", "API ComputeEnvironmentDetail", "a@ce2", () =>
        {
            Cluster cluster = Two();
            cluster.SetEnvironment(Hosts("ce1") with { IsEnabled = false });
            return cluster.Jobs(Job("a", s_one)).Starts();
        }),
        new("environments: a DISABLED one does not scale out", "API ComputeEnvironmentDetail", "",
            () => New(Fleet("ce", 64, "m5.large") with { IsEnabled = false }).With(Queue("q", "ce")).Jobs(Job("a", s_one)).Launches()),
        new("environments: jobs in a DISABLED one continue", "API ComputeEnvironmentDetail", "1 jobs, 1 instances", () =>
        {
            Cluster cluster = New(Fleet("ce", 64, "m5.large")).With(Queue("q", "ce")).Jobs(Job("a", s_one)).Ready();
            cluster.Starts();
            cluster.SetEnvironment(Fleet("ce", 64, "m5.large") with { IsEnabled = false });
            cluster.Decide(At(86_400));
            return $"{cluster.Jobs} jobs, {cluster.Instances} instances";
        }),
        new("environments: an INVALID one takes no jobs", "UG invalid_compute_environment", "a@ce2", () =>
        {
            Cluster cluster = Two();
            cluster.SetEnvironment(Hosts("ce1") with { IsValid = false });
            return cluster.Jobs(Job("a", s_one)).Starts();
        }),
        new("separate queues: full GPUs do not hold CPU jobs", "UG job_queues", "c@cpu",
            () => New(Hosts("cpu"), Hosts("gpu")).With(Queue("cpuq", "cpu"), Queue("gpuq", "gpu")).Host(Amount.Of(4, 8192), "cpu")
                .Jobs(Job("g", Amount.Of(1, 1024, 1), "gpuq"), Job("c", s_one, "cpuq")).Starts()),
        new("shared queue: a GPU job at the head holds CPU jobs", "UG job_stuck_in_runnable", "",
            () => New(Hosts("ce"))
                .With(Queue("q", "ce")).Host(Amount.Of(4, 8192)).Jobs(Job("g", Amount.Of(1, 1024, 1)), Job("c", s_one, at: 1)).Starts(2)),
    ];

    private static Cluster Room(int vCpus)
    {
        Cluster cluster = New(Hosts("ce")).With(Queue("q", "ce"));
        return vCpus == 0 ? cluster : cluster.Host(Amount.Of(vCpus, 65536));
    }

    private static Cluster Two() => New(Hosts("ce1"), Hosts("ce2")).With(Queue("q", "ce1", "ce2")).Host(s_one, "ce1").Host(s_one, "ce2");
}

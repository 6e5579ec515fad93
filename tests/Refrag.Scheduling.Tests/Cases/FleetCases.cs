using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Deciding;
using Refrag.Scheduling.Environments;
using static Refrag.Scheduling.Tests.Worlds;

namespace Refrag.Scheduling.Tests.Cases;

internal static class FleetCases
{
    private static readonly Amount s_one = Amount.Of(1, 1024);
    private static readonly Amount s_eight = Amount.Of(8, 4096);

    public static SchedulingCase[] All { get; } =
    [
        new("scale out: nothing without jobs", "UG compute_environment_parameters", "",
            () => New(Fleet("ce", 64, "m5.large")).With(Queue("q", "ce")).Launches()),
        new("scale out: minvCpus without jobs", "API ComputeResource", "1xm5.2xlarge@ce",
            () => New(Fleet("ce", 64, "m5.2xlarge") with { MinVCpus = 8 }).With(Queue("q", "ce")).Launches()),
        new("scale out: desiredvCpus at the start", "API ComputeResource", "2xm5.2xlarge@ce",
            () => New(Fleet("ce", 64, "m5.2xlarge") with { DesiredVCpus = 16 }).With(Queue("q", "ce")).Launches()),
        new("scale out: more desiredvCpus of an update", "API ComputeResourceUpdate", "2xm5.2xlarge@ce", () =>
        {
            Cluster cluster = Eight(Fleet("ce", 64, "m5.2xlarge"));
            cluster.Decide(At(0));
            cluster.SetEnvironment(Fleet("ce", 64, "m5.2xlarge") with { DesiredVCpus = 16 });
            return cluster.Launches(1);
        }),
        new("scale out: desiredvCpus only once, whatever else an update changes", "assumed: Batch changes them by itself", "2 go, 0 stay|",
            () =>
        {
            ComputeEnvironment fleet = Fleet("ce", 64, "m5.2xlarge") with { DesiredVCpus = 16 };
            Cluster cluster = Eight(fleet).Ready();
            cluster.Decide(At(0));
            string gone = cluster.Terminates(300);
            cluster.SetEnvironment(fleet with { MaxVCpus = 32 });
            return $"{gone}|{cluster.Launches(301)}";
        }),
        new("scale out: one instance for jobs that fit together", "UG compute_environments", "1xm5.2xlarge@ce",
            () => Eight(Fleet("ce", 64, "m5.2xlarge")).Jobs([.. Enumerable.Range(0, 8).Select(i => Job($"j{i}", s_one))]).Launches()),
        new("scale out: a second one for those that do not", "UG compute_environments", "2xm5.2xlarge@ce",
            () => Eight(Fleet("ce", 64, "m5.2xlarge")).Jobs([.. Enumerable.Range(0, 9).Select(i => Job($"j{i}", s_one))]).Launches()),
        new("scale out: not again for jobs whose instance starts", "UG compute_environments", "", () =>
        {
            Cluster cluster = Eight(Fleet("ce", 64, "m5.2xlarge")).Jobs(Job("a", s_eight));
            cluster.Launches();
            return cluster.Launches(30);
        }),
        new("maximum: BEST_FIT on demand never exceeds it", "API ComputeResource", "1xm5.2xlarge@ce",
            () => TwoJobs(Fleet("ce", 10, "m5.2xlarge") with { Strategy = AllocationStrategy.BestFit })),
        new("maximum: BEST_FIT_PROGRESSIVE exceeds it by one instance", "API ComputeResource", "2xm5.2xlarge@ce",
            () => TwoJobs(Fleet("ce", 10, "m5.2xlarge"))),
        new("maximum: BEST_FIT on Spot exceeds it by one instance", "API ComputeResource", "2xm5.2xlarge@ce",
            () => TwoJobs(Spot("ce", 10, "m5.2xlarge") with { Strategy = AllocationStrategy.BestFit })),
        new("maximum: never by a second one", "API ComputeResource", "2xm5.2xlarge@ce",
            () => Eight(Fleet("ce", 10, "m5.2xlarge")).Jobs([.. Enumerable.Range(0, 5).Select(i => Job($"j{i}", s_eight))]).Launches()),
        new("maximum: on Fargate never exceeded", "API ComputeResource", "a@ce b@ce",
            () => New(Fargate("ce", 8)).With(Queue("q", "ce")).Jobs([.. "abc".Select(id => Job($"{id}", Amount.Of(4, 8192)))]).Starts()),
        new("best fit: the lowest price that fits", "UG allocation-strategies", "1xm5.large@ce",
            () => Eight(Fleet("ce", 64, "m5.2xlarge", "m5.large", "c5.large") with { Strategy = AllocationStrategy.BestFit })
                .Jobs(Job("a", Amount.Of(2, 4096))).Launches()),
        new("best fit: waits where its type cannot be had", "UG allocation-strategies", "", () => AfterRefusal(AllocationStrategy.BestFit)),
        new("progressive: takes the next type where one cannot be had", "UG allocation-strategies", "1xm5.large@ce",
            () => AfterRefusal(AllocationStrategy.BestFitProgressive)),
        new("progressive: an update makes no type forget that it could not be had", "assumed: EC2 knows nothing of the update",
            "1xm5.large@ce",
            () => AfterRefusal(AllocationStrategy.BestFitProgressive,
                update: cluster => cluster.Refuse(10).SetEnvironment(TwoTypes(AllocationStrategy.BestFitProgressive)))),
        new("progressive: nor one that is refused after it", "assumed: EC2 knows nothing of the update", "1xm5.large@ce",
            () => AfterRefusal(AllocationStrategy.BestFitProgressive,
                update: cluster => cluster.SetEnvironment(TwoTypes(AllocationStrategy.BestFitProgressive)))),
        new("progressive: cheap vCPUs first", "UG allocation-strategies", "1xc5.large@ce",
            () => Eight(Fleet("ce", 64, "m5.large", "c5.large")).Jobs(Job("a", s_one)).Launches()),
        new("progressive: several types together", "UG allocation-strategies", "1xc5.large@ce 1xm5.large@ce",
            () => Eight(Fleet("ce", 64, "m5.large", "c5.large"))
                .Jobs(Job("a", Amount.Of(2, 2048)), Job("b", Amount.Of(2, 6000))).Launches()),
        new("capacity optimized: the type that is interrupted least", "UG allocation-strategies", "1xb.large@ce",
            () => Priced(AllocationStrategy.SpotCapacityOptimized)),
        new("price and capacity: a little dearer and much safer wins", "UG allocation-strategies", "1xb.large@ce",
            () => Priced(AllocationStrategy.SpotPriceCapacityOptimized)),
        new("price and capacity: much cheaper and less safe wins", "UG allocation-strategies", "1xa.large@ce",
            () => Priced(AllocationStrategy.SpotPriceCapacityOptimized, spotOfA: 0.02m)),
        new("bid: a type above the percentage is not bought", "API ComputeResource", "1xb.large@ce",
            () => Priced(AllocationStrategy.BestFit, spotOfA: 0.01m, onDemandOfA: 0.012m, bid: 60)),
        new("on demand: Spot prices do not count", "API ComputeResource", "1xa.large@ce",
            () => Priced(AllocationStrategy.BestFit, spotOfA: 0.09m, onDemandOfA: 0.09m, kind: ComputeEnvironmentKind.Ec2)),
        new("scale in: an idle instance goes", "UG compute_environments", "1 go, 0 stay",
            () => AfterJob(Fleet("ce", 64, "m5.large"), 60 + 300)),
        new("scale in: not at once", "assumed: five minutes", "0 go, 1 stay", () => AfterJob(Fleet("ce", 64, "m5.large"), 60 + 299)),
        new("scale in: minvCpus stay", "API ComputeResource", "0 go, 1 stay",
            () => AfterJob(Fleet("ce", 64, "m5.large") with { MinVCpus = 1 }, 86_400)),
        new("scale in: the delay counts from the last job's end", "API ComputeScalingPolicy", "0 go, 1 stay",
            () => AfterJob(Delayed, 60 + 1199)),
        new("scale in: after the delay it goes", "API ComputeScalingPolicy", "1 go, 0 stay", () => AfterJob(Delayed, 60 + 1200)),
        new("scale in: the delay is not for an instance that never ran a job", "API ComputeScalingPolicy", "1 go, 0 stay", () =>
        {
            Cluster cluster = Eight(Delayed).Jobs(Job("a", s_one));
            cluster.Decide(At(0));
            return cluster.End("a").Up().Terminates(300);
        }),
        new("scale in: a DISABLED environment lets idle instances go", "API ComputeEnvironmentDetail", "1 go, 0 stay", () =>
        {
            Cluster cluster = Eight(Fleet("ce", 64, "m5.large")).Jobs(Job("a", s_one)).Ready();
            cluster.Decide(At(0));
            cluster.SetEnvironment(Fleet("ce", 64, "m5.large") with { IsEnabled = false });
            return cluster.End("a", 60).Terminates(360);
        }),
        new("unmanaged: nothing is launched", "UG compute_environments", "",
            () => New(Hosts("ce")).With(Queue("q", "ce")).Jobs(Job("a", s_one)).Launches()),
        new("spot: the attempt ends with its host", "UG job_retries", "a: Host EC2 (instance i-00000000000000001) terminated.", () =>
        {
            Cluster cluster = Eight(Spot("ce", 64, "m5.large")).Jobs(Job("a", s_one)).Ready();
            cluster.Decide(At(0));
            cluster.InstanceDown(new InstanceKey(1), At(10));
            LostJob lost = cluster.Decide(At(10)).Failures[0];
            return $"{lost.JobId}: {lost.Reason}";
        }),
        new("spot: without capacity the on-demand environment behind it grows", "UG job_queue_parameters", "1xm5.large@ce2", () =>
        {
            Cluster cluster = New(Spot("ce", 64, "m5.large"), Fleet("ce2", 64, "m5.large"))
                .With(Queue("q", "ce", "ce2")).Jobs(Job("a", s_one));
            cluster.Decide(At(0));
            return cluster.Refuse(10).Launches(10);
        }),
        new("zones: the second where the first has no capacity", "API ComputeResource", "b", () =>
        {
            Cluster cluster = Eight(Fleet("ce", 64, "m5.large") with { Zones = ["a", "b"] }).Jobs(Job("a", s_one));
            cluster.Decide(At(0));
            return cluster.Refuse(10).Decide(At(10)).Launches[0].Zone;
        }),
    ];

    private static ComputeEnvironment Delayed => Fleet("ce", 64, "m5.large") with { ScaleDownDelay = TimeSpan.FromMinutes(20) };

    private static Cluster Eight(ComputeEnvironment environment) => New(environment).With(Queue("q", "ce"));

    private static string TwoJobs(ComputeEnvironment environment) =>
        Eight(environment).Jobs(Job("a", s_eight), Job("b", s_eight)).Launches();

    private static ComputeEnvironment TwoTypes(AllocationStrategy strategy) =>
        Fleet("ce", 64, "m5.large", "c5.large") with { Strategy = strategy };

    private static string AfterRefusal(AllocationStrategy strategy, Action<Cluster>? update = null)
    {
        Cluster cluster = Eight(TwoTypes(strategy)).Jobs(Job("a", s_one));
        cluster.Decide(At(0));
        update?.Invoke(cluster);
        return cluster.Refuse(10).Launches(10);
    }

    private static string AfterJob(ComputeEnvironment environment, double at)
    {
        Cluster cluster = Eight(environment).Jobs(Job("a", s_one)).Ready();
        cluster.Decide(At(0));
        return cluster.End("a", 60).Terminates(at);
    }

    // Two types alike but for their prices: a is interrupted above 20 %, b below 5 %; b costs 0.05 on the Spot market and 0.1 on demand.
    private static string Priced(
        AllocationStrategy strategy, decimal spotOfA = 0.045m, decimal onDemandOfA = 0.1m, int bid = 100,
        ComputeEnvironmentKind kind = ComputeEnvironmentKind.Spot)
    {
        InstanceType[] types = [.. "ab".Select(
            name => new InstanceType { Name = $"{name}.large", VCpus = 2, InstalledMiB = 8192, Architecture = Architecture.X64 })];
        var prices = new PriceTable(
        [
            new() { Type = "a.large", Region = "us-east-1", OnDemand = onDemandOfA, Spot = spotOfA, Interruption =
                InterruptionClass.Above20 },
            new() { Type = "b.large", Region = "us-east-1", OnDemand = 0.1m, Spot = 0.05m, Interruption = InterruptionClass.Below5 },
        ]);
        var cluster = new Cluster(new InstanceCatalogue(types), prices);
        cluster.SetEnvironment(Fleet("ce", 64, "a", "b") with { Kind = kind, Strategy = strategy, BidPercentage = bid });
        return cluster.With(Queue("q", "ce")).Jobs(Job("a", s_one)).Launches();
    }
}

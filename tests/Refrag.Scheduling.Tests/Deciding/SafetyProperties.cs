using CsCheck;
using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Deciding;
using Refrag.Scheduling.Environments;
using Refrag.Scheduling.Simulation;
using static Refrag.Scheduling.Tests.Worlds;

namespace Refrag.Scheduling.Tests.Deciding;

/// <summary>What must hold for any cluster and any workload.</summary>
public sealed class SafetyProperties
{
    private static readonly Scenario s_trouble = new()
    {
        Injections =
        [
            new SpotRate(1.5),
            new InsufficientCapacity("c5*", "a") { From = TimeSpan.FromMinutes(10), Until = TimeSpan.FromMinutes(50) },
            new SpotReclaim(Count: null, Part: 0.7) { From = TimeSpan.FromMinutes(40) },
            new SlowStart(TimeSpan.FromMinutes(2)) { From = TimeSpan.FromMinutes(30) },
        ],
    };

    // Vcpus, memory and GPUs of every instance, at every event, added up from the jobs' side. Nodes of multi-node jobs: all, and each
    // alone.
    [Fact]
    public void AnyWorld_NoInstanceIsOversubscribed() => Workloads.Any.Sample(
        world =>
        {
            Cluster cluster = world.Build();
            new Simulator(cluster, Start, s_trouble, _ => LedgerCheck.Check(cluster)).Rehearse(world.Jobs, TimeSpan.FromDays(1));
        }, iter: 300);

    [Fact]
    public void AnyWorld_MaximumIsExceededByOneInstanceAtMost() => Workloads.Any.Sample(
        world =>
        {
            Cluster cluster = world.Build();
            new Simulator(cluster, Start, s_trouble, _ => CheckMaximum(cluster)).Rehearse(world.Jobs, TimeSpan.FromDays(1));
        }, iter: 200);

    // The job that is next is never left waiting where an instance has room for it.
    [Fact]
    public void AnyWorld_PlaceableHeadIsPlaced() => Workloads.Any.Sample(
        world =>
        {
            Cluster cluster = world.Build();
            Random pick = new(7);
            DateTimeOffset now = Start;
            foreach (SimulatedJob job in world.Jobs)
            {
                now = now.AddSeconds(10);
                cluster.AddJob(job.Request with { SubmittedAt = now }, now);
                foreach (Instance one in cluster.EnvironmentOrder
                    .SelectMany(env => env.Instances.Values).Where(one => one.State is InstanceState.Starting).ToList())
                {
                    if (pick.Next(2) == 0) cluster.InstanceUp(one.Key, now);
                }
                if (pick.Next(3) == 0 && cluster.JobsById.Values.FirstOrDefault(one => one.Status is SchedulingState.Placed) is { } ended)
                    cluster.RemoveJob(ended.Request.Id, now);
                cluster.Decide(now);
                CheckHeads(cluster, now);
            }
        }, iter: 300);

    // A round that was cut short and taken up again comes to the same as one in one go, and no limit makes it do nothing.
    [Fact]
    public void AnyWorld_CutRounds_PlaceTheSameJobs() => Workloads.Any.Sample(
        world =>
        {
            Cluster whole = world.Build();
            Cluster cut = world.Build();
            foreach (SimulatedJob job in world.Jobs)
            {
                whole.AddJob(job.Request, Start);
                cut.AddJob(job.Request, Start);
            }
            List<Placement> once = [.. whole.Decide(Start).Placements];
            List<Placement> pieces = [];
            Plan plan;
            int rounds = 0;
            do
            {
                plan = cut.Decide(Start, new DecideLimits(MaxActions: 3));
                pieces.AddRange(plan.Placements);
                Assert.True(++rounds < 10_000);
            }
            while (!plan.IsComplete);
            Assert.Equal(once.Select(one => (one.JobId, one.Environment)), pieces.Select(one => (one.JobId, one.Environment)));
        }, iter: 200);

    private static void CheckMaximum(Cluster cluster)
    {
        foreach (EnvironmentState environment
            in cluster.EnvironmentOrder.Where(env => env.Model.Kind is not ComputeEnvironmentKind.Unmanaged))
        {
            bool isStrict = environment.Model.IsFargate
                || environment.Model is { Kind: ComputeEnvironmentKind.Ec2, Strategy: AllocationStrategy.BestFit };
            int largest = environment.Instances.Values.Select(one => one.VCpus).DefaultIfEmpty(0).Max();
            // A minimum above the maximum is a setting that AWS refuses; the generator makes some.
            long maximum = Math.Max(environment.Model.MaxVCpus, environment.Model.MinVCpus) + (isStrict ? 0 : largest);
            Assert.True(environment.TotalMilliVCpus <= maximum * 1000L, $"{environment.TotalMilliVCpus} of {maximum}000");
        }
    }

    private static void CheckHeads(Cluster cluster, DateTimeOffset now)
    {
        foreach (QueueState queue in cluster.QueueOrder)
        {
            if (queue.IsHeldByReservation || queue.Head(now.ToUnixTimeMilliseconds()) is not { Shape.Nodes: 1 } head) continue;
            IEnumerable<Instance> running = queue.Environments
                .SelectMany(env => env.Instances.Values).Where(one => one.State is InstanceState.Running);
            Assert.DoesNotContain(running, one => head.Shape.Amount.FitsIn(one.Free));
        }
    }
}

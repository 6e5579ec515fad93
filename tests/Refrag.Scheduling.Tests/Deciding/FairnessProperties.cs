using CsCheck;
using Refrag.Scheduling.Deciding;
using Refrag.Scheduling.Queues;
using Refrag.Scheduling.Simulation;
using static Refrag.Scheduling.Tests.Worlds;

namespace Refrag.Scheduling.Tests.Deciding;

/// <summary>
/// Fair share in the long run. The bound on waiting, derived in docs/concepts/scheduling.md: with capacity C (vCPUs), decay τ, weights w,
/// shortest and longest duration d and D, S shares, one vCPU at least a job, and a queue that has its hosts for itself, the first job of
/// share i waits at most T + (S + 1) · D, where T = max(0, τ · ln(2 · C · w_i / (w_min · (1 − e^(−d/τ))))).
/// </summary>
public sealed class FairnessProperties
{
    private sealed record Load(int VCpus, double[] Weights, double DecaySeconds, (int Share, int VCpus, int Seconds, int At)[] Jobs);

    private static readonly Gen<Load> s_load = Gen.Select(
        Gen.Int[4, 24], Gen.Double[0.1, 8].Array[2, 5], Gen.Double[60, 1200],
        Gen.Select(Gen.Int[0, 4], Gen.Int[1, 4], Gen.Int[60, 600], Gen.Int[0, 3000]).Array[20, 200]).Select(
        (vCpus, weights, decay,
            jobs) => new Load(
                vCpus, weights, decay, [.. jobs.Select(job => (job.Item1 % weights.Length, job.Item2, job.Item3, job.Item4))]));

    [Fact]
    public void AnyLoad_FirstJobOfAShare_WaitsNoLongerThanTheBound() => s_load.Sample(
        load =>
        {
            Dictionary<string, int> share = [];
            SimulatedJob[] jobs = Jobs(load, share);
            SimulationResult result = new Simulator(Build(load), Start).Rehearse(jobs);
            Assert.Equal(jobs.Length, result.Outcomes.Count);
            foreach (IGrouping<int, JobOutcome> one in result.Outcomes.GroupBy(outcome => share[outcome.JobId]))
            {
                long before = 0;
                // A job is the first of its share from when the one before it started; its own waiting counts from then.
                foreach (JobOutcome outcome in one.OrderBy(outcome => outcome.StartedAt).ThenBy(outcome => outcome.SubmittedAt))
                {
                    double waited = (outcome.StartedAt - Math.Max(outcome.SubmittedAt, before)) / 1000.0;
                    Assert.True(waited <= Bound(load, one.Key), $"{outcome} waited {waited} s, the bound is {Bound(load, one.Key)} s");
                    before = outcome.StartedAt;
                }
            }
        }, iter: 300);

    // Each share has more jobs than it can run: the vCPUs of each, over time, are as the inverse of its weight, to within one job of the
    // sixty that run; whole jobs come no nearer, and since the share with the least usage goes next it is the small ones that gain.
    [Theory]
    [InlineData(1, 2, 4)]
    [InlineData(1, 1, 1)]
    [InlineData(0.5, 1, 2)]
    [InlineData(1, 3, 9)]
    public void Saturated_Shares_ConvergeToTheirWeights(double first, double second, double third)
    {
        double[] weights = [first, second, third];
        var load = new Load(60, weights, 600, [.. Enumerable.Range(0, 24_000).Select(i => (i % 3, 1, 60 + (i * 37 % 120), 0))]);
        Dictionary<string, int> share = [];
        double[] used = new double[3];
        Dictionary<string, long> started = [];
        long hours = 4 * 3_600_000L;
        void Count(SimulationEvent one)
        {
            if (one.Kind is SimulationEventKind.Started) started[one.JobId!] = one.At;
            else if (one.Kind is SimulationEventKind.Succeeded) used[share[one.JobId!]] += one.At - started[one.JobId!];
        }
        new Simulator(Build(load), Start, null, Count).Rehearse(Jobs(load, share), TimeSpan.FromMilliseconds(hours));
        double inverse = weights.Sum(weight => 1 / weight);
        for (int i = 0; i < 3; i++)
        {
            double due = 1 / weights[i] / inverse;
            Assert.InRange(used[i] / used.Sum(), due - (1.0 / load.VCpus), due + (1.0 / load.VCpus));
        }
    }

    // The reference's promise: with GPUs exhausted, CPU jobs wait no longer where their queue is their own, and longer where they share it.
    [Fact]
    public void GpusExhausted_CpuJobs_WaitTheSameInTheirOwnQueue_LongerInASharedOne()
    {
        SimulatedJob[] cpu = [.. Enumerable.Range(0, 60).Select(i => Timed($"c{i}", Amount.Of(2, 4096), "cpu", i * 30, 240))];
        SimulatedJob[] gpu = [.. Enumerable.Range(0, 40).Select(i => Timed($"g{i}", Amount.Of(4, 8192, 1), "gpu", i * 30, 1800))];
        long alone = CpuWait(Separate(), cpu);
        long separate = CpuWait(Separate(), Merge(cpu, gpu));
        long shared = CpuWait(Shared(), Merge(cpu, gpu));
        Assert.Equal(alone, separate);
        Assert.True(shared > separate * 5, $"shared {shared} ms, separate {separate} ms");
    }

    private static Cluster Separate() => New(Fleet("cpu-ce", 32, "m5.xlarge"), Fleet("gpu-ce", 8, "g5.xlarge"))
        .With(Queue("cpu", "cpu-ce"), Queue("gpu", "gpu-ce"));

    private static Cluster Shared() => New(Fleet("cpu-ce", 32, "m5.xlarge"), Fleet("gpu-ce", 8, "g5.xlarge"))
        .With(Queue("cpu", "cpu-ce", "gpu-ce"));

    private static SimulatedJob[] Merge(SimulatedJob[] cpu, SimulatedJob[] gpu) =>
        [.. cpu.Concat(gpu).OrderBy(job => job.Request.SubmittedAt)];

    private static long CpuWait(Cluster cluster, SimulatedJob[] jobs)
    {
        bool isShared = !cluster.HasQueue("gpu");
        IEnumerable<SimulatedJob> sent = isShared ? jobs.Select(job => job with { Request = job.Request with { Queue = "cpu" } }) : jobs;
        return new Simulator(cluster, Start).Rehearse(sent).Outcomes.Where(one => one.JobId[0] == 'c').Sum(one => one.Waited);
    }

    private static SimulatedJob Timed(string id, Amount amount, string queue, double at, double seconds) =>
        new(Job(id, amount, queue, at), TimeSpan.FromSeconds(seconds));

    private static double Bound(Load load, int share)
    {
        double shortest = load.Jobs.Min(job => job.Seconds);
        double longest = load.Jobs.Max(job => job.Seconds);
        double ratio = 2 * load.VCpus * load.Weights[share] / (load.Weights.Min() * (1 - Math.Exp(-shortest / load.DecaySeconds)));
        return Math.Max(0, load.DecaySeconds * Math.Log(ratio)) + ((load.Weights.Length + 1) * longest);
    }

    private static Cluster Build(Load load)
    {
        var policy = new FairSharePolicy
        {
            ShareDecay = TimeSpan.FromSeconds(load.DecaySeconds),
            Shares = [.. load.Weights.Select((weight, i) => new ShareWeight($"s{i}", (decimal)weight))],
        };
        Cluster cluster = New(Hosts("ce")).With(Queue("q", "ce") with { FairShare = policy });
        cluster.AddInstance("ce", Amount.Of(load.VCpus, 1_000_000), Start);
        return cluster;
    }

    private static SimulatedJob[] Jobs(Load load, Dictionary<string, int> share) =>
    [
        .. load.Jobs.OrderBy(job => job.At).Select((job, i) =>
        {
            share[$"j{i}"] = job.Share;
            return new SimulatedJob(
                Job($"j{i}", Amount.Of(job.VCpus, 64), at: job.At, share: $"s{job.Share}"), TimeSpan.FromSeconds(job.Seconds));
        }),
    ];
}

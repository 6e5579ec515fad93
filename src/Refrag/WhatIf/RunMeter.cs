using System.Globalization;
using Refrag.Costs;
using Refrag.Scheduling.Deciding;
using Refrag.Scheduling.Simulation;
using Refrag.Traces;

namespace Refrag.WhatIf;

/// <summary>
/// Takes the events of one run and counts. It holds eight bytes for each job that has started, and what runs now: nothing else grows with
/// the workload.
/// </summary>
internal sealed class RunMeter(World world, Workload workload, Cluster cluster, Action<JobTimes>? each)
{
    private const double MillisecondsAnHour = 3_600_000;

    private readonly InstanceLedger _instances = new(world);
    private readonly Dictionary<int, Running> _running = [];
    private readonly Dictionary<int, string> _blocked = [];
    private readonly Part _cpu = new();
    private readonly Part _gpu = new();
    private double _vCpuHours;
    private double _gpuHours;

    /// <summary>One event.</summary>
    public void Take(SimulationEvent one)
    {
        switch (one.Kind)
        {
            case SimulationEventKind.Started:
                Start(IndexOf(one.JobId!), one);
                break;
            case SimulationEventKind.Succeeded or SimulationEventKind.Failed or SimulationEventKind.Canceled:
                Stop(IndexOf(one.JobId!), one.At);
                break;
            case SimulationEventKind.Retried:
                PartOf(IndexOf(one.JobId!)).Retried++;
                Stop(IndexOf(one.JobId!), one.At);
                break;
            case SimulationEventKind.Blocked:
                if (one.Text is { } reason) _blocked[IndexOf(one.JobId!)] = reason;
                else _blocked.Remove(IndexOf(one.JobId!));
                break;
            case SimulationEventKind.Launched:
                _instances.Launched(one.Instance, one.Text!, cluster.EnvironmentOf(one.Instance)!, one.At);
                break;
            case SimulationEventKind.Refused:
                _instances.Refused(one.Instance);
                break;
            case SimulationEventKind.Terminated or SimulationEventKind.Reclaimed:
                _instances.Ended(one.Instance, one.At, one.Kind is SimulationEventKind.Reclaimed);
                break;
        }
    }

    /// <summary>What became of a job.</summary>
    public void Take(JobOutcome outcome)
    {
        int index = IndexOf(outcome.JobId);
        Part part = PartOf(index);
        if (outcome.FirstStartedAt >= 0) part.Waits.Add(outcome.FirstStartedAt - outcome.SubmittedAt);
        if (outcome.Kind is not SimulationEventKind.Succeeded) part.Failed++;
        _blocked.Remove(index);
        each?.Invoke(new JobTimes(index, outcome.SubmittedAt, outcome.FirstStartedAt, outcome.EndedAt, outcome.Attempts,
            outcome.Kind is SimulationEventKind.Succeeded));
    }

    /// <summary>USD of all instances until a time, in milliseconds since the start.</summary>
    public double SpentUntil(long at) => _instances.SpentUntil(at);

    /// <summary>Counts what still runs, and adds up.</summary>
    public RunResult Finish(ulong seed, SimulationResult result)
    {
        long end = (long)result.Ended.TotalMilliseconds;
        _instances.Close(end);
        int gpuJobs = workload.Jobs.Count(static job => job.IsGpu);
        WorkResult cpu = _cpu.Finish(workload.Jobs.Count - gpuJobs);
        WorkResult gpu = _gpu.Finish(gpuJobs);
        return new RunResult
        {
            Seed = seed,
            Cpu = cpu,
            Gpu = gpu,
            All = new WorkResult(Merge(cpu.Waits, gpu.Waits))
            {
                Jobs = workload.Jobs.Count,
                Failed = cpu.Failed + gpu.Failed,
                Retried = cpu.Retried + gpu.Retried,
                Usd = cpu.Usd + gpu.Usd,
            },
            Makespan = TimeSpan.FromMilliseconds(end - (workload.Jobs.Count > 0 ? workload.Jobs[0].SubmittedAt : 0)),
            Usd = _instances.Unpriced.Count > 0 ? null : _instances.Usd,
            Unpriced = [.. _instances.Unpriced.Order(StringComparer.Ordinal)],
            VCpuUse = _instances.VCpuHours > 0 ? _vCpuHours / _instances.VCpuHours : null,
            GpuUse = _instances.GpuHours > 0 ? _gpuHours / _instances.GpuHours : null,
            Instances = _instances.Count,
            Reclaimed = _instances.Reclaimed,
            PeakVCpus = _instances.PeakVCpus,
            Stuck = result.Left == 0
                ? []
                : [.. _blocked.OrderBy(one => one.Key).Select(one => new StuckJob(workload.NameOf(workload.Jobs[one.Key]), one.Value))],
            Events = result.Events,
        };
    }

    // The simulator's jobs have their place in the workload as their id.
    private static int IndexOf(string id) => int.Parse(id, NumberStyles.None, CultureInfo.InvariantCulture);

    private Part PartOf(int index) => workload.Jobs[index].IsGpu ? _gpu : _cpu;

    private void Start(int index, SimulationEvent started)
    {
        TraceJob job = workload.Jobs[index];
        (Scheduling.Catalogue.InstanceType? type, double? hourly) = _instances.Host(started.Instance);
        double? rate = type is null ? null : hourly * job.Nodes * HostCost.ShareOf(job.Requirement, type);
        _running[index] = new Running(started.At, rate, type is null, started.Text!);
        _instances.Request(started.Text!, VCpus(job));
    }

    private void Stop(int index, long at)
    {
        if (!_running.Remove(index, out Running running)) return;
        TraceJob job = workload.Jobs[index];
        double hours = (at - running.Since) / MillisecondsAnHour;
        double vCpuHours = hours * job.MilliVCpus * job.Nodes / 1000;
        _vCpuHours += vCpuHours;
        _gpuHours += hours * job.Gpus * job.Nodes;
        if (running.IsWithoutInstance) _instances.RanWithoutInstance(vCpuHours);
        _instances.Request(running.Environment, -VCpus(job));
        PartOf(index).Add(hours * running.Rate);
    }

    private static long VCpus(TraceJob job) => (job.MilliVCpus * (long)job.Nodes + 999) / 1000;

    private static long[] Merge(IReadOnlyList<long> a, IReadOnlyList<long> b)
    {
        long[] all = [.. a, .. b];
        Array.Sort(all);
        return all;
    }

    private readonly record struct Running(long Since, double? Rate, bool IsWithoutInstance, string Environment);

    private sealed class Part
    {
        private double? _usd = 0;

        public List<long> Waits { get; } = [];

        public int Failed { get; set; }

        public int Retried { get; set; }

        public void Add(double? usd) => _usd += usd;

        public WorkResult Finish(int jobs)
        {
            Waits.Sort();
            return new WorkResult(Waits) { Jobs = jobs, Failed = Failed, Retried = Retried, Usd = _usd };
        }
    }
}

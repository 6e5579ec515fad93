using CsCheck;
using Refrag.Engine.Jobs;
using Refrag.Engine.Placement;

namespace Refrag.Engine.Tests.Placement;

public sealed class AdmissionTests
{
    private static readonly Demand Machine = Of(4, 8000, 2);

    [Fact]
    public void Decide_Fits_Starts() =>
        Assert.Equal(AdmissionAnswer.Start, Admission.Decide(Machine, Of(2, 4000, 1), false, Of(2, 4000, 1)));

    [Theory]
    [InlineData(3, 100)]
    [InlineData(1, 4001)]
    public void Decide_FitsLater_Waits(int cpus, int memory) =>
        Assert.Equal(AdmissionAnswer.Wait, Admission.Decide(Machine, Of(2, 4000, 0), false, Of(cpus, memory, 0)));

    [Fact]
    public void Decide_LargerThanTheMachine_WaitsUntilItIsAlone()
    {
        Assert.Equal(AdmissionAnswer.Wait, Admission.Decide(Machine, Of(1, 1, 0), false, Of(64, 1, 0)));
        Assert.Equal(AdmissionAnswer.StartAlone, Admission.Decide(Machine, default, true, Of(64, 1, 0)));
    }

    [Fact]
    public void Decide_GpusTaken_WaitsForThem() =>
        Assert.Equal(AdmissionAnswer.WaitForGpus, Admission.Decide(Machine, Of(1, 1, 2), false, Of(1, 1, 1)));

    [Fact]
    public void Decide_MoreGpusThanThereAre_NeverStarts() =>
        Assert.Equal(AdmissionAnswer.WaitForGpus, Admission.Decide(Machine, default, true, Of(1, 1, 3)));

    [Fact]
    public void Ledger_AnyJobs_NeverOvercommitsExceptAlone() =>
        Gen.Select(Gen.Int[1, 6], Gen.Int[1, 10000], Gen.Int[0, 3]).Array[1, 30].Sample(jobs =>
        {
            var host = new HostLedger(new SharedMachine(Machine.VCpus, Machine.Memory), static () => { });
            host.SetGpus(["0", "1"]);
            List<(string Id, Demand Demand)> running = [];
            int at = 0;
            foreach (var (cpus, memory, gpus) in jobs)
            {
                Demand wanted = Of(cpus, memory, gpus);
                string id = $"job{at++}";
                if (host.TryReserve(id, wanted) is AdmissionAnswer.Start or AdmissionAnswer.StartAlone)
                {
                    running.Add((id, wanted));
                    Assert.Equal(gpus, host.GpusOf(id).Count);
                }
                else if (running.Count > 0)
                {
                    host.Release(running[0].Id);
                    running.RemoveAt(0);
                }
                Demand sum = running.Aggregate(default(Demand), (total, one) => total + one.Demand);
                Assert.True(running.Count <= 1 || (sum.VCpus <= Machine.VCpus && sum.Memory <= Machine.Memory));
                string[] held = [.. running.SelectMany(one => host.GpusOf(one.Id))];
                Assert.Equal(held.Distinct().Count(), held.Length);
            }
        });

    private static Demand Of(int cpus, int memory, int gpus) => new(new VCpus(cpus), new MebiBytes(memory), new Gpus(gpus));
}

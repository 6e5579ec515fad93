using Refrag.Engine.Jobs;
using Refrag.Engine.Placement;

namespace Refrag.Engine.Tests.Placement;

/// <summary>Several engines on one machine.</summary>
public sealed class SharedMachineTests
{
    private readonly SharedMachine _machine = new(new VCpus(4), new MebiBytes(1000));
    private readonly List<string> _woken = [];

    [Fact]
    public void TryReserve_OfTwoEngines_NeverHoldMoreThanTheMachine()
    {
        HostLedger one = Ledger("one"), other = Ledger("other");
        Assert.Equal(AdmissionAnswer.Start, one.TryReserve("a", Of(3)));
        Assert.Equal(AdmissionAnswer.Wait, other.TryReserve("b", Of(2)));
        Assert.Equal(AdmissionAnswer.Start, other.TryReserve("c", Of(1)));
        // Larger than the machine, and not alone.
        Assert.Equal(AdmissionAnswer.Wait, other.TryReserve("d", Of(64)));
    }

    [Fact]
    public void Release_OfOneEngine_WakesTheOthersThatWaitOnce()
    {
        HostLedger one = Ledger("one"), other = Ledger("other"), third = Ledger("third");
        one.TryReserve("a", Of(3));
        third.TryReserve("t", Of(1));
        other.TryReserve("b", Of(2));
        one.TryReserve("c", Of(2));
        Assert.Empty(_woken);

        one.ReleasePart("a", Of(1), []);
        Assert.Equal(["other"], _woken);
        one.Release("a");
        Assert.Equal(["other"], _woken);
        Assert.Equal(AdmissionAnswer.Start, other.TryReserve("b", Of(2)));
    }

    [Fact]
    public void Gpus_OfTwoEngines_AreEachAJobsAlone()
    {
        HostLedger one = Ledger("one"), other = Ledger("other");
        other.Restore("running", Of(1, 1), ["1"]);
        one.SetGpus(["0", "1"]);
        other.SetGpus(["0", "1"]);

        Assert.Equal(AdmissionAnswer.Start, one.TryReserve("a", Of(1, 1)));
        Assert.Equal(["0"], one.GpusOf("a"));
        Assert.Equal(AdmissionAnswer.WaitForGpus, other.TryReserve("b", Of(1, 1)));
        one.Release("a");
        Assert.Equal(AdmissionAnswer.Start, other.TryReserve("b", Of(1, 1)));
        Assert.Equal(["0"], other.GpusOf("b"));
    }

    [Fact]
    public void TryReserve_OfAGpuThatIsHeldThoughNotCounted_Waits()
    {
        HostLedger one = Ledger("one");
        one.Restore("running", Of(1), ["0"]);
        one.SetGpus(["0"]);
        Assert.Equal(AdmissionAnswer.WaitForGpus, one.TryReserve("a", Of(1, 1)));
        one.Release("running");
        Assert.Equal(AdmissionAnswer.Start, one.TryReserve("a", Of(1, 1)));
        Assert.Equal(["0"], one.GpusOf("a"));
    }

    [Fact]
    public void SetGpus_OfOneEngineThatFindsNone_TakesNothingAway()
    {
        HostLedger one = Ledger("one"), other = Ledger("other");
        other.SetGpus([]);
        Assert.Equal(AdmissionAnswer.WaitForGpus, other.TryReserve("b", Of(1, 1)));
        one.SetGpus(["0"]);
        Assert.Equal(["other"], _woken);
        other.SetGpus([]);
        Assert.Equal(new Gpus(1), other.Capacity.Gpus);
        Assert.Equal(AdmissionAnswer.Start, other.TryReserve("b", Of(1, 1)));
    }

    [Fact]
    public void TryReserve_Twice_TakesOnce()
    {
        HostLedger one = Ledger("one"), other = Ledger("other");
        Assert.Equal(AdmissionAnswer.Start, one.TryReserve("a", Of(3)));
        Assert.Equal(AdmissionAnswer.Start, one.TryReserve("a", Of(3)));
        one.Release("a");
        Assert.Equal(AdmissionAnswer.Start, other.TryReserve("b", Of(4)));
    }

    [Fact]
    public void Hold_WhileEnginesAreRestored_LetsNoneStart()
    {
        HostLedger one = Ledger("one"), other = Ledger("other");
        using (IDisposable hold = _machine.Hold())
        {
            Assert.Equal(AdmissionAnswer.Wait, one.TryReserve("a", Of(4)));
            other.Restore("running", Of(3), []);
            hold.Dispose();
            Assert.Equal(["one"], _woken);
        }
        Assert.Equal(["one"], _woken);
        Assert.Equal(AdmissionAnswer.Wait, one.TryReserve("a", Of(4)));
        Assert.Equal(AdmissionAnswer.Start, one.TryReserve("b", Of(1)));
    }

    private HostLedger Ledger(string name) => new(_machine, () => _woken.Add(name));

    private static Demand Of(int cpus, int gpus = 0) => new(new VCpus(cpus), new MebiBytes(100), new Gpus(gpus));
}

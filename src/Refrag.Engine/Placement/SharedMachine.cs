using Refrag.Engine.Jobs;

namespace Refrag.Engine.Placement;

/// <summary>
/// What this machine has, and what the jobs of all engines hold that share it. Safe to use from the loops of several engines: what one asks
/// for and gets, no other gets too.
/// </summary>
/// <param name="vCpus">How many vCPUs jobs may have together.</param>
/// <param name="memory">How much memory jobs may have together.</param>
public sealed class SharedMachine(VCpus vCpus, MebiBytes memory)
{
    private readonly Lock _lock = new();
    private readonly List<string> _freeGpus = [];
    private readonly HashSet<string> _namedGpus = new(StringComparer.Ordinal);
    private readonly HashSet<string> _heldGpus = [];
    private readonly List<HostLedger> _waiting = [];
    private Demand _capacity = new(vCpus, memory, new Gpus(0));
    private Demand _used;
    private int _holds;

    /// <summary>
    /// Lets no job start until what is returned is disposed of: for a start of several engines, some of whose jobs are still running and
    /// hold a part of the machine before their engine has said so.
    /// </summary>
    public IDisposable Hold()
    {
        lock (_lock) _holds++;
        return new Held(this);
    }

    /// <summary>What the machine has.</summary>
    internal Demand Capacity
    {
        get
        {
            lock (_lock) return _capacity;
        }
    }

    /// <summary>
    /// Says which GPUs there are; before, there are none. Each engine looks for itself: one that finds none takes away nothing that another
    /// has found, as its look may have failed. The other engines whose jobs wait are woken.
    /// </summary>
    internal void SetGpus(HostLedger by, IReadOnlyList<string> ids)
    {
        List<HostLedger> others;
        lock (_lock)
        {
            if (ids.Count == 0) return;
            _namedGpus.Clear();
            _namedGpus.UnionWith(ids);
            // Those that jobs have held since before the engine started are not free.
            _freeGpus.Clear();
            _freeGpus.AddRange(ids.Except(_heldGpus));
            _capacity = _capacity with { Gpus = new Gpus(ids.Count) };
            others = Waiting(but: by);
        }
        foreach (HostLedger other in others) other.Wake();
    }

    /// <summary>Takes what a job needs, if it may start now. If not, its engine is woken when more is free.</summary>
    internal (AdmissionAnswer Answer, IReadOnlyList<string> Gpus) TryTake(HostLedger by, Demand wanted)
    {
        lock (_lock)
        {
            // Fewer may be free than the sums say: a job can hold some that this machine has not named.
            AdmissionAnswer answer = _holds > 0 ? AdmissionAnswer.Wait
                : wanted.Gpus.Value > _freeGpus.Count ? AdmissionAnswer.WaitForGpus
                : Admission.Decide(_capacity, _used, _used == default, wanted);
            if (answer is AdmissionAnswer.Wait or AdmissionAnswer.WaitForGpus)
            {
                if (!_waiting.Contains(by)) _waiting.Add(by);
                return (answer, []);
            }
            List<string> gpus = _freeGpus[..wanted.Gpus.Value];
            Keep(wanted, gpus);
            return (answer, gpus);
        }
    }

    /// <summary>Takes what a job has already.</summary>
    internal void Take(Demand held, IReadOnlyList<string> gpus)
    {
        lock (_lock) Keep(held, gpus);
    }

    /// <summary>Takes back what was taken, and wakes the other engines whose jobs wait.</summary>
    internal void Return(HostLedger by, Demand part, IReadOnlyList<string> gpus)
    {
        List<HostLedger> others;
        lock (_lock)
        {
            _used -= part;
            // A job that an earlier start left may hold one that this start does not have.
            _freeGpus.AddRange(gpus.Where(_namedGpus.Contains).Except(_freeGpus));
            _heldGpus.ExceptWith(gpus);
            others = Waiting(but: by);
        }
        foreach (HostLedger other in others) other.Wake();
    }

    private void Release()
    {
        List<HostLedger> all;
        lock (_lock)
        {
            _holds--;
            all = _holds == 0 ? Waiting(but: null) : [];
        }
        foreach (HostLedger one in all) one.Wake();
    }

    private void Keep(Demand held, IReadOnlyList<string> gpus)
    {
        _used += held;
        _heldGpus.UnionWith(gpus);
        _freeGpus.RemoveAll(gpus.Contains);
    }

    // The one that gives something back, or has found GPUs, looks again by itself.
    private List<HostLedger> Waiting(HostLedger? but)
    {
        List<HostLedger> waiting = [.. _waiting.Where(one => one != but)];
        _waiting.Clear();
        return waiting;
    }

    private sealed class Held(SharedMachine machine) : IDisposable
    {
        private int _isReleased;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isReleased, 1) == 0) machine.Release();
        }
    }
}

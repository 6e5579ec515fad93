using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Environments;

namespace Refrag.Scheduling.Clusters;

/// <summary>A compute environment while instances and jobs come and go.</summary>
internal sealed class EnvironmentState(ComputeEnvironment model, FleetType[] types, IReadOnlyList<InstanceType> aboveBid)
{
    private FleetType[] _types = types;
    private readonly Dictionary<Shape, FleetType[]> _hosts = [];
    private readonly CapacityTree _plain = new();
    private readonly CapacityTree _withGpus = new();
    private readonly CapacityTree _starting = new();
    private readonly List<Instance?> _plainSlots = [];
    private readonly List<Instance?> _gpuSlots = [];
    private readonly List<Instance?> _startingSlots = [];

    public ComputeEnvironment Model { get; private set; } = model;

    public FleetType[] Types => _types;

    /// <summary>The types that it names and does not launch, because their Spot price is above its bid.</summary>
    public IReadOnlyList<InstanceType> AboveBid { get; private set; } = aboveBid;

    public List<QueueState> Queues { get; } = [];

    public Dictionary<InstanceKey, Instance> Instances { get; } = [];

    /// <summary>
    /// vCPUs of all instances, starting ones too; on Fargate, and where requests are counted, of the jobs that are placed.
    /// </summary>
    public long TotalMilliVCpus { get; set; }

    /// <summary>vCPUs of the waiting jobs for which there is room on starting instances.</summary>
    public long PromisedMilliVCpus { get; set; }

    /// <summary>How many instances of each capacity there are; for unmanaged environments, which have no list of types.</summary>
    public Dictionary<Amount, int> Capacities { get; } = [];

    public List<Instance> Idle { get; } = [];

    /// <summary>When an idle instance is to go, if it is still in the same turn of being idle.</summary>
    public PriorityQueue<(Instance Instance, int Turn), long> Appointments { get; } = new();

    /// <summary>vCPUs that it starts out with, until it had them.</summary>
    public int InitialVCpus { get; set; } = model.DesiredVCpus;

    /// <summary>When a type that could not be had may be asked for again; <see cref="long.MaxValue"/> for none.</summary>
    public long NextRetry { get; set; } = long.MaxValue;

    /// <summary>The type that could not be had last.</summary>
    public string? ScarceType { get; set; }

    public bool TakesJobs => Model.IsEnabled && Model.IsValid;

    public bool Launches => TakesJobs && Model.IsFleet && !Model.HasRoleFault && !Model.HasUnsupportedConfiguration;

    /// <summary>The architecture of all its types; null if it has none or is unmanaged.</summary>
    public Architecture? Architecture => _types.Length > 0 ? _types[0].Type.Architecture : null;

    /// <summary>It was updated; its instances stay as they are, and go after its new delay.</summary>
    public void Reconfigure(ComputeEnvironment model, FleetType[] types, IReadOnlyList<InstanceType> aboveBid)
    {
        AboveBid = aboveBid;
        InitialVCpus = InitialAfter(model);
        // What is known of a type stays known of it, for the instances that are on their way too.
        Dictionary<string, FleetType> before = _types.ToDictionary(type => type.Type.Name, StringComparer.Ordinal);
        _types = [.. types.Select(
            type => before.TryGetValue(type.Type.Name, out FleetType? known)
                ? known with { Type = type.Type, Usable = type.Usable, Rank = type.Rank }
                : type)];
        bool isOtherDelay = model.ScaleDownDelay != Model.ScaleDownDelay;
        Model = model;
        _hosts.Clear();
        if (isOtherDelay) Idle.ForEach(Appoint);
        Touch(scale: true);
    }

    /// <summary>What it starts out with after an update: more is wanted once, and what it had already is not wanted again.</summary>
    public int InitialAfter(ComputeEnvironment model) => model.DesiredVCpus > Model.DesiredVCpus ? model.DesiredVCpus : InitialVCpus;

    /// <summary>The types that host a shape, in the order of the strategy.</summary>
    public FleetType[] HostsOf(Shape shape)
    {
        if (_hosts.TryGetValue(shape, out FleetType[]? hosts)) return hosts;
        hosts = [.. _types.Where(type => Fits(type.Type, type.Usable, shape))];
        _hosts.Add(shape, hosts);
        return hosts;
    }

    /// <summary>Whether an instance of a type is large enough for a shape, and of its architecture.</summary>
    public static bool Fits(InstanceType type, Amount usable, Shape shape) =>
        shape.Amount.FitsIn(usable) && (shape.Architecture is null || shape.Architecture == type.Architecture);

    public bool Suits(Shape shape) => shape.Architecture is null || Architecture is null || shape.Architecture == Architecture;

    /// <summary>Whether its maximum allows one more job of a shape; always where the vCPUs of instances are counted.</summary>
    public bool Allows(Shape shape) =>
        !Model.CountsRequests || TotalMilliVCpus + shape.Amount.MilliVCpus <= Model.MaxVCpus * 1000L;

    /// <summary>For how many more waiting jobs of a shape it may have instances.</summary>
    public int MayCover(QueueDemand demand, long limit) => Model.CountsRequests
        ? (int)Math.Clamp((limit - TotalMilliVCpus - PromisedMilliVCpus) / Math.Max(1, demand.Shape.Amount.MilliVCpus), 0, demand.Uncovered)
        : demand.Uncovered;

    /// <summary>The first running instance with room, those without GPUs first where none is asked for.</summary>
    public Instance? FindRoom(Amount wanted)
    {
        if (wanted.Gpus == 0 && _plain.Find(wanted) is >= 0 and int plain) return _plainSlots[plain];
        return _withGpus.Find(wanted) is >= 0 and int slot ? _gpuSlots[slot] : null;
    }

    /// <summary>The first starting instance on which a waiting job more can be counted.</summary>
    public Instance? FindStarting(Amount wanted) => _starting.Find(wanted) is >= 0 and int slot ? _startingSlots[slot] : null;

    /// <summary>Puts an instance where it is found by its state.</summary>
    public void Enlist(Instance instance)
    {
        (CapacityTree tree, List<Instance?> slots) = TreeOf(instance);
        instance.Slot = tree.Add(instance.State is InstanceState.Starting ? instance.Unpromised : instance.Free);
        while (slots.Count <= instance.Slot) slots.Add(null);
        slots[instance.Slot] = instance;
    }

    /// <summary>Takes it out again; before its state changes.</summary>
    public void Delist(Instance instance)
    {
        (CapacityTree tree, List<Instance?> slots) = TreeOf(instance);
        tree.Remove(instance.Slot);
        slots[instance.Slot] = null;
    }

    /// <summary>Its room changed.</summary>
    public void Update(Instance instance)
    {
        (CapacityTree tree, _) = TreeOf(instance);
        tree.Set(instance.Slot, instance.State is InstanceState.Starting ? instance.Unpromised : instance.Free);
    }

    public void BecameIdle(Instance instance, long now)
    {
        instance.IdleSince = now;
        instance.IdleIndex = Idle.Count;
        Idle.Add(instance);
        Appoint(instance);
    }

    public void BecameBusy(Instance instance)
    {
        if (instance.IdleIndex < 0) return;
        Instance last = Idle[^1];
        Idle[instance.IdleIndex] = last;
        last.IdleIndex = instance.IdleIndex;
        Idle.RemoveAt(Idle.Count - 1);
        instance.IdleIndex = -1;
    }

    // The set delay does not count for an instance that never ran a job. (API ComputeScalingPolicy)
    public long IdleMilliseconds(Instance instance) =>
        (long)(instance.EverRan && Model.ScaleDownDelay is { } delay ? delay : ComputeEnvironment.DefaultIdleTime).TotalMilliseconds;

    /// <summary>There is more room, or another reason to look again.</summary>
    public void Touch(bool scale)
    {
        foreach (QueueState queue in Queues)
        {
            queue.IsDirty = true;
            queue.ScaleAll |= scale;
        }
    }

    // An earlier appointment counts no more.
    private void Appoint(Instance instance)
    {
        instance.IdleTurn++;
        if (Model.IsFleet && !(instance.EverRan && Model.ScaleDownDelay == TimeSpan.MaxValue))
            Appointments.Enqueue((instance, instance.IdleTurn), instance.IdleSince + IdleMilliseconds(instance));
    }

    private (CapacityTree Tree, List<Instance?> Slots) TreeOf(Instance instance) => instance.State is InstanceState.Starting
        ? (_starting, _startingSlots)
        : instance.HasGpus ? (_withGpus, _gpuSlots) : (_plain, _plainSlots);
}

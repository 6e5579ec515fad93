using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Deciding;
using Refrag.Scheduling.Simulation;

namespace Refrag.Engine.Placement.Fleets;

/// <summary>
/// What EC2 would do: when an instance that was asked for is up or refused, when Spot instances are reclaimed, and what the scenario
/// breaks. The same seed and the same launches give the same faults.
/// </summary>
internal sealed class FaultInjector
{
    // What chance puts beyond this never comes; the calendar ends somewhere.
    private const double MostHours = 24 * 365 * 100;

    // Docker's words for a registry that does not answer, as the agent hands them on.
    private const string Unreachable = "Error response from daemon: Get \"https://registry/v2/\": net/http: request canceled while waiting "
        + "for connection (Client.Timeout exceeded while awaiting headers); in the rehearsal's scenario the way to it is gone";

    private readonly PriorityQueue<FleetEvent, (DateTimeOffset At, int Number)> _agenda = new();
    private readonly List<Injection> _injections = [];
    private readonly Random _random;
    private readonly Scenario _scenario;
    private readonly DateTimeOffset _start;
    private int _number;

    public FaultInjector(Scenario scenario, DateTimeOffset start)
    {
        (_scenario, _start) = (scenario, start);
        _random = new Random((int)scenario.Seed);
        foreach (Injection injection in scenario.Injections) Inject(injection, start);
    }

    /// <summary>When something happens next; null for never.</summary>
    public DateTimeOffset? Next => _agenda.TryPeek(out _, out (DateTimeOffset At, int) first) ? first.At : null;

    /// <summary>Lets something go wrong. Its times count from <paramref name="from"/>.</summary>
    public void Inject(Injection injection, DateTimeOffset from)
    {
        TimeSpan shift = from - _start;
        Injection dated = injection with
        {
            From = injection.From + shift,
            Until = injection.Until == TimeSpan.MaxValue ? TimeSpan.MaxValue : injection.Until + shift,
        };
        _injections.Add(dated);
        Plan(_start + dated.From,
            new FleetEvent(dated is SpotReclaim ? FleetEventKind.Storm : FleetEventKind.Change, Begun: dated));
        if (dated.Until < TimeSpan.MaxValue) Plan(_start.Plus(dated.Until), new FleetEvent(FleetEventKind.Change));
    }

    /// <summary>An instance was asked for.</summary>
    public void Launched(Launch launch, DateTimeOffset now)
    {
        bool isRefused = On<InsufficientCapacity>(now).Any(rule => rule.Concerns(launch));
        TimeSpan delay = isRefused ? _scenario.Refusal : On<SlowStart>(now).Aggregate(_scenario.StartUp, (sum, slow) => sum + slow.Extra);
        Plan(now.Plus(delay), new FleetEvent(isRefused ? FleetEventKind.Refused : FleetEventKind.Up, launch.Instance));
    }

    /// <summary>A Spot instance is up: when it is reclaimed by chance, if the scenario has such a rate.</summary>
    public void CameUp(InstanceKey instance, string environment, DateTimeOffset now)
    {
        foreach (SpotRate rate in _injections.OfType<SpotRate>().Where(rate => rate.Concerns(environment)))
        {
            double hours = -Math.Log(1 - _random.NextDouble()) / rate.PerHour;
            if (hours > MostHours) continue;
            DateTimeOffset at = now.Plus(TimeSpan.FromHours(hours));
            if (rate.IsOn(at - _start)) Plan(at, new FleetEvent(FleetEventKind.Reclaimed, instance));
        }
    }

    /// <summary>The running instances that a storm reclaims.</summary>
    public IEnumerable<InstanceKey> ReclaimedBy(SpotReclaim storm, IReadOnlyList<InstanceKey> running)
    {
        int count = (int)Math.Ceiling(running.Count * storm.Part);
        return [.. running.OrderBy(_ => _random.Next()).Take(Math.Min(storm.Count ?? count, count))];
    }

    /// <summary>The next thing that has happened by now; null if there is none.</summary>
    public FleetEvent? Due(DateTimeOffset now) => Next <= now ? _agenda.Dequeue() : null;

    /// <summary>Whether the service role lacks a permission now.</summary>
    public bool HasRoleFault(string environment, DateTimeOffset now) => On<RoleFault>(now).Any(fault => fault.Environment == environment);

    /// <summary>Why a job's attempt fails before it starts, in ECS's words; null if it starts.</summary>
    /// <param name="environment">The environment that it starts in.</param>
    /// <param name="roles">The roles that the job names.</param>
    /// <param name="now">The time.</param>
    public string? StartFault(string environment, IEnumerable<string> roles, DateTimeOffset now)
    {
        ImageFault[] faults = [.. On<ImageFault>(now).Where(fault => fault.Environment is null || fault.Environment == environment)];
        if (faults.Length > 0)
        {
            return "CannotPullContainerError: " + (faults.All(fault => fault is EndpointGone)
                ? Unreachable
                : "the rehearsal's scenario lets no image be pulled");
        }
        RoleGone[] gone = [.. On<RoleGone>(now)];
        return gone.Length > 0 && roles.FirstOrDefault(role => gone.Any(one => one.Concerns(role))) is { } missing
            ? $"ECS was unable to assume the role '{missing}' that was provided for this task: in the rehearsal's scenario it is gone"
            : null;
    }

    /// <summary>When Batch says of a job that it is too large though an instance for it starts; null if it does not.</summary>
    /// <param name="runnable">Since when the job is RUNNABLE.</param>
    /// <param name="isStarting">Whether an instance for it starts in an environment, or in any for null.</param>
    /// <param name="now">The time.</param>
    public DateTimeOffset? MistakenAt(DateTimeOffset runnable, Predicate<string?> isStarting, DateTimeOffset now) =>
        On<TransientReason>(now).Where(one => isStarting(one.Environment)).Select(one => (DateTimeOffset?)runnable.Plus(one.After)).Min();

    private IEnumerable<T> On<T>(DateTimeOffset now)
        where T : Injection => _injections.OfType<T>().Where(one => one.IsOn(now - _start));

    private void Plan(DateTimeOffset at, FleetEvent fleetEvent) => _agenda.Enqueue(fleetEvent, (at, _number++));
}

/// <summary>What happens to fleets by itself, without a request.</summary>
internal enum FleetEventKind
{
    /// <summary>An instance takes jobs.</summary>
    Up,

    /// <summary>There is no capacity for it.</summary>
    Refused,

    /// <summary>It is taken back.</summary>
    Reclaimed,

    /// <summary>Several are.</summary>
    Storm,

    /// <summary>Something begins to go wrong, or ends to.</summary>
    Change,
}

/// <summary>One event of a fleet.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Instance">The instance to which it happens, if it is one.</param>
/// <param name="Begun">What begins to go wrong; null if nothing does.</param>
internal sealed record FleetEvent(FleetEventKind Kind, InstanceKey Instance = default, Injection? Begun = null);

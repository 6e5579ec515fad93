using Refrag.Aws.Batch;

namespace Refrag.Jobs;

/// <summary>Reads which capacity a job is for, and what of it contradicts the rest.</summary>
internal static class CapacityReader
{
    private const string SpotKey = "env.spot", AttemptsKey = "env.spot_attempts", ClassKey = "env.priority_class";

    public static CapacityChoice Read(ValueReader reader) => new()
    {
        Spot = reader.Text(SpotKey) switch
        {
            "first" => SpotUse.First,
            "only" => SpotUse.Only,
            "never" => SpotUse.Never,
            // What is not known is reported by the schema.
            _ => null,
        },
        SpotAttempts = reader.Whole(AttemptsKey, least: 1, BatchLimits.Attempts),
        OnDemand = Queues(reader, "on_demand"),
        Priority = reader.Text(ClassKey) switch
        {
            "high" => PriorityClass.High,
            "normal" => PriorityClass.Normal,
            "low" => PriorityClass.Low,
            _ => null,
        },
        High = Queues(reader, "high"),
        Low = Queues(reader, "low"),
        Claims = reader.Text("env.claims"),
    };

    /// <summary>What cannot be had together, or with the queues that are named.</summary>
    public static IEnumerable<Problem> Contradictions(JobSpec spec) =>
        new[] { Spot(spec), Attempts(spec), Claims(spec), Priority(spec) }.OfType<Problem>();

    private static Problem? Spot(JobSpec spec)
    {
        CapacityChoice capacity = spec.Capacity;
        // A multi-node job never runs on Spot. (UG multi-node-parallel-jobs)
        if (capacity.Spot is SpotUse.First or SpotUse.Only && spec.Nodes > 1)
            return Impossible(spec, $"nodes={spec.Nodes} asks for a multi-node job, which never runs on Spot", "Leave env.spot empty.");
        if (capacity.Spot == SpotUse.First && spec.ArraySize is { } size)
            return Impossible(
                spec, $"array_size={size} asks for an array, and Batch submits no child of an array again alone",
                "Run a sweep (-m), whose jobs move each for itself, or set env.spot=only or env.spot=never.");
        if (capacity.Spot == SpotUse.Never && spec.Queues.Manual is { } manual)
            return Impossible(spec, $"env.job_queue={manual} names the queue", "Leave env.job_queue empty to run on demand.");
        bool needsQueue = capacity.Spot == SpotUse.First || (capacity.Spot == SpotUse.Never && !IsDistributed(spec));
        if (!needsQueue) return null;
        if (capacity.OnDemand.For(spec.Requirements) is not { } queue) return NoQueue(spec);
        return queue == spec.Queues.Manual
            ? Impossible(spec, $"env.job_queue={queue} is the on-demand queue itself", "Leave env.job_queue empty.")
            // It travels in a tag, and a name that was changed on its way would be another queue.
            : BatchLimits.TagValue(queue) == queue ? null
            : Impossible(spec, $"{OnDemandKey(spec)} is longer than a tag", "Name the queue instead of its ARN.");
    }

    private static Problem? Attempts(JobSpec spec) =>
        spec.Capacity is { SpotAttempts: { } attempts, Spot: null or SpotUse.Never }
            ? new Problem
            {
                Code = "RF8136",
                What = $"{AttemptsKey}={attempts} has no effect without env.spot=first or env.spot=only",
                Cure = "Set env.spot, or use env.retries alone.",
                Place = spec.Places.Of(AttemptsKey),
            }
            : null;

    private static Problem? Claims(JobSpec spec) =>
        spec.Capacity.Claims is { } url && (Stores.StoreUrl.Parse(url) is null || BatchLimits.TagValue(url) != url)
            ? Refrag.Claims.ClaimStores.WrongStore(url, spec.Places.Of("env.claims"))
            : null;

    private static Problem? Priority(JobSpec spec)
    {
        if (spec.Capacity.Priority is not { } priority) return null;
        string word = Word(priority);
        if (spec.Priority is { } number && spec.ShareIdentifier is not null)
            return Refused(
                spec, $"env.priority={number} and {ClassKey}={word} say the same thing twice", "Leave one of them empty.");
        // A share has priorities of its own, and what is normal needs no queue of its own.
        if (spec.ShareIdentifier is not null || priority == PriorityClass.Normal) return null;
        if (spec.Queues.Manual is { } manual)
            return Refused(
                spec, $"{ClassKey}={word} chooses a queue, and env.job_queue={manual} names another", "Leave one of them empty.");
        if (spec.Capacity.Spot == SpotUse.Never || IsDistributed(spec))
            return Refused(
                spec, $"{ClassKey}={word} has no queue for jobs that are on demand or of several nodes",
                "Set env.share_identifier on a fair-share queue, or leave it empty.");
        KindQueues queues = priority == PriorityClass.High ? spec.Capacity.High : spec.Capacity.Low;
        if (queues.For(spec.Requirements) is not null) return null;
        return Refused(
            spec, $"{ClassKey}={word} needs a queue for such work, and env.{Kind(spec)}_{word}_job_queue names none",
            "Set batch_priority_queues = true in infra/terraform, run `refrag infra apply` and `refrag infra sync`; or set "
                + "env.share_identifier on a fair-share queue.");
    }

    /// <summary>The word of a priority class in the configuration.</summary>
    internal static string Word(PriorityClass priority) => priority switch
    {
        PriorityClass.High => "high",
        PriorityClass.Low => "low",
        _ => "normal",
    };

    /// <summary>Whether the job goes to a queue for jobs of several nodes, which are on demand.</summary>
    internal static bool IsDistributed(JobSpec spec) => spec.Nodes > 1 && spec.Queues.Distributed is not null;

    private static Problem NoQueue(JobSpec spec) => new()
    {
        Code = "RF8135",
        What = $"env.spot={SpotWord(spec)} needs an on-demand queue, and {OnDemandKey(spec)} "
            + "names none",
        Cure = "Set batch_on_demand_fallback = true in infra/terraform, run `refrag infra apply` and `refrag infra sync`; or name a queue: "
            + $"{OnDemandKey(spec)}=NAME.",
        Place = spec.Places.Of(SpotKey),
    };

    private static Problem Impossible(JobSpec spec, string why, string cure) => new()
    {
        Code = "RF8136",
        What = $"env.spot={SpotWord(spec)} cannot be had: {why}",
        Cure = cure,
        Place = spec.Places.Of(SpotKey),
    };

    private static Problem Refused(JobSpec spec, string what, string cure) => new()
    {
        Code = "RF8137",
        What = what,
        Cure = cure,
        Place = spec.Places.Of(ClassKey),
    };

    private static string SpotWord(JobSpec spec) => spec.Capacity.Spot switch
    {
        SpotUse.First => "first",
        SpotUse.Only => "only",
        _ => "never",
    };

    private static string OnDemandKey(JobSpec spec) => $"env.{Kind(spec)}_on_demand_job_queue";

    private static string Kind(JobSpec spec) => spec.Requirements.Gpus.Value > 0 ? "gpu" : "cpu";

    private static KindQueues Queues(ValueReader reader, string name) =>
        new(reader.Text($"env.cpu_{name}_job_queue"), reader.Text($"env.gpu_{name}_job_queue"));
}

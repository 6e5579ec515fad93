using System.Globalization;
using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Deciding;
using Refrag.Scheduling.Environments;
using Refrag.Scheduling.Fitting;
using Refrag.Scheduling.Queues;

namespace Refrag.Scheduling.Explaining;

/// <summary>
/// What would get a job going. Each idea is tried: the core decides on a copy of the cluster with the change made, instances that it
/// launches come up, and only what really starts the job is reported.
/// </summary>
internal static class Cures
{
    public static IEnumerable<StartCure> Find(Cluster cluster, Job job, Job head, DateTimeOffset now)
    {
        ClusterSnapshot alone = Alone(cluster, job, now);
        bool? startsAnyway = Try(cluster, alone, job, now);
        // Nothing is wrong with the job itself: whatever it waits for stands before it in the line.
        if (startsAnyway is not null)
        {
            if (head != job)
                yield return new StartCure(
                    $"cancel or move {head.Request.Id}, which is at the head of the queue and keeps it waiting", startsAnyway.Value);
            yield break;
        }
        foreach ((StartCure cure, ClusterSnapshot changed) in Ideas(cluster, alone, job, now))
        {
            if (Try(cluster, changed, job, now) is { } atOnce) yield return cure with { StartsAtOnce = atOnce };
        }
    }

    private static IEnumerable<(StartCure Cure, ClusterSnapshot Changed)> Ideas(
        Cluster cluster, ClusterSnapshot alone, Job job, DateTimeOffset now)
    {
        foreach (EnvironmentState state in job.Queue.Environments)
        {
            ComputeEnvironment model = state.Model;
            // Faults come together: what is not enabled may also be too small. One is mended after the other, and the cure names all of
            // them.
            (string Text, ComputeEnvironment Mended) mended = Mend(model, job.Shape);
            if (mended.Text.Length > 0) yield return (new StartCure(mended.Text, false, model.Name), With(alone, mended.Mended));
            Fit? fit = EnvironmentExplainer.Explain(cluster, state, job.Shape, now.ToUnixTimeMilliseconds()).Types;
            foreach (Change change in fit?.Changes ?? [])
            {
                string text = Join(mended.Text, change is AddType added ? Add(added, model) : change.Text);
                yield return (new StartCure(text, false, model.Name, change), Apply(alone, mended.Mended, job, change));
            }
            if (fit is { Fits: true } && Other(cluster, state, job, fit) is { } other)
                yield return (new StartCure(Add(other, model), false, model.Name, other),
                    Apply(alone, model, job, other));
            if (model.IsFleet && model.IsEnabled && model.IsValid && Raised(state, job.Shape) is { } raised)
            {
                string text = $"raise the maximum of {model.Name} from {model.MaxVCpus} to {raised} vCPUs";
                yield return (new StartCure(text, false, model.Name), With(alone, model with { MaxVCpus = raised }));
            }
        }
        if (job.Queue.Model.FairShare is { ComputeReservation: > 0 } policy)
        {
            JobQueue queue = job.Queue.Model with { FairShare = policy with { ComputeReservation = 0 } };
            yield return (new StartCure($"lower computeReservation of {queue.Name} from {policy.ComputeReservation} to 0", false),
                With(alone, queue));
        }
    }

    private static (string Text, ComputeEnvironment Mended) Mend(ComputeEnvironment model, Shape shape)
    {
        string text = "";
        ComputeEnvironment mended = model;
        if (!model.IsValid) (text, mended) = (Join(text, $"repair {model.Name}, which is INVALID"), mended with { IsValid = true });
        if (!model.IsEnabled) (text, mended) = (Join(text, $"enable {model.Name}"), mended with { IsEnabled = true });
        if (model.HasRoleFault)
            (text, mended) = (Join(text, $"give the {model.RoleText} of {model.Name} the permission it lacks"),
                mended with { HasRoleFault = false });
        if (model.HasUnsupportedConfiguration)
            (text, mended) = (Join(text, $"give {model.Name} an image that its instance types support"),
                mended with { HasUnsupportedConfiguration = false });
        int needed = (int)((shape.TotalMilliVCpus + 999) / 1000);
        if (model.Kind is not ComputeEnvironmentKind.Unmanaged && model.MaxVCpus < needed)
        {
            string raise =
                string.Create(CultureInfo.InvariantCulture, $"raise the maximum of {model.Name} from {model.MaxVCpus} to {needed} vCPUs");
            (text, mended) = (Join(text, raise), mended with { MaxVCpus = needed });
        }
        return (text, mended);
    }

    private static string Add(AddType change, ComputeEnvironment model) =>
        $"add {change.Type.Name} to the {model.TypesText} of {model.Name}";

    private static string Join(string first, string second) => first.Length == 0 ? second : $"{first}, and {second}";

    // Enough for one more instance beside all there are.
    private static int? Raised(EnvironmentState state, Shape shape) => state.HostsOf(shape) is { Length: > 0 } hosts
        ? (int)((state.TotalMilliVCpus + 999) / 1000) + (state.Model.CountsRequests
            ? (shape.Amount.MilliVCpus + 999) / 1000
            : hosts.Min(type => type.Type.VCpus) * shape.Nodes)
        : null;

    // A type that hosts the job and is of none of the families that cannot be had.
    private static AddType? Other(Cluster cluster, EnvironmentState state, Job job, Fit fit)
    {
        HashSet<string> families = [.. fit.Hosts.Select(host => host.Type.Family)];
        Catalogue.InstanceType? other = cluster.Catalogue.Offered
            .Where(type => !families.Contains(type.Family)
            && (state.Architecture is not { } architecture || architecture == type.Architecture))
            .Where(type => TypeFit.Of(job.Shape.Requirement, type).IsSure && type.IsCurrent && !type.IsBareMetal
                && (type.Accelerator is null) == (job.Shape.Amount.Gpus == 0))
            .MinBy(type => (cluster.Prices.Find(type.Name)?.OnDemand ?? decimal.MaxValue, type.VCpus));
        return other is null ? null : new AddType(other);
    }

    private static ClusterSnapshot Apply(ClusterSnapshot alone, ComputeEnvironment model, Job job, Change change) => change switch
    {
        AddType add => With(alone, model with { InstanceTypes = [.. model.InstanceTypes, add.Type.Name] }),
        LowerRequest lower => With(alone, model) with
        {
            Jobs = [.. alone.Jobs.Select(one => one.Request.Id == job.Request.Id
                ? one with { Request = one.Request with { Requirement = one.Request.Requirement with { Amount = lower.To } } }
                : one)],
        },
        _ => alone,
    };

    private static ClusterSnapshot With(ClusterSnapshot snapshot, ComputeEnvironment model) =>
        snapshot with { Environments = [.. snapshot.Environments.Select(one => one.Name == model.Name ? model : one)] };

    private static ClusterSnapshot With(ClusterSnapshot snapshot, JobQueue model) =>
        snapshot with { Queues = [.. snapshot.Queues.Select(one => one.Name == model.Name ? model : one)] };

    // All that runs, and of the waiting jobs this one alone.
    private static ClusterSnapshot Alone(Cluster cluster, Job job, DateTimeOffset now)
    {
        ClusterSnapshot snapshot = cluster.Snapshot(now);
        return snapshot with { Jobs = [.. snapshot.Jobs.Where(one => one.Environment is not null || one.Request.Id == job.Request.Id)] };
    }

    // Whether it starts, and whether at once; null if it does not.
    private static bool? Try(Cluster original, ClusterSnapshot snapshot, Job job, DateTimeOffset now)
    {
        Cluster copy = Cluster.From(snapshot, now, original.Catalogue, original.Prices);
        copy.CopyScarcity(original);
        Plan plan = copy.Decide(now);
        if (Starts(plan, job)) return true;
        foreach (InstanceSnapshot starting in copy.Snapshot(now).Instances.Where(one => one.IsStarting)) copy.InstanceUp(starting.Key, now);
        return Starts(copy.Decide(now), job) ? false : null;
    }

    private static bool Starts(Plan plan, Job job) => plan.Placements.Any(one => one.JobId == job.Request.Id);
}

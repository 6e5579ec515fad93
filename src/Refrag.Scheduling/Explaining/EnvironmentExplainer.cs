using System.Globalization;
using Refrag.Scheduling.Blocking;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Deciding;
using Refrag.Scheduling.Environments;
using Refrag.Scheduling.Fitting;

namespace Refrag.Scheduling.Explaining;

/// <summary>What one environment says to one job.</summary>
internal static class EnvironmentExplainer
{
    public static EnvironmentExplanation Explain(Cluster cluster, EnvironmentState environment, Shape shape, long now)
    {
        Verdict verdict = Judge(environment, shape, now);
        Fit? types = environment.Model.IsFleet
            ? Fit.Check(shape.Requirement, [.. environment.Types.Select(type => type.Type)], cluster.Catalogue, cluster.Prices)
            : null;
        HostFit[] hosts = environment.Model.Kind is ComputeEnvironmentKind.Unmanaged
            ? [.. environment.Capacities.Select(one => new HostFit(one.Key, one.Value, Shortfall.Between(shape.Amount, one.Key)))]
            : [];
        return new EnvironmentExplanation
        {
            Name = environment.Model.Name,
            Verdict = verdict,
            Text = Text(environment, shape, verdict, types, hosts),
            Types = types,
            Hosts = hosts,
            UsedVCpus = environment.TotalMilliVCpus / 1000m,
            MaxVCpus = environment.Model.Kind is ComputeEnvironmentKind.Unmanaged ? null : environment.Model.MaxVCpus,
        };
    }

    private static Verdict Judge(EnvironmentState environment, Shape shape, long now)
    {
        if (!environment.Model.IsValid) return Verdict.Invalid;
        if (!environment.Model.IsEnabled) return Verdict.Disabled;
        if (shape.Nodes > 1 && !environment.Model.TakesNodes) return Verdict.NoNodes;
        if (!BlockedCauseFinder.IsWithinMaximum(environment, shape)) return Verdict.AboveMaximum;
        if (environment.Model.Kind is ComputeEnvironmentKind.Unmanaged && environment.Instances.Count == 0) return Verdict.Empty;
        if (!BlockedCauseFinder.Hosts(environment, shape)) return Verdict.TooSmall;
        if (!BlockedCauseFinder.MayLaunch(environment, shape)) return Verdict.AboveMaximum;
        if (HasRoom(environment, shape)) return Verdict.HasRoom;
        if (environment.Model.HasUnsupportedConfiguration) return Verdict.Unsupported;
        if (environment.Model.HasRoleFault) return Verdict.RoleFault;
        if (BlockedCauseFinder.IsScarce(environment, shape, now)) return Verdict.NoCapacity;
        return CanGrow(environment, shape) ? Verdict.CanGrow : Verdict.IsFull;
    }

    private static bool HasRoom(EnvironmentState environment, Shape shape)
    {
        if (shape.Nodes > 1) return environment.Idle.Count(one => shape.Amount.FitsIn(one.Capacity)) >= shape.Nodes;
        if (environment.Model.IsFargate) return environment.TotalMilliVCpus + shape.Amount.MilliVCpus <= environment.Model.MaxVCpus * 1000L;
        return environment.Allows(shape) && environment.FindRoom(shape.Amount) is not null;
    }

    private static bool CanGrow(EnvironmentState environment, Shape shape)
    {
        if (!environment.Model.IsFleet || !environment.Allows(shape)) return false;
        if (environment.Instances.Values.Any(one => one.State is InstanceState.Starting && shape.Amount.FitsIn(one.Capacity))) return true;
        long room = (environment.Model.MaxVCpus * 1000L) - environment.TotalMilliVCpus;
        bool isStrict = environment.Model is { Kind: ComputeEnvironmentKind.Ec2, Strategy: AllocationStrategy.BestFit };
        if (environment.Model.CountsRequests) return true;
        return isStrict ? environment.HostsOf(shape).Any(type => type.Type.VCpus * 1000L <= room) : room > 0;
    }

    private static string Text(EnvironmentState environment, Shape shape, Verdict verdict, Fit? types, HostFit[] hosts)
    {
        string name = environment.Model.Name;
        string used =
            string.Create(
                CultureInfo.InvariantCulture, $"{environment.TotalMilliVCpus / 1000m} of {environment.Model.MaxVCpus} vCPUs ")
                // Of managed instances the maximum counts what jobs ask for. (API ComputeResource.maxvCpus)
                + (environment.Model.CountsRequests ? "asked for" : "in use");
        return verdict switch
        {
            Verdict.HasRoom => $"{name} has room on an instance that runs",
            Verdict.CanGrow => $"{name} can launch an instance for it ({used})",
            Verdict.IsFull when environment.Model.Kind is ComputeEnvironmentKind.Unmanaged =>
                $"{name} could host it, but everything is taken",
            Verdict.IsFull => $"{name} could host it, but all is taken and it may not grow ({used})",
            Verdict.NoCapacity => $"{name} cannot grow: EC2 has no capacity for {environment.ScarceType}",
            Verdict.TooSmall when BlockedCauseFinder.Missing([environment], shape) is { } missing =>
                $"{name} has no type for it. {missing}",
            Verdict.TooSmall => $"{name} has nothing large enough: {Nearest(environment, shape, types, hosts)}",
            Verdict.AboveMaximum when BlockedCauseFinder.IsWithinMaximum(environment, shape) => string.Create(
                CultureInfo.InvariantCulture,
                $"{name} may have {environment.Model.MaxVCpus} vCPUs, and BEST_FIT would launch {Wanted(environment, shape)}"),
            Verdict.AboveMaximum => string.Create(
                CultureInfo.InvariantCulture,
                $"{name} may have {environment.Model.MaxVCpus} vCPUs, the job needs {shape.TotalMilliVCpus / 1000m}"),
            Verdict.NoNodes => $"{name} takes no multi-node jobs ({environment.Model.Kind})",
            Verdict.Disabled => $"{name} is DISABLED",
            Verdict.Invalid => $"{name} is INVALID",
            Verdict.RoleFault => $"{name} cannot launch instances: its {environment.Model.RoleText} lacks a permission",
            Verdict.Unsupported => $"{name} cannot launch instances: its instance types and its image do not go together",
            _ => $"{name} has no instances, and only you can add some",
        };
    }

    private static string Wanted(EnvironmentState environment, Shape shape)
    {
        InstanceType type = environment.HostsOf(shape)[0].Type;
        return string.Create(CultureInfo.InvariantCulture, $"a {type.Name} of {type.VCpus}");
    }

    private static string Nearest(EnvironmentState environment, Shape shape, Fit? types, HostFit[] hosts)
    {
        if (types is { Misses: [{ } nearest, ..] })
            return $"the nearest is {nearest.Type.Name}, but the job {string.Join(" and ", nearest.Shortfalls)}";
        if (environment.Model.IsFargate)
        {
            return FargateSizes.RoundUp(shape.Amount) is { } size
                ? $"{shape.Amount} is not a size of Fargate; the next larger one is {size}"
                : $"Fargate has no size of {shape.Amount}";
        }
        HostFit? host = hosts.MinBy(one => one.Shortfalls.Sum(lack => lack.Part));
        return host is null
            ? "it lists no instance types"
            : $"of a host with {host.Capacity} the job {string.Join(" and ", host.Shortfalls)}";
    }
}

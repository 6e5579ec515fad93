using Refrag.Aws.Batch;
using Refrag.Monitoring;

namespace Refrag.Diagnosis;

/// <summary>The environments: gone, disabled, invalid, without room for a single vCPU, or failing to start instances.</summary>
internal static class EnvironmentCauses
{
    private const string Invalid = "environment-invalid";

    /// <summary>The codes of an environment that is not in order.</summary>
    public static IReadOnlySet<string> Codes { get; } =
        new HashSet<string>(
            ["environment-missing", Invalid, "environment-disabled", "max-vcpus", "eks-namespace",
                .. EnvironmentSigns.All.Select(sign => sign.Code)],
            StringComparer.Ordinal);

    public static IEnumerable<Cause> Find(Situation s)
    {
        if (s.Environments.Count == 0) yield break;
        foreach (QueueEnvironment environment in s.Environments)
        {
            if (Of(environment, s) is not { } cause) continue;
            // What IAM says of its role is more exact than that it is INVALID.
            if (cause.Code == Invalid && environment.Detail?.Status == CEStatus.Invalid
                && s.Account.Roles.Any(r => r.Environment == environment.Name)) continue;
            // One broken environment of several stops nothing where another can host the job; that it could not is reported by the fit.
            if (!s.Working.Any(w => w.Name != environment.Name && FitCauses.CanHost(s, w) && Of(w, s) is null)) yield return cause;
            else if (WaitCauses.MayNeedAnother(s)) yield return cause with { Confidence = Confidence.Possible };
        }
    }

    /// <summary>What is wrong with one environment; null if nothing is.</summary>
    public static Cause? Of(QueueEnvironment environment, Situation s)
    {
        string name = environment.Name;
        if (environment.Detail is not { } detail)
        {
            return new Cause("environment-missing", $"Compute environment {name} does not exist any more", Confidence.Certain,
                [Is(name, "status", null,
                    $"queue {s.QueueName} names it, DescribeComputeEnvironments does not know it")],
                [Without(name, s)]);
        }
        if (detail.Status is CEStatus.Invalid or CEStatus.Deleting or CEStatus.Deleted)
        {
            if (Fault(detail) is { } fault && detail.Status == CEStatus.Invalid)
                return fault with { Evidence = [Is(name, "status", CEStatus.Invalid, $"{name} is INVALID"), .. fault.Evidence] };
            // That it is INVALID is certain; what made it so is not known from words that are not known.
            return new Cause(Invalid, $"Compute environment {name} is {detail.Status}",
                detail.Status == CEStatus.Invalid ? Confidence.Likely : Confidence.Certain,
                [Is(name, "statusReason", detail.StatusReason)],
                [new Cure("Repair what the reason names, then update or recreate it",
                    $"aws batch describe-compute-environments --compute-environments {name}")
                {
                    Assumed = Repaired(detail),
                }]);
        }
        if (detail.State == CEState.Disabled)
        {
            return new Cause("environment-disabled", $"Compute environment {name} is disabled: it starts no instances", Confidence.Certain,
                [Is(name, "state", detail.State)],
                [EnvironmentChanges.Enable(name, detail)]);
        }
        if (detail.ComputeResources is { MaxvCpus: 0 })
        {
            int raised = Math.Max(1, (s.Needs.Amount.MilliVCpus + 999) / 1000 * s.Needs.Nodes);
            return new Cause("max-vcpus", $"Compute environment {name} may have 0 vCPUs: it starts no instances", Confidence.Certain,
                [Is(name, "maxvCpus", "0")],
                [EnvironmentChanges.Raise("Raise its maximum", name, detail, Math.Max(16, raised))]);
        }
        return Fault(detail);
    }

    // The other environments of the queue are known; without any, its new one is the user's to name.
    private static Cure Without(string name, Situation s)
    {
        string[] rest = [.. s.Environments.Where(e => e.Name != name && e.Detail is not null).Select(e => e.Name)];
        string order = rest.Length == 0 ? "order=1,computeEnvironment=NAME"
            : string.Join(' ', rest.Select((one, at) => $"order={at + 1},computeEnvironment={one}"));
        return new Cure(rest.Length == 0 ? "Give the queue another one" : "Take it out of the queue",
            $"aws batch update-job-queue --job-queue {s.QueueName} --compute-environment-order {order}")
        {
            Assumed = rest.Length == 0 ? null : c => c with { Environments = [.. c.Environments.Where(e => e.Name != name)] },
        };
    }

    // Batch checks the namespace that an EKS environment names. (UG, troubleshooting AWS Batch on Amazon EKS)
    private static Cause Namespace(ComputeEnvironmentDetail detail, EksConfiguration eks, string reason) => new("eks-namespace",
        $"Compute environment {detail.ComputeEnvironmentName} cannot use the Kubernetes namespace {eks.KubernetesNamespace}",
        Confidence.Likely,
        [Is(detail.ComputeEnvironmentName, "statusReason", reason)],
        [new Cure("Make it, if it does not exist, and give Batch its role there", $"kubectl create namespace {eks.KubernetesNamespace}")
        {
            Assumed = Repaired(detail),
        }]);

    private static Evidence Is(string environment, string member, string? value, string? text = null) =>
        Evidence.Of(FactSource.ComputeEnvironment, environment, member, value, text);

    private static Func<Situation, Situation> Repaired(ComputeEnvironmentDetail detail) => s => EnvironmentChanges.With(
        s, detail.ComputeEnvironmentName, detail with { Status = CEStatus.Valid, StatusReason = null });

    /// <summary>Whether an environment's reason has words that show what is wrong with it.</summary>
    public static bool TellsWhy(ComputeEnvironmentDetail detail) => Fault(detail) is not null;

    // A healthy environment says "ComputeEnvironment Healthy".
    private static Cause? Fault(ComputeEnvironmentDetail detail)
    {
        string reason = detail.StatusReason ?? "";
        if (reason.Length == 0 || reason.Contains("Healthy", StringComparison.OrdinalIgnoreCase)) return null;
        if (detail.EksConfiguration is { } eks && AwsWords.Has(reason, "namespace")) return Namespace(detail, eks, reason);
        // The cluster of an EKS environment is the user's own, and is named in reasons of other kinds.
        if (EnvironmentSigns.Find(reason, detail.EksConfiguration is null ? null : "cluster-gone") is not { } sign) return null;
        return new Cause(sign.Code, $"Compute environment {detail.ComputeEnvironmentName} cannot start instances: {sign.What}",
            Confidence.Likely,
            [Is(detail.ComputeEnvironmentName, "statusReason", reason)],
            [new Cure(sign.Cure, sign.Command)
            {
                Assumed = Repaired(detail),
            }]);
    }
}

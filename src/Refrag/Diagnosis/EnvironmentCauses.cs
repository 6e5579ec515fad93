using Refrag.Aws.Batch;
using Refrag.Monitoring;

namespace Refrag.Diagnosis;

/// <summary>The environments: gone, disabled, invalid, without room for a single vCPU, or failing to start instances.</summary>
internal static class EnvironmentCauses
{
    // Words of AWS's in an environment's reason; the more exact before the more general.
    private static readonly (string[] Words, string Code, string What, string Cure, string? Command)[] s_faults =
    [
        (["VcpuLimitExceeded", "vCPU limit", "vCPU capacity than your current", "MaxSpotInstanceCountExceeded", "InstanceLimitExceeded",
            "Max spot instance count exceeded"],
            "ec2-quota", "the account's EC2 vCPU quota is used up",
            "Ask for a higher quota, or use instances of another family", "aws service-quotas list-service-quotas --service-code ec2"),
        (["MaxFleetCountExceeded", "MaxSpotFleetRequestCountExceeded", "reached your quota", "VolumeLimitExceeded",
            "reached the limit on the number of tasks"],
            "ec2-quota", "a quota of the account on EC2 or Fargate is used up",
            "Ask for a higher quota of what the reason names", "aws service-quotas list-service-quotas --service-code ec2"),
        // EC2 says no more of a volume whose key it may not use. (Auto Scaling User Guide, troubleshooting: Client.InternalError)
        (["AWS KMS key", "KMS key", "kms:CreateGrant", "KMSKeyNotAccessible", "InvalidKMSKey.InvalidState", "Client.InternalError"],
            "kms-key", "its instances' volumes are encrypted with a key that may not be used",
            "Let the Auto Scaling role AWSServiceRoleForAutoScaling use the key, and for Spot AWSServiceRoleForEC2Spot too", null),
        (["InsufficientInstanceCapacity", "UnfulfillableCapacity", "no Spot capacity", "InsufficientHostCapacity",
            "capacity-not-available"], "no-capacity", "AWS has no such instances to give at the moment",
            "Add instance types or zones, or an on-demand environment behind it", "refrag envs"),
        (["SpotMaxPriceTooLow", "bid price", "price-too-low"], "spot-price", "its limit on the Spot price is below the market",
            "Leave bidPercentage at 100", null),
        (["InsufficientFreeAddressesInSubnet", "free addresses"], "no-addresses", "its subnets have no free addresses",
            "Add subnets, or larger ones", null),
        (["spotIamFleetRole", "Spot Fleet role", "SpotFleet role", "fleet role", "AWSServiceRoleForEC2Spot",
            "ServiceLinkedRoleCreationNotPermitted"], "spot-role",
            "the Spot fleet's role is missing",
            "Make the role", "aws iam create-service-linked-role --aws-service-name spot.amazonaws.com"),
        (["IamFleetRole"], "spot-role", "its Spot fleet role is missing, or may not be taken on by spotfleet.amazonaws.com",
            "Name a role that exists and trusts spotfleet.amazonaws.com, or another allocation strategy than BEST_FIT, which needs none",
                null),
        (["not linked to the VPCs", "belong to different networks", "different VPC", "different VPCs"], "security-group",
            "a security group of it is of another VPC than its subnets", "Name security groups of the subnets' VPC", null),
        (["instance profile", "iamInstanceProfile", "instanceRole"], "instance-role", "its instance profile is missing or wrong",
            "Name an instance profile that exists and has AmazonEC2ContainerServiceforEC2Role", null),
        (["launch template", "LaunchTemplate", "InvalidLaunchTemplateId", "InvalidLaunchTemplateName"], "launch-template",
            "its launch template is missing or wrong",
            "Name a version of a launch template that exists, and update the environment", null),
        (["InvalidAMI", "InvalidAMIID", "image id", "ImageId", "AMI"], "machine-image", "its machine image is missing or wrong",
            "Leave imageId out, or name one of this region", null),
        (["subnet", "subnets", "subnetId"], "subnet", "a subnet of it is missing or wrong", "Name subnets that exist", null),
        (["security group", "security groups", "securityGroup", "InvalidGroup", "InvalidGroup.NotFound"], "security-group",
            "a security group of it is missing or wrong",
            "Name security groups of the subnets' network", null),
        (["(Unsupported)", "Unsupported:", "InvalidInstanceType", "instance type", "instance types", "InvalidParameterValue"],
            "instance-configuration", "an instance type of it is not offered there", "Name types that the region and the zones offer",
                null),
        (["service role", "ServiceRole", "sts:AssumeRole", "not authorized", "AccessDenied", "UnauthorizedOperation",
            "CLIENT_ERROR - Access"], "service-role", "Batch's service role cannot do what it must",
                "Repair the role: it needs AWSBatchServiceRole's permissions and must trust batch.amazonaws.com", "refrag doctor"),
        (["from joining", "not join", "not register", "failed to join", "unable to join"], "instances-do-not-join",
            "its instances do not join the cluster",
            "See that they reach ECS (NAT, public addresses or endpoints), their role, and what the image or the launch template changes",
            "refrag doctor"),
        (["ecs cluster", "ECS cluster", "ClusterNotFound", "ClusterNotFoundException", "cluster", "clusters"], "cluster-gone",
            "its ECS cluster was deleted",
            "Make the environment anew; Batch owns its cluster", null),
    ];

    private const string Invalid = "environment-invalid";

    /// <summary>The codes of an environment that is not in order.</summary>
    public static IReadOnlySet<string> Codes { get; } =
        new HashSet<string>(
            ["environment-missing", Invalid, "environment-disabled", "max-vcpus", "eks-namespace",
                .. s_faults.Select(f => f.Code)],
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
        foreach ((string[] words, string code, string what, string cure, string? command) in s_faults)
        {
            if (!words.Any(w => AwsWords.Has(reason, w))) continue;
            // The cluster of an EKS environment is the user's own, and is named in reasons of other kinds.
            if (code == "cluster-gone" && detail.EksConfiguration is not null) continue;
            return new Cause(code, $"Compute environment {detail.ComputeEnvironmentName} cannot start instances: {what}",
                Confidence.Likely,
                [Is(detail.ComputeEnvironmentName, "statusReason", reason)],
                [new Cure(cure, command)
                {
                    Assumed = Repaired(detail),
                }]);
        }
        return null;
    }
}

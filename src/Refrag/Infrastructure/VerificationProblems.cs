using System.Globalization;
using Refrag.Aws.Ec2;
using Refrag.Quotas;

namespace Refrag.Infrastructure;

/// <summary>What can be wrong with a deployed stack. RF6020–RF6027.</summary>
internal static class VerificationProblems
{
    public static Problem Missing(string kind, string name) => new()
    {
        Code = "RF6020",
        What = $"the {kind} {name} does not exist",
        Cause = "it was removed outside Terraform, or the region or account is another",
        Cure = "Run `refrag infra apply`, which makes it again.",
    };

    public static Problem Disabled(string kind, string name, string? state) => new()
    {
        Code = "RF6021",
        What = $"the {kind} {name} is {state ?? "in no known state"}, not ENABLED",
        Cure = "Run `refrag infra apply`, which enables it; if a migrate or rollback is under way, finish that first.",
    };

    public static Problem Invalid(string kind, string name, string status, string? reason) => new()
    {
        Code = "RF6022",
        What = $"the {kind} {name} is {status}, not VALID",
        Cause = reason,
        Cure = "Correct what the reason names; while it says CREATING or UPDATING, ask again in a minute.",
    };

    public static Problem NoFit(string definition, string queue, DefinitionFit request, IReadOnlyList<InstanceTypeInfo> types) => new()
    {
        Code = "RF6023",
        What = $"no instance type of {queue} can host {definition} ({request})",
        Cause = types.Count == 0
            ? "none of the listed types is offered"
            : $"the largest is {Largest(types)}, and a host surely offers 95 % of its memory",
        Cure = "Add a larger type to batch_cpu_instance_types or batch_gpu_instance_types, or make the definition smaller; then `refrag "
            + "infra apply`.",
    };

    public static Problem NotOffered(string environment, IReadOnlyList<string> types, string region) => new()
    {
        Code = "RF6024",
        What = $"{environment} lists {string.Join(", ", types)}, which EC2 does not offer in {region}",
        Cause = "Batch cannot start hosts of such a type",
        Cure = "Correct batch_cpu_instance_types or batch_gpu_instance_types and run `refrag infra apply`; "
            + "`aws ec2 describe-instance-type-offerings` lists what the region has.",
    };

    public static Problem NoImage(string image) => new()
    {
        Code = "RF6025",
        What = $"the image {image} does not exist",
        Cause = "jobs that use it fail while they start",
        Cure = "Push it, or name another with job_image_tag or job_image and run `refrag infra apply`.",
    };

    public static Problem NoLogGroup(string name) => new()
    {
        Code = "RF6026",
        What = $"the log group {name} does not exist",
        Cause = "what jobs print would be lost, and with some log settings they would not start",
        Cure = "Run `refrag infra apply`, which makes it again.",
    };

    public static Problem NoQuota(InstanceQuota quota, double value, IReadOnlyList<string> environments, int smallest, int wanted) => new()
    {
        Code = "RF6027",
        What = string.Create(CultureInfo.InvariantCulture,
            $"the account's EC2 quota of {quota.Families} {quota.Market} vCPUs is {value:0.##}, "
            + $"and the smallest type of {string.Join(" and ", environments)} has {smallest}"),
        Cause = "EC2 starts no instance, and jobs stay RUNNABLE",
        Cure = $"Ask for a higher quota, which can take days: `{QuotaVerification.Request(quota, wanted)}`.",
    };

    private static string Largest(IReadOnlyList<InstanceTypeInfo> types)
    {
        InstanceTypeInfo largest = types.OrderBy(t => t.Gpus).ThenBy(t => t.MemoryMiB).ThenBy(t => t.VCpus).Last();
        return $"{largest.Name} with {largest.VCpus} vCPU, {largest.MemoryMiB} MiB{(largest.Gpus > 0 ? $", {largest.Gpus} GPU" : "")}";
    }
}

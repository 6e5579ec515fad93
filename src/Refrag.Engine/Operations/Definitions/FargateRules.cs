using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Jobs.Plans;
using Refrag.Scheduling;
using Refrag.Scheduling.Catalogue;

namespace Refrag.Engine.Operations.Definitions;

/// <summary>
/// What holds for containers on Fargate. (API ContainerProperties, LinuxParameters, Host, LogConfiguration: members that are not
/// applicable to Fargate and shouldn't be provided; API ResourceRequirement: the sizes)
/// </summary>
internal static class FargateRules
{
    /// <summary>Finds what is wrong with a definition's container.</summary>
    public static void Check(ContainerProperties container, Action<string> wrong)
    {
        if (string.IsNullOrEmpty(container.ExecutionRoleArn)) wrong("executionRoleArn must be given for Fargate");
        // AWS's own words of the first two.
        if (container.Vcpus is not null) wrong("vcpus is not applicable for Fargate. Use resource requirements instead");
        if (container.Memory is not null) wrong("memory is not applicable for Fargate. Use resource requirements instead");
        foreach (string member in FargateMembers.NotApplicable(container)) wrong($"{member} must not be given for Fargate");
        if (container.LogConfiguration is { LogDriver: not (LogDriver.Awslogs or LogDriver.Splunk) and var driver })
            wrong($"the log driver {driver} is not available on Fargate. Use awslogs or splunk");
        CheckSize(RequirementRules.Read(RequirementRules.Merge(container, overrides: null), wrong), wrong);
    }

    /// <summary>Finds whether Fargate has a size; what has no vCPUs or no memory is reported elsewhere.</summary>
    public static void CheckSize(Demand demand, Action<string> wrong)
    {
        if (demand.Gpus.Value > 0) wrong("there are no GPUs on Fargate");
        if (demand.VCpus.Value <= 0 || demand.Memory.Value <= 0) return;
        Amount size = Amount.Of(demand.VCpus, demand.Memory, new Gpus(0));
        if (!FargateSizes.Accepts(size))
            wrong($"Fargate has no size of {demand}{Next(size)}");
    }

    private static string Next(Amount size) =>
        FargateSizes.RoundUp(size) is { } up ? $". The next is {up.VCpus} vCPUs and {up.MemoryMiB} MiB" : "";
}

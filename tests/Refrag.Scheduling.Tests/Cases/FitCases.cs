using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Fitting;
using static Refrag.Scheduling.Tests.Worlds;

namespace Refrag.Scheduling.Tests.Cases;

internal static class FitCases
{
    private const string TooLarge =
        "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - The job resource requirement (vCPU/memory/GPU) is higher than that can be met by the "
            + "CE(s) attached to the job queue.";

    public static SchedulingCase[] All { get; } =
    [
        new("memory: 7,985 MiB fit an m4.large", "UG memory-management", "1xm4.large@ce", () => Launch(Amount.Of(1, 7985), "m4.large")),
        new("memory: 7,986 MiB do not fit an m4.large", "UG memory-management", "", () => Launch(Amount.Of(1, 7986), "m4.large")),
        new("memory: 8,192 MiB make Batch launch a larger type", "UG memory-management", "1xm4.xlarge@ce",
            () => Launch(Amount.Of(1, 8192), "m4.large", "m4.xlarge")),
        new("gpu: a GPU job is never on the CPU environment", "UG gpu-jobs", $"j: {TooLarge}",
            () => New(Fleet("ce", 64, "m5")).With(Queue("q", "ce")).Jobs(Job("j", Amount.Of(2, 4096, 1))).Blocks()),
        new("gpu: a GPU job makes a GPU type start", "UG gpu-jobs", "1xg5.xlarge@ce",
            () => Launch(Amount.Of(2, 4096, 1), "m5.xlarge", "g5.xlarge")),
        new("gpu: each of four GPUs has its own job, the fifth waits", "UG gpu-jobs", "a@ce b@ce c@ce d@ce",
            () => New(Hosts("ce"))
                .With(Queue("q", "ce"))
                .Host(Amount.Of(48, 190000, 4)).Jobs([.. "abcde".Select(id => Job($"{id}", Amount.Of(1, 1024, 1)))]).Starts()),
        new("gpu: more GPUs than any type has fit nothing", "UG gpu-jobs", $"j: {TooLarge}",
            () => New(Fleet("ce", 900, "g5")).With(Queue("q", "ce")).Jobs(Job("j", Amount.Of(2, 4096, 9))).Blocks()),
        new("types: optimal is m6i, c6i, r6i and c7i", "UG instance-type-compute-table", "c6i c7i m6i r6i", () => Families("optimal")),
        new("types: default_x86_64 is the same", "UG instance-type-compute-table", "c6i c7i m6i r6i", () => Families("default_x86_64")),
        new("types: default_arm64 is Graviton", "UG instance-type-compute-table", "c6g c7g m6g r6g", () => Families("default_arm64")),
        new("types: a family stands for its sizes", "API ComputeResource", "1xm5.xlarge@ce", () => Launch(Amount.Of(4, 8192), "m5")),
        new("architecture: an arm64 image does not run on x86_64", "UG create-job-queue", $"j: {TooLarge}",
            () => New(Fleet("ce", 64, "m5")).With(Queue("q", "ce")).Jobs(Arm("j")).Blocks()),
        new("fargate: 0.25 vCPU with 512 MiB runs", "API ResourceRequirement", "j@ce", () => OnFargate(new Amount(250, 512, 0))),
        new("fargate: 0.25 vCPU with 3,072 MiB is no size", "API ResourceRequirement", "", () => OnFargate(new Amount(250, 3072, 0))),
        new("fargate: 4 vCPUs with 30,720 MiB run", "API ResourceRequirement", "j@ce", () => OnFargate(Amount.Of(4, 30720))),
        new("fargate: 4 vCPUs with 31,744 MiB are no size", "API ResourceRequirement", "", () => OnFargate(Amount.Of(4, 31744))),
        new("fargate: 8 vCPUs go in steps of 4,096 MiB", "API ResourceRequirement", "j@ce", () => OnFargate(Amount.Of(8, 20480))),
        new("fargate: 16 vCPUs with 122,880 MiB run", "API ResourceRequirement", "j@ce", () => OnFargate(Amount.Of(16, 122880))),
        new("fargate: no GPU", "API ResourceRequirement", "", () => OnFargate(Amount.Of(4, 8192, 1))),
        new("one job is on one instance, not on two halves", "UG job_definitions", "a@ce b@ce",
            () => New(Hosts("ce")).With(Queue("q", "ce")).Host(Amount.Of(8, 16000)).Host(Amount.Of(8, 16000))
                .Jobs(Job("a", Amount.Of(4, 4096)), Job("b", Amount.Of(8, 4096)), Job("c", Amount.Of(8, 4096))).Starts()),
    ];

    private static string Launch(Amount amount, params string[] types) =>
        New(Fleet("ce", 64, types)).With(Queue("q", "ce")).Jobs(Job("j", amount)).Launches();

    private static string OnFargate(Amount amount) => New(Fargate("ce", 16)).With(Queue("q", "ce")).Jobs(Job("j", amount)).Starts();

    private static string Families(string name) =>
        string.Join(' ', Tables.Types.Resolve([name]).Value.Select(type => type.Family).Distinct().Order(StringComparer.Ordinal));

    private static JobRequest Arm(string id) => Job(id, default) with
    {
        Requirement = new Requirement { Amount = Amount.Of(1, 1024), Architecture = Architecture.Arm64 },
    };
}

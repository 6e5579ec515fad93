using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Deciding;
using Refrag.Scheduling.Environments;
using static Refrag.Scheduling.Tests.Worlds;

namespace Refrag.Scheduling.Tests.Cases;

internal static class NodeCases
{
    private static readonly Amount s_one = Amount.Of(1, 1024);

    public static SchedulingCase[] All { get; } =
    [
        new("nodes: one instance for each", "UG multi-node-parallel-jobs", "3xm5.2xlarge@ce",
            () => Fleet64().Jobs(Job("n", s_one, nodes: 3)).Launches()),
        new("nodes: start together", "UG multi-node-parallel-jobs", "n@ce",
            () => Fleet64().Jobs(Job("n", s_one, nodes: 3)).Ready().Starts()),
        new("nodes: on all different instances", "UG multi-node-parallel-jobs", "3", () =>
            $"{Fleet64().Jobs(Job("n", s_one, nodes: 3)).Ready().Decide(At(0)).Placements[0].Nodes!.Distinct().Count()}"),
        new("nodes: none starts where one instance is missing", "UG multi-node-parallel-jobs", "", () =>
        {
            Cluster cluster = Fleet64().Jobs(Job("n", s_one, nodes: 3));
            cluster.Decide(At(0));
            cluster.InstanceUp(new InstanceKey(1), At(5));
            cluster.InstanceUp(new InstanceKey(2), At(5));
            return cluster.Starts(5);
        }),
        new("nodes: no other job beside a node", "UG multi-node-parallel-jobs", "", () =>
        {
            Cluster cluster = Fleet64().Jobs(Job("n", s_one, nodes: 2)).Ready();
            cluster.Decide(At(0));
            return cluster.Jobs(Job("a", s_one, at: 1)).Starts(1);
        }),
        new("nodes: one instance type for all", "UG mnp-node-groups", "4xc5.2xlarge@ce",
            () => New(Fleet("ce", 64, "c5.2xlarge", "m5.2xlarge")).With(Queue("q", "ce")).Jobs(Job("n", s_one, nodes: 4)).Launches()),
        new("nodes: not on Spot", "UG mnp-ce", "",
            () => New(Spot("ce", 64, "m5.2xlarge")).With(Queue("q", "ce")).Jobs(Job("n", s_one, nodes: 2)).Launches()),
        new("nodes: behind Spot the on-demand environment takes them", "UG mnp-ce", "2xm5.2xlarge@ce2",
            () => New(Spot("ce", 64, "m5.2xlarge"), Fleet("ce2", 64, "m5.2xlarge"))
                .With(Queue("q", "ce", "ce2")).Jobs(Job("n", s_one, nodes: 2)).Launches()),
        new("nodes: not on unmanaged environments", "UG mnp-ce", "",
            () => New(Hosts("ce"))
                .With(Queue("q", "ce")).Host(Amount.Of(8, 8192)).Host(Amount.Of(8, 8192)).Jobs(Job("n", s_one, nodes: 2)).Starts()),
        new("nodes: not on Fargate", "UG create-multi-node-job-def", "",
            () => New(Fargate("ce", 64)).With(Queue("q", "ce")).Jobs(Job("n", Amount.Of(1, 2048), nodes: 2)).Starts()),
        new("nodes: beside each other on the local machine", "assumed: there is only one machine", "n@ce",
            () => New(Hosts("ce") with { NodesShareInstances = true })
                .With(Queue("q", "ce")).Host(Amount.Of(4, 8192)).Jobs(Job("n", s_one, nodes: 4)).Starts()),
        new("nodes: never more than the local machine holds", "assumed: there is only one machine", "",
            () => New(Hosts("ce") with { NodesShareInstances = true })
                .With(Queue("q", "ce")).Host(Amount.Of(4, 8192)).Jobs(Job("n", s_one, nodes: 5)).Starts()),
        new("nodes: all vCPUs together must be within the maximum", "UG job_stuck_in_runnable_misconfiguration",
            "n: MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE - CE(s) associated with the job queue cannot meet the CPU requirement of "
                + "the job.",
            () => Fleet64().Jobs(Job("n", Amount.Of(8, 4096), nodes: 9)).Blocks()),
        new("nodes: the loss of one ends the job", "UG multi-node-parallel-jobs", "1 lost, 2 idle", () =>
        {
            Cluster cluster = Fleet64().Jobs(Job("n", s_one, nodes: 3)).Ready();
            cluster.Decide(At(0));
            cluster.InstanceDown(new InstanceKey(2), At(5));
            int lost = cluster.Decide(At(5)).Failures.Count;
            return $"{lost} lost, {cluster.FindEnvironment("ce")!.Idle.Count} idle";
        }),
        new("nodes: an environment without capacity blocks even if one behind it has some", "UG job_stuck_in_runnable_capacity",
            "n: CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - Service cannot fulfill the capacity requested for instance type [m5.2xlarge]",
            () =>
            {
                Cluster cluster = New(Fleet("ce", 64, "m5.2xlarge"), Fleet("ce2", 64, "c5.2xlarge"))
                    .With(Queue("q", "ce", "ce2")).Jobs(Job("n", s_one, nodes: 2));
                cluster.Decide(At(0));
                return cluster.Refuse(10).Blocks(10);
            }),
        new("nodes: idle instances wait for the others", "assumed: else a large job would never gather its instances", "0 go, 3 stay", () =>
        {
            Cluster cluster = Fleet64().Jobs(Job("n", s_one, nodes: 3));
            cluster.Decide(At(0));
            cluster.InstanceUp(new InstanceKey(1), At(5));
            return cluster.Terminates(2000);
        }),
        new("nodes: idle instances of a type that is no longer on the list go, and make room",
            "assumed: else they would be in the way forever", "1 go, 0 stay", () =>
        {
            Cluster cluster = New(Fleet("ce", 8, "m5.xlarge")).With(Queue("q", "ce")).Jobs(Job("a", Amount.Of(4, 1024))).Ready();
            cluster.Decide(At(0));
            cluster.SetEnvironment(Fleet("ce", 8, "c5.xlarge"));
            cluster.End("a", 10).Jobs(Job("n", s_one, at: 10, nodes: 3)).Decide(At(10));
            return cluster.Terminates(310);
        }),
        new("nodes: idle instances of a type that cannot be had go", "assumed: the job gathers instances of another type", "1 go, 3 stay",
            () =>
        {
            Cluster cluster = New(Fleet("ce", 64, "c5.2xlarge", "m5.2xlarge")).With(Queue("q", "ce")).Jobs(Job("n", s_one, nodes: 3));
            cluster.Decide(At(0));
            cluster.InstanceUp(new InstanceKey(1), At(5));
            cluster.Refuse(10).Decide(At(10));
            return cluster.Terminates(306);
        }),
    ];

    private static Cluster Fleet64() =>
        New(Fleet("ce", 64, "m5.2xlarge") with { Kind = ComputeEnvironmentKind.Ec2 }).With(Queue("q", "ce"));
}

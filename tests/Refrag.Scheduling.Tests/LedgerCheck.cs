using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Deciding;

namespace Refrag.Scheduling.Tests;

/// <summary>Adds up what each job uses, from the jobs' side, and compares with what the cluster believes.</summary>
internal static class LedgerCheck
{
    public static void Check(Cluster cluster)
    {
        Dictionary<InstanceKey, Amount> taken = [];
        HashSet<InstanceKey> alone = [];
        foreach (Job job in cluster.JobsById.Values.Where(job => job.Status is SchedulingState.Placed))
        {
            foreach (Instance node in job.Nodes ?? (job.Instance is { } one ? [one] : []))
            {
                Assert.Equal(InstanceState.Running, node.State);
                taken[node.Key] = taken.GetValueOrDefault(node.Key) + job.Shape.Amount;
                if (job.Shape.Nodes > 1 && !node.Environment.Model.NodesShareInstances) Assert.True(alone.Add(node.Key));
            }
            if (job.Nodes is not null) Assert.Equal(job.Shape.Nodes, job.Nodes.Length);
            else Assert.Equal(1, job.Shape.Nodes);
        }
        foreach (EnvironmentState environment in cluster.EnvironmentOrder) Check(environment, taken, alone);
    }

    private static void Check(EnvironmentState environment, Dictionary<InstanceKey, Amount> taken, HashSet<InstanceKey> alone)
    {
        foreach (Instance instance in environment.Instances.Values)
        {
            Amount used = taken.GetValueOrDefault(instance.Key);
            Assert.True(used.FitsIn(instance.Capacity), $"{instance.Key} has {instance.Capacity}, and {used} are taken");
            if (alone.Contains(instance.Key)) Assert.Single(instance.Jobs);
            else Assert.Equal(instance.Capacity - used, instance.Free);
            Assert.Equal(instance.Jobs.Count == 0 && instance.State is InstanceState.Running, instance.IdleIndex >= 0);
        }
        if (environment.Model.IsFargate) return;
        Assert.Equal(environment.Instances.Values.Sum(instance => instance.VCpus * 1000L), environment.TotalMilliVCpus);
    }
}

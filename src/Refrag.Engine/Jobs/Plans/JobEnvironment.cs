using System.Globalization;
using Refrag.Engine.Names;

namespace Refrag.Engine.Jobs.Plans;

/// <summary>The environment of one node's program. (UG job_env_vars, mnp-env-vars)</summary>
internal static class JobEnvironment
{
    private const string Reserved = "AWS_BATCH";

    // All nodes are on this machine.
    private const string MainNodeAddress = "127.0.0.1";

    /// <summary>
    /// What this process passes on, under the job's own variables, under those of Batch. Batch's variables of this process itself, which
    /// may run in a job too, are not passed on.
    /// </summary>
    /// <param name="inherited">The variables to begin with.</param>
    /// <param name="job">The job that is started.</param>
    /// <param name="node">Which of its nodes.</param>
    /// <param name="own">The variables of the program's container.</param>
    /// <param name="gpus">The node's GPUs. Without any it sees none, as on Batch, unless it sets CUDA_VISIBLE_DEVICES itself.</param>
    public static IReadOnlyDictionary<string, string> Of(
        IReadOnlyDictionary<string, string> inherited, Job job, int node, IReadOnlyList<KeyValuePair> own, IReadOnlyList<string> gpus)
    {
        JobPlan plan = job.Plan;
        var variables = inherited.Where(pair => !pair.Key.StartsWith(Reserved, StringComparison.Ordinal)).ToDictionary();
        variables["CUDA_VISIBLE_DEVICES"] = string.Join(',', gpus);
        foreach (KeyValuePair pair in own) variables[pair.Name ?? ""] = pair.Value ?? "";
        variables["AWS_BATCH_CE_NAME"] = job.ComputeEnvironment ?? "";
        variables["AWS_BATCH_JQ_NAME"] = plan.Queue;
        variables["AWS_BATCH_JOB_ID"] = plan.IsMultiNode ? JobIds.Node(job.Id, node) : job.Id;
        variables["AWS_BATCH_JOB_ATTEMPT"] = Number(job.AttemptNumber);
        if (job.Index is { } index) AddArray(variables, index, plan.ArraySize ?? 0);
        if (plan.IsMultiNode) AddNodes(variables, plan, node);
        return variables;
    }

    private static void AddArray(Dictionary<string, string> variables, int index, int size)
    {
        variables["AWS_BATCH_JOB_ARRAY_INDEX"] = Number(index);
        variables["AWS_BATCH_JOB_ARRAY_SIZE"] = Number(size);
    }

    private static void AddNodes(Dictionary<string, string> variables, JobPlan plan, int node)
    {
        variables["AWS_BATCH_JOB_MAIN_NODE_INDEX"] = Number(plan.MainNode);
        variables["AWS_BATCH_JOB_NODE_INDEX"] = Number(node);
        variables["AWS_BATCH_JOB_NUM_NODES"] = Number(plan.Nodes.Count);
        if (node != plan.MainNode) variables["AWS_BATCH_JOB_MAIN_NODE_PRIVATE_IPV4_ADDRESS"] = MainNodeAddress;
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}

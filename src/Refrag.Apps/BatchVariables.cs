namespace Refrag.Apps;

/// <summary>The names of variables in a worker's environment. (UG job_env_vars and multi-node parallel environment variables)</summary>
public static class BatchVariables
{
    /// <summary>The job's id; <c>id:3</c> in an array child, <c>id#3</c> on a node.</summary>
    public const string JobId = "AWS_BATCH_JOB_ID";

    /// <summary>The attempt, from 1.</summary>
    public const string Attempt = "AWS_BATCH_JOB_ATTEMPT";

    /// <summary>An array child's index, from 0.</summary>
    public const string ArrayIndex = "AWS_BATCH_JOB_ARRAY_INDEX";

    /// <summary>The number of an array's children.</summary>
    public const string ArraySize = "AWS_BATCH_JOB_ARRAY_SIZE";

    /// <summary>This node's index, from 0.</summary>
    public const string NodeIndex = "AWS_BATCH_JOB_NODE_INDEX";

    /// <summary>The number of nodes of a multi-node job.</summary>
    public const string NodeCount = "AWS_BATCH_JOB_NUM_NODES";

    /// <summary>The main node's index.</summary>
    public const string MainNodeIndex = "AWS_BATCH_JOB_MAIN_NODE_INDEX";

    /// <summary>The main node's private address; absent on the main node itself.</summary>
    public const string MainNodeAddress = "AWS_BATCH_JOB_MAIN_NODE_PRIVATE_IPV4_ADDRESS";

    /// <summary>The address of rank 0; a value of the user's own is kept.</summary>
    public const string MasterAddress = "MASTER_ADDR";

    /// <summary>The port of rank 0; a value of the user's own is kept.</summary>
    public const string MasterPort = "MASTER_PORT";

    /// <summary>
    /// The job's index in its sweep, from 0: refrag sets it for every job of a sweep. It is the same when a sweep is resumed, where the
    /// array index may be another.
    /// </summary>
    public const string SweepIndex = "REFRAG_SWEEP_INDEX";

    /// <summary>Where an app's relative output paths start.</summary>
    public const string OutputDirectory = "REFRAG_OUTPUT_DIR";
}

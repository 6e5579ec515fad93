using System.Globalization;

namespace Refrag.Engine.Jobs;

/// <summary>ARNs of what lives in this engine: well-formed, in an account that nobody has.</summary>
internal static class LocalArn
{
    /// <summary>The region that the embedded engine names; ARNs must have one.</summary>
    public const string Region = "us-east-1";

    private const string Account = "000000000000";

    /// <summary>The ARN of a job, an array's child or a node.</summary>
    public static string Job(string id) => Batch("job", id);

    /// <summary>The ARN of a job queue.</summary>
    public static string Queue(string name) => Batch("job-queue", name);

    /// <summary>The ARN of a compute environment.</summary>
    public static string ComputeEnvironment(string name) => Batch("compute-environment", name);

    /// <summary>The ARN of a revision of a job definition.</summary>
    public static string Definition(string name, int revision) =>
        Batch("job-definition", string.Create(CultureInfo.InvariantCulture, $"{name}:{revision}"));

    /// <summary>The ARN of the task that one attempt of one node is.</summary>
    public static string Task(string taskId) => $"arn:aws:ecs:{Region}:{Account}:task/refrag-local/{taskId}";

    /// <summary>The ARN of a log group.</summary>
    public static string LogGroup(string name) => $"arn:aws:logs:{Region}:{Account}:log-group:{name}";

    /// <summary>The ARN of this machine.</summary>
    public static string Host => $"arn:aws:ecs:{Region}:{Account}:container-instance/refrag-local/localhost";

    /// <summary>The name in an ARN of Batch, or the text itself where it is a name already.</summary>
    public static string NameOf(string nameOrArn) =>
        nameOrArn.StartsWith("arn:", StringComparison.Ordinal) ? nameOrArn[(nameOrArn.LastIndexOf('/') + 1)..] : nameOrArn;

    private static string Batch(string kind, string name) => $"arn:aws:batch:{Region}:{Account}:{kind}/{name}";
}

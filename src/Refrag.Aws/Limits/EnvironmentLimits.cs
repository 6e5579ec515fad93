namespace Refrag.Aws.Batch;

/// <summary>What environment variables must fulfil. (UG job_env_vars: names beginning with AWS_BATCH are Batch's own)</summary>
internal static class EnvironmentLimits
{
    public static IEnumerable<Problem> Check(IReadOnlyList<KeyValuePair>? variables, string path) =>
        from variable in (variables ?? []).Index()
        where variable.Item.Name?.StartsWith("AWS_BATCH", StringComparison.Ordinal) == true
        select LimitProblems.Reserved($"{path}.environment[{variable.Index}]", variable.Item.Name!);
}

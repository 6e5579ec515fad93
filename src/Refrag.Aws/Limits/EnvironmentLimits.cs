namespace Refrag.Aws.Batch;

/// <summary>
/// What environment variables must fulfil: a name, and none that is Batch's own. (UG job_env_vars: names beginning with AWS_BATCH)
/// </summary>
internal static class EnvironmentLimits
{
    public static IEnumerable<Problem> Check(IReadOnlyList<KeyValuePair>? variables, string path)
    {
        foreach ((int index, KeyValuePair variable) in (variables ?? []).Index())
        {
            string here = $"{path}.environment[{index}]";
            if (string.IsNullOrEmpty(variable.Name)) yield return LimitProblems.Missing($"{here}.name");
            else if (variable.Name.StartsWith("AWS_BATCH", StringComparison.Ordinal))
                yield return LimitProblems.Reserved(here, variable.Name);
        }
    }
}

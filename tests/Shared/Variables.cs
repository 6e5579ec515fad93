namespace Refrag.Testing;

/// <summary>An environment from "NAME=value …"; names other than MASTER_… get the prefix of AWS Batch.</summary>
internal static class Variables
{
    public static Dictionary<string, string> Of(string text) => text
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2))
        .ToDictionary(pair => Name(pair[0]), pair => pair[1], StringComparer.Ordinal);

    private static string Name(string name)
    {
        if (name.StartsWith("MASTER_", StringComparison.Ordinal)) return name;
        return name == "JOB_ID" ? "AWS_BATCH_JOB_ID" : $"AWS_BATCH_JOB_{name}";
    }
}

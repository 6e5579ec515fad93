namespace Refrag.Engine.Names;

/// <summary>Reads ARNs of Batch.</summary>
internal static class LocalArn
{
    private const string Mark = "arn:";

    /// <summary>The id that this machine would have as an EC2 instance.</summary>
    public const string InstanceId = "i-00000000000000000";

    /// <summary>The name in an ARN of Batch, or the text itself where it is a name already.</summary>
    public static string NameOf(string nameOrArn) => IsArn(nameOrArn) ? nameOrArn[(nameOrArn.LastIndexOf('/') + 1)..] : nameOrArn;

    /// <summary>Takes an ARN of Batch apart; null if it is none. Account and region are not checked.</summary>
    public static (string Kind, string Name)? Parse(string arn)
    {
        if (arn.Split(':', 6) is not ["arn", _, "batch", _, _, var rest]) return null;
        int slash = rest.IndexOf('/');
        return slash > 0 ? (rest[..slash], rest[(slash + 1)..]) : null;
    }

    /// <summary>The region in an ARN of any service; null for a name, and for an ARN without one.</summary>
    public static string? RegionOf(string nameOrArn) =>
        IsArn(nameOrArn) && nameOrArn.Split(':', 6) is [_, _, _, { Length: > 0 } region, _, _] ? region : null;

    /// <summary>Whether a text is an ARN, and no name.</summary>
    public static bool IsArn(string text) => text.StartsWith(Mark, StringComparison.Ordinal);
}

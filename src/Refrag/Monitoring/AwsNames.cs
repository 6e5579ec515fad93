namespace Refrag.Monitoring;

/// <summary>Names within ARNs.</summary>
public static class AwsNames
{
    /// <summary>
    /// The name that people know: what stands behind the last slash of an ARN, a definition's with <c>:revision</c>; a name that is no ARN
    /// stays as it is. Empty for null.
    /// </summary>
    public static string Short(string? nameOrArn) => nameOrArn is null ? "" : nameOrArn[(nameOrArn.LastIndexOf('/') + 1)..];

    /// <summary>Whether both mean the same thing, one perhaps by its ARN and the other by its name.</summary>
    public static bool Same(string? a, string? b) => string.Equals(Short(a), Short(b), StringComparison.Ordinal);
}

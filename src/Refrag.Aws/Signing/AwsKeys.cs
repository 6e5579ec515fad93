namespace Refrag.Aws;

/// <summary>What a request is signed with. The text of a value shows the key's id alone.</summary>
/// <param name="AccessKeyId">The key's id.</param>
/// <param name="SecretAccessKey">The secret.</param>
/// <param name="SessionToken">The token of temporary credentials; null for others.</param>
public sealed record AwsKeys(string AccessKeyId, string SecretAccessKey, string? SessionToken = null)
{
    /// <summary>The key's id; never the secret.</summary>
    public override string ToString() => AccessKeyId;
}

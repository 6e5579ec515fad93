namespace Refrag.Aws.S3;

/// <summary>An object in a bucket.</summary>
/// <param name="Bucket">The bucket's name.</param>
/// <param name="Key">The object's key.</param>
public sealed record S3Address(string Bucket, string Key)
{
    /// <summary>The address as people and tools write it.</summary>
    public override string ToString() => $"s3://{Bucket}/{Key}";

    /// <summary>The path of a URL: every part of the key encoded. (S3 API, signing)</summary>
    internal string Path => string.Join('/', Key.Split('/').Select(Uri.EscapeDataString));
}

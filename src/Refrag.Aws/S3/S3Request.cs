namespace Refrag.Aws.S3;

/// <summary>One request to S3, which may be sent again.</summary>
/// <param name="Operation">The operation's name in the API.</param>
/// <param name="Method">The method.</param>
/// <param name="Target">The object.</param>
internal sealed record S3Request(string Operation, HttpMethod Method, S3Address Target)
{
    /// <summary>The query, without its question mark; empty for none.</summary>
    public string Query { get; init; } = "";

    /// <summary>The body; null for none.</summary>
    public byte[]? Body { get; init; }

    /// <summary>Headers beside those of every request.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>The most time that one attempt may take; null for that of all requests.</summary>
    public TimeSpan? AttemptTime { get; init; }
}

/// <summary>What S3 answered to a request that it took.</summary>
/// <param name="Body">The body.</param>
/// <param name="ETag">The tag of the object or the part; null if the answer has none.</param>
/// <param name="Total">The whole object's size, if the body is a range; null if the answer does not say.</param>
/// <param name="Modified">When the object was written last; null if the answer does not say.</param>
internal sealed record S3Answer(byte[] Body, string? ETag, long? Total, DateTimeOffset? Modified);

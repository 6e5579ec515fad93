namespace Refrag.Aws;

/// <summary>How often and how long a request is repeated.</summary>
public sealed record RetryLimits
{
    /// <summary>The most attempts of one request, the first included; 6 by default.</summary>
    public int Attempts { get; init; } = 6;

    /// <summary>
    /// The most attempts at an endpoint that cannot be reached; 3 by default, because waiting seldom cures a wrong address.
    /// </summary>
    public int UnreachableAttempts { get; init; } = 3;

    /// <summary>The most time from the first attempt to the start of the last; 150 s by default, which is three attempts without an
    /// answer.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(150);

    /// <summary>
    /// The most time one attempt may take; 60 seconds by default, the read timeout of AWS's own clients. (botocore, Config.read_timeout)
    /// </summary>
    public TimeSpan AttemptTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The most time to find credentials; 30 seconds by default, for programs that ask a person have their own.</summary>
    public TimeSpan CredentialTime { get; init; } = TimeSpan.FromSeconds(30);
}

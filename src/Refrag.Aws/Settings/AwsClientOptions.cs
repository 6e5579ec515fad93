namespace Refrag.Aws;

/// <summary>
/// The options of a client. Each may keep its default: the environment and AWS's files then decide.
/// </summary>
public sealed record AwsClientOptions
{
    /// <summary>The region, such as <c>us-east-1</c>; null asks AWS_REGION, AWS_DEFAULT_REGION and the profile, in this order.</summary>
    public string? Region { get; init; }

    /// <summary>
    /// The profile of AWS's files; null asks AWS_PROFILE, then <c>default</c>. One given here wins over keys in the environment.
    /// </summary>
    public string? Profile { get; init; }

    /// <summary>
    /// The endpoint, such as <c>http://127.0.0.1:5000</c>; null asks the environment, the profile and then AWS's own hosts.
    /// </summary>
    public string? EndpointUrl { get; init; }

    /// <summary>Where the other settings come from; the process's environment by default.</summary>
    public AwsEnvironment Environment { get; init; } = AwsEnvironment.OfProcess();

    /// <summary>The credentials; null looks for them as AWS's own tools do.</summary>
    public IAwsCredentials? Credentials { get; init; }

    /// <summary>How often and how long a request is repeated.</summary>
    public RetryLimits Retries { get; init; } = new();

    /// <summary>
    /// The most requests a second, before throttling lowers it; 50 by default, AWS's limit for SubmitJob. (UG service_limits)
    /// </summary>
    public double RequestsPerSecond { get; init; } = 50;

    /// <summary>The clock for signing, waiting and giving up.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where the jitter of repeats comes from; give a seeded one to replay.</summary>
    public Random Random { get; init; } = Random.Shared;
}

using Refrag.Aws.Batch;

namespace Refrag.Aws.Tests;

/// <summary>Clients for tests: no environment but what the test gives, fixed keys, and no long waits.</summary>
internal static class Clients
{
    public const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    public static AwsKeys Keys { get; } = new("AKIDEXAMPLE", Secret, "a-session/token==");

    public static AwsEnvironment NoEnvironment { get; } = new(static _ => null, static _ => null);

    public static AwsClientOptions Options(string url) => new()
    {
        Region = "us-east-1",
        EndpointUrl = url,
        Environment = NoEnvironment,
        Credentials = new FixedCredentials(Keys),
        Random = new Random(1),
    };

    /// <summary>A client whose waits pass at once; they are listed in <paramref name="waits"/>.</summary>
    public static AwsClient Impatient(string url, List<TimeSpan> waits, RetryLimits? limits = null) =>
        new(Options(url) with { Time = new ImpatientTime(waits), Retries = limits ?? new RetryLimits() });

    public static SubmitJobRequest Job(string name = "train") =>
        new() { JobName = name, JobQueue = "refrag-cpu-job-queue", JobDefinition = "refrag-cpu-job-def" };
}

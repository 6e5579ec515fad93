using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Ecs;

namespace Refrag.Engine.Names;

/// <summary>An operation is refused; the caller gets it as Batch's ClientException.</summary>
/// <param name="message">Why, and what helps.</param>
/// <param name="awsCode">
/// AWS's error code, of a service that has several; Batch has one. A code of refrag's own stands in the message.
/// </param>
internal sealed class Refusal(string message, string? awsCode = null) : Exception(message)
{
    /// <summary>AWS's error code; null if the service's usual one is meant.</summary>
    public string? AwsCode { get; } = awsCode;

    /// <summary>AWS's error code of a service's refusals that name none.</summary>
    public static string DefaultAwsCode(AwsService service) =>
        service == AwsService.Ecs ? EcsException.InvalidParameter : BatchException.ClientException;
}

/// <summary>An operation failed by a bug; the caller gets it as Batch's ServerException.</summary>
internal sealed class EngineFault(
    Exception inner) : Exception($"RF4019 a bug in refrag: {inner.GetType().Name}: {inner.Message} Please report it.", inner);

/// <summary>What reaches a loop that has ended is not answered.</summary>
internal sealed class EngineStopped() : Exception("RF4009 the engine has stopped. Start it again.")
{
    /// <summary>The refusal of a job while the engine is stopping.</summary>
    public static Refusal NoMoreJobs() => new("RF4009 the engine is stopping and takes no jobs. Start it again.");
}

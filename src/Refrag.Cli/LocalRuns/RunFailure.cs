using System.Net;
using System.Text.Json.Serialization;
using Refrag.Aws;
using Refrag.Aws.Batch;

namespace Refrag.Cli.LocalRuns;

/// <summary>A refusal on its way from a run to a reader.</summary>
/// <param name="Code">The code, as AWS names it.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Status">The status that it would have over HTTP.</param>
internal sealed record RunFailure(string Code, string Message, int Status)
{
    /// <summary>A failure of the engine.</summary>
    public static RunFailure Of(AwsException failure) => failure switch
    {
        AwsServiceException service => new RunFailure(service.ErrorCode, service.Error.Message, (int)service.StatusCode),
        _ => new RunFailure(BatchException.ClientException, failure.Message, (int)HttpStatusCode.BadRequest),
    };

    /// <summary>The same failure at the reader's.</summary>
    public AwsServiceException ToException(AwsOperation operation) =>
        operation.Failure(new AwsError(Code, Message, (HttpStatusCode)Status));
}

/// <summary>How it is written and read, without reflection.</summary>
[JsonSerializable(typeof(RunFailure))]
internal sealed partial class RunJson : JsonSerializerContext;

using System.Text.Json.Serialization.Metadata;
using Refrag.Aws;
using Refrag.Server.Reading;

namespace Refrag.Server.Endpoints;

/// <summary>One operation of the table, and what answers it.</summary>
/// <param name="operation">The operation.</param>
/// <param name="answer">Answers a request of the operation's type.</param>
internal sealed class OperationEndpoint(AwsOperation operation, Func<object, CancellationToken, Task<object>> answer)
{
    // Described at the first request: there are 45 operations, and a start must not pay for all.
    private JsonTypeInfo? _request;

    /// <summary>The operation.</summary>
    public AwsOperation Operation => operation;

    /// <summary>Reads a request, lets it be answered, and gives the answer.</summary>
    public Task<object> AnswerAsync(RequestTarget target, ReadOnlySpan<byte> body, CancellationToken cancellationToken)
    {
        object request = RequestJson.Read(body, _request ??= RequestJson.Of(operation));
        if (operation.OutsideBody.Count > 0) request = operation.Complete(request, new OutsideBody(target, operation.Path));
        return answer(request, cancellationToken);
    }
}

using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Refrag.Aws;

/// <summary>An operation of an AWS service, as a value: what client, server, documentation and tests share.</summary>
/// <param name="service">The service it belongs to.</param>
/// <param name="name">Its name in the API, such as <c>SubmitJob</c>.</param>
public abstract class AwsOperation(AwsService service, string name)
{
    /// <summary>The service it belongs to.</summary>
    public AwsService Service { get; } = service;

    /// <summary>Its name in the API, such as <c>SubmitJob</c>.</summary>
    public string Name { get; } = name;

    /// <summary>The HTTP method.</summary>
    public HttpMethod Method { get; init; } = HttpMethod.Post;

    /// <summary>The path, from <c>/</c>; a part in braces stands for a member of the request.</summary>
    public string Path { get; init; } = "/";

    /// <summary>The error codes the API names for this operation. A service may answer others.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];

    /// <summary>Members of the request that travel in the path or the query, by their name on the wire.</summary>
    public IReadOnlyList<string> OutsideBody { get; init; } = [];

    /// <summary>
    /// Whether sending the same request again does no harm. False for what makes something new each time (SubmitJob, RegisterJobDefinition,
    /// Create…): the client never repeats those once the request may have arrived.
    /// </summary>
    public bool IsRepeatable { get; init; } = true;

    /// <summary>The request's type.</summary>
    public abstract Type RequestType { get; }

    /// <summary>The answer's type.</summary>
    public abstract Type ResponseType { get; }

    /// <summary>How the request is written and read.</summary>
    public abstract JsonTypeInfo RequestJson { get; }

    /// <summary>How the answer is written and read.</summary>
    public abstract JsonTypeInfo ResponseJson { get; }

    /// <summary>The request with the members that travelled outside the body; the same where <see cref="OutsideBody"/> is empty.</summary>
    /// <param name="request">What the body said, of <see cref="RequestType"/>.</param>
    /// <param name="outside">Path and query.</param>
    public abstract object Complete(object request, IOutsideBody outside);

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}

/// <summary>An operation with its request's and its answer's type.</summary>
/// <typeparam name="TRequest">What is asked.</typeparam>
/// <typeparam name="TResponse">What is answered.</typeparam>
/// <param name="service">The service it belongs to.</param>
/// <param name="name">Its name in the API.</param>
/// <param name="json">Options that know both types.</param>
public abstract class AwsOperation<TRequest, TResponse>(AwsService service, string name, JsonSerializerOptions json) : AwsOperation(service, name)
    where TRequest : class
    where TResponse : class
{
    // Made at the first use: a program sends few of the operations, and each type costs time to describe.
    private JsonTypeInfo<TRequest>? _requestJson;
    private JsonTypeInfo<TResponse>? _responseJson;

    /// <summary>Path and query for one request; null where <see cref="AwsOperation.Path"/> says it all.</summary>
    public Func<TRequest, string>? Route { get; init; }

    /// <summary>Takes members of the request from path and query, the reverse of <see cref="Route"/>; null where the body has them all.</summary>
    public Func<TRequest, IOutsideBody, TRequest>? Bind { get; init; }

    /// <summary>Fills in the idempotency token where the request has none; null where the operation knows no token.</summary>
    public Func<TRequest, string, TRequest>? WithToken { get; init; }

    /// <inheritdoc/>
    public sealed override Type RequestType => typeof(TRequest);

    /// <inheritdoc/>
    public sealed override Type ResponseType => typeof(TResponse);

    /// <inheritdoc/>
    public sealed override JsonTypeInfo<TRequest> RequestJson => _requestJson ??= (JsonTypeInfo<TRequest>)json.GetTypeInfo(typeof(TRequest));

    /// <inheritdoc/>
    public sealed override JsonTypeInfo<TResponse> ResponseJson => _responseJson ??= (JsonTypeInfo<TResponse>)json.GetTypeInfo(typeof(TResponse));

    /// <summary>The request's body.</summary>
    internal virtual byte[] Write(TRequest request) => JsonSerializer.SerializeToUtf8Bytes(request, RequestJson);

    /// <summary>The answer from its body. Throws <see cref="JsonException"/> or <see cref="InvalidDataException"/> for what is no answer.</summary>
    internal virtual TResponse? Read(byte[] answer) => JsonSerializer.Deserialize(answer.Length == 0 ? "{}"u8 : answer, ResponseJson);

    /// <inheritdoc/>
    public sealed override object Complete(object request, IOutsideBody outside) => Bind is null ? request : Bind((TRequest)request, outside);

    /// <summary>The failure that this operation's service reports with <paramref name="error"/>.</summary>
    internal abstract AwsServiceException Failure(AwsError error);
}

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

    /// <summary>Calls the visitor with this operation and its types.</summary>
    /// <typeparam name="TResult">The visitor's result.</typeparam>
    /// <param name="visitor">The visitor.</param>
    public abstract TResult Accept<TResult>(IAwsOperationVisitor<TResult> visitor);

    /// <summary>The failure that this operation's service reports with an error, of the service's own type.</summary>
    /// <param name="error">The error.</param>
    public abstract AwsServiceException Failure(AwsError error);

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}

/// <summary>An operation with its request's and its response's type.</summary>
/// <typeparam name="TRequest">The request.</typeparam>
/// <typeparam name="TResponse">The response.</typeparam>
public sealed class AwsOperation<TRequest, TResponse> : AwsOperation
    where TRequest : class
    where TResponse : class
{
    private readonly AwsServiceModel _model;

    // Made at the first use: a program sends few of the operations, and each type costs time to describe.
    private JsonTypeInfo<TRequest>? _requestJson;
    private JsonTypeInfo<TResponse>? _responseJson;

    internal AwsOperation(AwsServiceModel model, string name)
        : base(model.Service, name) => _model = model;

    /// <summary>Path and query for one request; null if <see cref="AwsOperation.Path"/> says it all.</summary>
    public Func<TRequest, string>? Route { get; init; }

    /// <summary>
    /// Takes members of the request from path and query, the reverse of <see cref="Route"/>; null if the body has them all.
    /// </summary>
    public Func<TRequest, IHttpBindings, TRequest>? Bind { get; init; }

    /// <summary>Fills in the idempotency token where the request has none; null if the operation knows no token.</summary>
    public Func<TRequest, string, TRequest>? WithToken { get; init; }

    /// <inheritdoc/>
    public override Type RequestType => typeof(TRequest);

    /// <inheritdoc/>
    public override Type ResponseType => typeof(TResponse);

    /// <inheritdoc/>
    public override JsonTypeInfo<TRequest> RequestJson =>
        _requestJson ??= (JsonTypeInfo<TRequest>)_model.Json.GetTypeInfo(typeof(TRequest));

    /// <inheritdoc/>
    public override JsonTypeInfo<TResponse> ResponseJson =>
        _responseJson ??= (JsonTypeInfo<TResponse>)_model.Json.GetTypeInfo(typeof(TResponse));

    /// <summary>
    /// The request for the page after a response, null after the last; the property is null if the operation does not page.
    /// <see cref="Paging"/> uses it.
    /// </summary>
    public Func<TRequest, TResponse, TRequest?>? NextPage { get; init; }

    /// <summary>Writes the request's body; null for JSON.</summary>
    internal Func<TRequest, byte[]>? Writer { get; init; }

    /// <summary>Reads the response's body; null for JSON.</summary>
    internal Func<byte[], TResponse>? Reader { get; init; }

    /// <summary>The request's body.</summary>
    public byte[] Write(TRequest request) =>
        Writer?.Invoke(request) ?? _model.Writer?.Write(request) ?? JsonSerializer.SerializeToUtf8Bytes(request, RequestJson);

    /// <summary>
    /// The answer from its body. Throws <see cref="JsonException"/> or <see cref="InvalidDataException"/> for what is no answer.
    /// </summary>
    internal TResponse? Read(byte[] answer) =>
        Reader is not null ? Reader(answer) : JsonSerializer.Deserialize(answer.Length == 0 ? "{}"u8 : answer, ResponseJson);

    /// <inheritdoc/>
    public override TResult Accept<TResult>(IAwsOperationVisitor<TResult> visitor) => visitor.Visit(this);

    /// <inheritdoc/>
    public override AwsServiceException Failure(AwsError error) => _model.Failure(Name, error);
}

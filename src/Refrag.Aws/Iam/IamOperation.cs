using System.Text.Json;
using System.Text.Json.Serialization;

namespace Refrag.Aws.Iam;

/// <summary>An operation of IAM: form fields there, XML back.</summary>
/// <typeparam name="TRequest">What is asked.</typeparam>
/// <typeparam name="TResponse">What is answered.</typeparam>
public sealed class IamOperation<TRequest, TResponse> : AwsOperation<TRequest, TResponse>
    where TRequest : class
    where TResponse : class
{
    private readonly Func<TRequest, (string Name, string Value)> _field;
    private readonly Func<byte[], TResponse> _read;

    internal IamOperation(string name, Func<TRequest, (string Name, string Value)> field, Func<byte[], TResponse> read)
        : base(AwsService.Iam, name, IamOperations.Json) =>
        (_field, _read) = (field, read);

    internal override byte[] Write(TRequest request) => FormFields.Write([("Action", Name), ("Version", "2010-05-08"), _field(request)]);

    internal override TResponse Read(byte[] answer) => _read(answer);

    internal override AwsServiceException Failure(AwsError error) => new IamException(Name, error);
}

/// <summary>IAM answered an error.</summary>
/// <param name="operation">The operation's name.</param>
/// <param name="error">What was answered.</param>
public sealed class IamException(string operation, AwsError error) : AwsServiceException(AwsService.Iam, operation, error)
{
    /// <summary>The code for a role or an instance profile that does not exist.</summary>
    public const string NoSuchEntity = "NoSuchEntity";
}

/// <summary>The operations of IAM that refrag needs.</summary>
public static class IamOperations
{
    /// <summary>A role, with who may take it on.</summary>
    public static IamOperation<GetRoleRequest, GetRoleResponse> GetRole { get; } = new("GetRole", static request => ("RoleName", request.RoleName), IamXml.Role);

    /// <summary>An instance profile, with its role.</summary>
    public static IamOperation<GetInstanceProfileRequest, GetInstanceProfileResponse> GetInstanceProfile { get; } =
        new("GetInstanceProfile", static request => ("InstanceProfileName", request.InstanceProfileName), IamXml.InstanceProfile);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<AwsOperation> All { get; } = [GetRole, GetInstanceProfile];

    // How these records look as JSON concerns tables and tests only: on the wire they never are.
    internal static JsonSerializerOptions Json => IamJsonContext.Default.Options;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(GetRoleRequest))]
[JsonSerializable(typeof(GetRoleResponse))]
[JsonSerializable(typeof(GetInstanceProfileRequest))]
[JsonSerializable(typeof(GetInstanceProfileResponse))]
internal sealed partial class IamJsonContext : JsonSerializerContext;

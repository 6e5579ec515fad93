using System.Text.Json.Serialization;

namespace Refrag.Aws.Iam;

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
    // How these records look as JSON concerns tables and tests only: on the wire they never are.
    private static readonly AwsServiceModel s_model =
        new(AwsService.Iam, IamJsonContext.Default.Options, static (operation, error) => new IamException(operation, error));

    /// <summary>A role, with who may take it on.</summary>
    public static AwsOperation<GetRoleRequest, GetRoleResponse> GetRole { get; } = new(s_model, "GetRole")
    {
        Writer = static request => Form("GetRole", "RoleName", request.RoleName),
        Reader = IamXml.Role,
    };

    /// <summary>An instance profile, with its role.</summary>
    public static AwsOperation<GetInstanceProfileRequest, GetInstanceProfileResponse> GetInstanceProfile { get; } =
        new(s_model, "GetInstanceProfile")
        {
            Writer = static request => Form("GetInstanceProfile", "InstanceProfileName", request.InstanceProfileName),
            Reader = IamXml.InstanceProfile,
        };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<AwsOperation> All { get; } = [GetRole, GetInstanceProfile];

    private static byte[] Form(string action, string name, string value) =>
        FormFields.Write([("Action", action), ("Version", "2010-05-08"), (name, value)]);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(GetRoleRequest))]
[JsonSerializable(typeof(GetRoleResponse))]
[JsonSerializable(typeof(GetInstanceProfileRequest))]
[JsonSerializable(typeof(GetInstanceProfileResponse))]
internal sealed partial class IamJsonContext : JsonSerializerContext;

namespace Refrag.Aws.Iam;

/// <summary>What <c>GetRole</c> is asked.</summary>
public sealed record GetRoleRequest
{
    /// <summary>The role's name, without path.</summary>
    public required string RoleName { get; init; }
}

/// <summary>What <c>GetRole</c> answers, as far as refrag reads it.</summary>
public sealed record GetRoleResponse
{
    /// <summary>The role.</summary>
    public required RoleInfo Role { get; init; }
}

/// <summary>What <c>GetInstanceProfile</c> is asked.</summary>
public sealed record GetInstanceProfileRequest
{
    /// <summary>The profile's name, without path.</summary>
    public required string InstanceProfileName { get; init; }
}

/// <summary>What <c>GetInstanceProfile</c> answers, as far as refrag reads it.</summary>
public sealed record GetInstanceProfileResponse
{
    /// <summary>Its roles: one, or none.</summary>
    public IReadOnlyList<RoleInfo> Roles { get; init; } = [];
}

/// <summary>A role.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TrustPolicy">Who may take it on, as a policy document in JSON; empty if IAM returned none.</param>
public sealed record RoleInfo(string Name, string TrustPolicy);

namespace Refrag.Diagnosis;

/// <summary>What a role is for.</summary>
public enum RoleUse
{
    /// <summary>What the app itself may do.</summary>
    Job,

    /// <summary>What pulls the image and writes the log.</summary>
    Execution,

    /// <summary>What the instances of an environment may do, by their instance profile.</summary>
    Instance,

    /// <summary>What Batch may do for an environment.</summary>
    Service,

    /// <summary>What a Spot fleet of an environment may do.</summary>
    SpotFleet,
}

/// <summary>What is wrong with a role.</summary>
public enum RoleDefect
{
    /// <summary>IAM does not know it.</summary>
    Missing,

    /// <summary>The instance profile is there and has no role.</summary>
    Empty,

    /// <summary>Its trust policy does not name the service that would take it on.</summary>
    Distrusts,
}

/// <summary>A role that cannot be used.</summary>
/// <param name="Use">What it is for.</param>
/// <param name="Name">The name of the role, or of the instance profile.</param>
/// <param name="Fault">What is wrong with it.</param>
/// <param name="Environment">The environment that names it; null for a role of the job.</param>
public sealed record RoleFacts(RoleUse Use, string Name, RoleDefect Fault, string? Environment)
{
    /// <summary>The service that takes the role on.</summary>
    public string Service => ServiceOf(Use);

    internal static string ServiceOf(RoleUse use) => use switch
    {
        RoleUse.Instance => "ec2.amazonaws.com",
        RoleUse.Service => "batch.amazonaws.com",
        RoleUse.SpotFleet => "spotfleet.amazonaws.com",
        _ => "ecs-tasks.amazonaws.com",
    };
}

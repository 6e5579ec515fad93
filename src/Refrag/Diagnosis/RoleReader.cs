using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Iam;
using Refrag.Monitoring;

namespace Refrag.Diagnosis;

/// <summary>
/// Reads whether the roles are there that a job and its environments name, and whether the services that need them may take them on.
/// </summary>
internal sealed class RoleReader(IAwsTransport aws, Checks checks)
{
    private readonly Dictionary<(RoleUse, string), RoleDefect?> _known = [];

    /// <summary>The roles that cannot be used; those that may not be asked about are not among them.</summary>
    public async Task<IReadOnlyList<RoleFacts>> OfAsync(Situation situation, CancellationToken cancellationToken)
    {
        List<RoleFacts> found = [];
        foreach ((RoleUse use, string arn, string? environment) in Named(situation))
        {
            // IAM is asked by name and answers for the caller's account alone.
            if (Account(arn) is { } theirs && Account(situation.Queue?.JobQueueArn) is { } ours && theirs != ours)
            {
                checks.NotAsked($"{Word(use)} {AwsNames.Short(arn)}: it is of another account, {theirs}");
                continue;
            }
            string name = AwsNames.Short(arn);
            if (checks.IsOutOfReach(AwsService.Iam, $"{Word(use)} {name}")) continue;
            if (!_known.TryGetValue((use, name), out RoleDefect? fault))
                _known[(use, name)] =
                    fault = await checks.AskAsync($"{Word(use)} {name}",
                        () => use == RoleUse.Instance ? ProfileAsync(name, cancellationToken) : RoleAsync(use, name, cancellationToken),
                        null);
            if (fault is { } wrong) found.Add(new RoleFacts(use, name, wrong, environment));
        }
        return found;
    }

    /// <summary>What a role is, in words.</summary>
    public static string Word(RoleUse use) => use switch
    {
        RoleUse.Job => "the job role",
        RoleUse.Execution => "the execution role",
        RoleUse.Instance => "the instance profile",
        RoleUse.Service => "the service role",
        _ => "the Spot fleet role",
    };

    private static IEnumerable<(RoleUse Use, string Arn, string? Environment)> Named(Situation s)
    {
        foreach (QueueEnvironment environment in s.Environments)
        {
            if (environment.Detail is not { } detail) continue;
            if (detail.ServiceRole is { Length: > 0 } service) yield return (RoleUse.Service, service, environment.Name);
            if (detail.ComputeResources?.InstanceRole is { Length: > 0 } instance)
                yield return (RoleUse.Instance, instance, environment.Name);
            // Other strategies do without it. (API ComputeResource, spotIamFleetRole)
            if (detail.ComputeResources is
                {
                    Type: CRType.Spot, AllocationStrategy: null or CRAllocationStrategy.BestFit, SpotIamFleetRole: { Length: > 0 } fleet,
                })
                yield return (RoleUse.SpotFleet, fleet, environment.Name);
        }
        ContainerProperties? defined = s.Definition?.ContainerProperties;
        string? execution = s.Job is { } job ? job.Container?.ExecutionRoleArn : defined?.ExecutionRoleArn;
        string? own = s.Job is { } same ? same.Container?.JobRoleArn : defined?.JobRoleArn;
        if (!string.IsNullOrEmpty(execution)) yield return (RoleUse.Execution, execution, null);
        if (!string.IsNullOrEmpty(own)) yield return (RoleUse.Job, own, null);
    }

    private async Task<RoleDefect?> RoleAsync(RoleUse use, string name, CancellationToken cancellationToken)
    {
        try
        {
            return Fault((await aws.SendAsync(IamOperations.GetRole, new GetRoleRequest { RoleName = name }, cancellationToken)).Role, use);
        }
        catch (IamException missing) when (missing.ErrorCode == IamException.NoSuchEntity)
        {
            return RoleDefect.Missing;
        }
    }

    private async Task<RoleDefect?> ProfileAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            GetInstanceProfileResponse profile =
                await aws.SendAsync(
                    IamOperations.GetInstanceProfile, new GetInstanceProfileRequest { InstanceProfileName = name }, cancellationToken);
            return profile.Roles is [{ } role, ..] ? Fault(role, RoleUse.Instance) : RoleDefect.Empty;
        }
        catch (IamException missing) when (missing.ErrorCode == IamException.NoSuchEntity)
        {
            return RoleDefect.Missing;
        }
    }

    private static RoleDefect? Fault(RoleInfo role, RoleUse use) =>
        TrustPolicy.Allows(role.TrustPolicy, RoleFacts.ServiceOf(use)) == false ? RoleDefect.Distrusts : null;

    // arn:aws:iam::ACCOUNT:role/NAME; a bare name is one of our own account.
    private static string? Account(string? arn) => arn?.Split(':') is ["arn", _, _, _, { Length: > 0 } account, ..] ? account : null;
}

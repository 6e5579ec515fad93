using Refrag.Aws.Batch;
namespace Refrag.Diagnosis;

/// <summary>Roles that a job or its environments name and that cannot be used.</summary>
internal static class RoleCauses
{
    /// <summary>The roles of environments: they come before anything of the job's own.</summary>
    public static IEnumerable<Cause> OfEnvironments(Situation s)
    {
        foreach (IGrouping<string, RoleFacts> one in s.Account.Roles
            .Where(r => r.Environment is not null).GroupBy(r => r.Environment!, StringComparer.Ordinal))
        {
            // Where another environment that is in order could host the job, this one stops nothing.
            bool stops =
                !s.Working.Any(e => e.Name != one.Key && FitCauses.CanHost(s, e) && s.Account.Roles.All(r => r.Environment != e.Name));
            // Batch says itself what it misses where it has noticed: once is enough.
            bool isInvalid = s.Environments.Any(e => e.Name == one.Key && e.Detail?.Status == CEStatus.Invalid);
            if (isInvalid && s.Environments.Any(e => e.Name == one.Key && EnvironmentCauses.TellsWhy(e.Detail!))) continue;
            if (!stops && !WaitCauses.MayNeedAnother(s)) continue;
            // A reason in words that are not known may be of something else.
            string? reason = isInvalid ? Reason(s, one.Key) : null;
            foreach (RoleFacts role in one)
            {
                Cause cause = Of(role, !stops ? Confidence.Possible : reason is null ? Confidence.Certain : Confidence.Likely);
                yield return isInvalid ? cause with { Evidence = [.. Invalid(one.Key, reason), .. cause.Evidence] } : cause;
            }
        }
    }

    private static string? Reason(Situation s, string environment) =>
        s.Environments.FirstOrDefault(e => e.Name == environment)?.Detail?.StatusReason is { Length: > 0 } reason
            && !reason.Contains("Healthy", StringComparison.OrdinalIgnoreCase) ? reason : null;

    private static IEnumerable<Evidence> Invalid(string environment, string? reason)
    {
        yield return Evidence.Of(FactSource.ComputeEnvironment, environment, "status", CEStatus.Invalid, $"{environment} is INVALID");
        if (reason is not null) yield return Evidence.Of(FactSource.ComputeEnvironment, environment, "statusReason", reason);
    }

    /// <summary>The roles of the job's own.</summary>
    public static IEnumerable<Cause> OfJob(Situation s) =>
        s.Account.Roles.Where(r => r.Environment is null).Select(r => Of(r, Confidence.Certain));

    private static Cause Of(RoleFacts role, Confidence confidence)
    {
        string code = role.Use switch
        {
            RoleUse.Job => "job-role",
            RoleUse.Execution => "execution-role",
            RoleUse.Instance => "instance-role",
            RoleUse.Service => "service-role",
            _ => "spot-role"
        };
        string word = RoleReader.Word(role.Use);
        string whose = role.Environment is { } environment
            ? $"{char.ToUpperInvariant(word[0])}{word[1..]} of compute environment {environment}, {role.Name},"
            : $"{char.ToUpperInvariant(word[0])}{word[1..]} that it names, {role.Name},";
        (string what, string evidence) = role.Fault switch
        {
            RoleDefect.Missing =>
                ("does not exist", $"{(role.Use == RoleUse.Instance ? "GetInstanceProfile" : "GetRole")} does not know {role.Name}"),
            RoleDefect.Empty => ("has no role", $"GetInstanceProfile names no role of {role.Name}"),
            _ => ($"may not be taken on by {role.Service}", $"no statement of its trust policy lets {role.Service} sts:AssumeRole"),
        };
        return new Cause(code, $"{whose} {what}", confidence,
            [Evidence.Of(FactSource.Role, role.Name, "fault", role.Fault.ToString(), evidence)],
            [Cure(role) with
            {
                Assumed = s => s with { Account = s.Account with { Roles = [.. s.Account.Roles.Where(r => r != role)] } },
            }]);
    }

    private static Cure Cure(RoleFacts role) => (role.Fault, role.Use) switch
    {
        (RoleDefect.Distrusts, RoleUse.Instance) => new Cure($"Let {role.Service} take on the profile's role"),
        (RoleDefect.Distrusts, _) =>
            new Cure($"Let {role.Service} take it on",
                $"aws iam update-assume-role-policy --role-name {role.Name} --policy-document file://trust.json"),
        (RoleDefect.Empty, _) =>
            new Cure("Put a role into it", $"aws iam add-role-to-instance-profile --instance-profile-name {role.Name} --role-name NAME"),
        (_, RoleUse.Job) => new Cure("Name one that exists", "env.job_role_arn=ARN"),
        (_, RoleUse.Execution) => new Cure("Name one that exists", "env.execution_role_arn=ARN"),
        (_, RoleUse.Instance) =>
            new Cure("Make it, or name one that exists", $"aws iam create-instance-profile --instance-profile-name {role.Name}"),
        _ => new Cure("Make it again, or give the environment one that exists", "refrag infra apply"),
    };
}

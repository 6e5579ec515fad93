using System.CommandLine;

namespace Refrag.Cli.Verbs;

/// <summary><c>refrag infra</c>: the queues on AWS, by the Terraform found on PATH.</summary>
internal static class InfraVerb
{
    public static Command Create(CliContext context) => new("infra", "Make, check, move and remove the queues on AWS, by the Terraform found on PATH.")
    {
        InfraPlanVerb.Create(context),
        InfraApplyVerb.Create(context),
        InfraCleanupVerb.Create(context),
        InfraVerifyVerb.Create(context),
        InfraSyncVerb.Create(context),
        InfraMigrateVerb.Create(context),
        InfraRollbackVerb.Create(context),
        InfraDestroyVerb.Create(context),
    };
}

using System.CommandLine;
using Refrag.Cli.Context;

namespace Refrag.Cli.Commands.Infra;

/// <summary><c>refrag infra</c>: the queues on AWS, by the Terraform found on PATH.</summary>
internal static class InfraVerb
{
    public static Command Create(CliContext context) =>
        new("infra", "Make, check, move and remove the queues on AWS, by the Terraform found on PATH.")
    {
        InfraInitVerb.Create(context),
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

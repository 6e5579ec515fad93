using Refrag.Catalogues;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Diagnosis;
using Refrag.Jobs;
using Refrag.Launching;

namespace Refrag.Cli.Commands.Run;

/// <summary>The question of <c>refrag run</c>, before it sends, whether the queue can host the job.</summary>
internal static class HostChecks
{
    /// <summary>The check; null if <c>--force</c> sends without it.</summary>
    public static IHostCheck? For(CliContext context, RunOptions options, ConnectionSpec connection, AwsConnection to)
    {
        if (options.Force) return null;
        if (to.Slurm is { } cluster) return new SlurmHostCheck(cluster);
        KnownCatalogue known = UserCatalogue.Load(context);
        return new HostCheck(
            to.Transport, context.Time, known.TypesIn(QueueInstanceTypes.Region(context, connection)), known.Prices, context.Terminal.Note);
    }
}

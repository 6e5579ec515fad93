using Refrag.Aws;
using Refrag.Catalogues;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Diagnosis;
using Refrag.Jobs;

namespace Refrag.Cli.Commands.Run;

/// <summary>The question of <c>refrag run</c>, before it sends, whether the queue can host the job.</summary>
internal static class HostChecks
{
    /// <summary>The check; null if <c>--force</c> sends without it.</summary>
    public static HostCheck? For(CliContext context, RunOptions options, ConnectionSpec connection, IAwsTransport batch)
    {
        if (options.Force || connection.Slurm is not null) return null;
        KnownCatalogue known = UserCatalogue.Load(context);
        return new HostCheck(
            batch, context.Time, known.TypesIn(QueueInstanceTypes.Region(context, connection)), known.Prices, context.Terminal.Note);
    }
}

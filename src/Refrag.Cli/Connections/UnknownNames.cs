using Refrag.Aws.Batch;
using Refrag.Cli.Context;
using Refrag.Monitoring;

namespace Refrag.Cli.Connections;

/// <summary>Reports names of queues and environments that do not exist.</summary>
internal static class UnknownNames
{
    /// <summary>
    /// The exit code if one of the queues does not exist, which is reported; null if all do, or if Batch may not be asked about
    /// them.
    /// </summary>
    public static async Task<int?> MissingQueuesAsync(
        QuerySession session, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        if (names.Count == 0) return null;
        try
        {
            string[] known = [.. (await new QueueReader(session.Batch).QueuesAsync([], cancellationToken)).Select(q => q.JobQueueName)];
            return Report(session, "job queue", names, known) ? ExitCodes.NothingFound : null;
        }
        catch (BatchException)
        {
            return null;
        }
    }

    /// <summary>Reports the names that are not among the known ones; whether there was one.</summary>
    public static bool Report(QuerySession session, string what, IReadOnlyList<string> names, IReadOnlyList<string> known)
    {
        string[] missing = [.. names.Where(name => !known.Any(k => AwsNames.Same(k, name)))];
        foreach (string name in missing)
        {
            session.Terminal.Problems([new Problem
            {
                Code = "RF5044",
                What = $"There is no {what} {name} in {session.Region}",
                Cause = known.Count == 0
                    ? "There are none"
                    : $"There are: {string.Join(", ", known.Order(StringComparer.Ordinal).Take(20))}",
                Cure = $"Name one of these, or the region: env.region=eu-west-1.{Suggestion.Sentence(name, known)}",
            }]);
        }
        return missing.Length > 0;
    }
}

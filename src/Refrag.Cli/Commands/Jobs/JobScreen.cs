using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Cli.Connections;
using Refrag.Cli.Terminal;
using Refrag.History;
using Refrag.Monitoring;

namespace Refrag.Cli.Commands.Jobs;

/// <summary>One job as lines for people.</summary>
internal static class JobScreen
{
    public static IEnumerable<Cell[]> Lines(
        QuerySession session, JobDetail job, Costs.RecordedCost? cost, Usage.JobUsage? usage, ExpectedStart? start = null,
        string? chain = null)
    {
        yield return [$"{job.JobName}  ", Cell.Status(job.Status), job.StatusReason is { Length: > 0 } reason ? $": {reason}" : ""];
        yield return Field("id", job.JobId);
        if (chain is not null) yield return Field("chain", chain);
        if (JobPlace.Of("", job.JobArn) is { } place && !session.IsLocal) yield return Field("region", place.Region);
        yield return Field("queue", AwsNames.Short(job.JobQueue) + (job.ShareIdentifier is { } share ? $", share {share}" : ""));
        yield return Field("definition", AwsNames.Short(job.JobDefinition));
        yield return Field("needs", JobNeeds.Of(job).ToString());
        if (job.Container?.Image is { } image) yield return Field("image", image);
        if (job.Container?.Command is { Count: > 0 } command)
            yield return Field("command", string.Join(' ', command.Select(ShellWord.Quote)));
        if (job.ArrayProperties is { Size: > 0 } array)
        {
            IEnumerable<string> counts = (array.StatusSummary ?? new Dictionary<string, int>()).Where(s => s.Value > 0)
                .Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Value} {s.Key}"));
            yield return Field("children", string.Create(CultureInfo.InvariantCulture, $"{array.Size}: {string.Join(", ", counts)}"));
        }
        if (job.DependsOn is { Count: > 0 } depends)
            yield return Field("depends on", string.Join(", ", depends.Select(d => d.JobId ?? d.Type)));
        if (job.Container?.ContainerInstanceArn is { } host) yield return Field("ran on", AwsNames.Short(host));
        if (job.Tags is { Count: > 0 } tags) yield return Field("tags", string.Join(", ", tags.Select(t => $"{t.Key}={t.Value}")));
        TimeSpan ran = JobTimeline.Ran(job, session.Now);
        if (ran > TimeSpan.Zero) yield return Field("ran", RelativeTime.Length(ran));
        foreach ((string name, string value) in KnownUsage.Lines(job, usage)) yield return Field(name, value);
        if (start is not null) yield return Field("expected", start.ToString());
        if (cost is not null) yield return Field("cost", Cost(cost));
        yield return [""];
        foreach (JobMoment moment in JobTimeline.Of(job))
            yield return [$"  {RelativeTime.Whole(moment.At, session.Context.Time)}  {moment.What}"];
        if (job.Status is not (JobStatus.Runnable or JobStatus.Pending or JobStatus.Failed)) yield break;
        yield return [""];
        yield return [$"`refrag why {job.JobId}` says {(job.Status == JobStatus.Failed ? "why it failed" : "what it waits for")}."];
    }

    // Its sources begin with the word for what they are: measured, assumed or unknown.
    private static string Cost(Costs.RecordedCost cost)
    {
        string sources = string.Join("; ", cost.Sources);
        if (cost.Usd <= 0) return sources;
        string usd = cost.Usd < 0.0001m ? "below $0.0001" : string.Create(CultureInfo.InvariantCulture, $"about ${cost.Usd:0.####}");
        return $"{usd} so far ({sources})";
    }

    private static Cell[] Field(string name, string value) => [$"  {name,-11} {value}"];
}

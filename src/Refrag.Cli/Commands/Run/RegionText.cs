using Refrag.Jobs;

namespace Refrag.Cli.Commands.Run;

/// <summary>What a plan says of a job that may move to another region, and who moves it.</summary>
internal static class RegionText
{
    /// <summary>The sentence; null if the job stays where it is.</summary>
    /// <param name="spec">The job, in the region that was chosen.</param>
    /// <param name="isWatched">Whether the command follows it to its end.</param>
    public static string? Of(JobSpec spec, bool isWatched)
    {
        if (spec.Regions is not { Next.Count: > 0 } choice) return null;
        string when = choice.Patience is { } patience
            ? $"is blocked in {spec.Connection.Region} or has waited {Duration.Format(patience)} there"
            : $"is blocked in {spec.Connection.Region}";
        string who = isWatched
            ? "this command moves it, or refrag react"
            : "without --watch, refrag react moves it where it runs; else it stays";
        return $"once it {when}, it moves to {string.Join(", then ", choice.Next)}; {who}";
    }
}

using Refrag.Aws.Batch;
namespace Refrag.Diagnosis;

/// <summary>What is the matter, in one sentence.</summary>
internal static class Summaries
{
    public static string Of(Situation situation, IReadOnlyList<Cause> causes)
    {
        if (causes.Count > 0) return causes[0].What;
        if (situation.Job is not { } job) return $"No problem found: {situation.QueueName} can run it";
        return job.Status switch
        {
            JobStatus.Succeeded => "It succeeded",
            JobStatus.Running => "It runs",
            JobStatus.Starting => "Its host is found, and its image is being pulled",
            JobStatus.Failed => $"It failed, and nothing known explains why: {job.StatusReason ?? "no reason given"}",
            JobStatus.Submitted => "It was submitted a moment ago, and Batch has not evaluated it yet",
            _ => $"No problem found: it waits for its host{Waited(situation)}; an instance takes some minutes to start",
        };
    }

    private static string Waited(Situation situation) => situation.Waited is { TotalSeconds: > 0 } waited
        ? $" since {(waited.TotalMinutes < 2 ? $"{(int)waited.TotalSeconds} s" : $"{(int)waited.TotalMinutes} min")}"
        : "";
}

using System.Globalization;
using Refrag.Aws.Batch;

namespace Refrag.JobLogs;

/// <summary>Which log streams a job has, as DescribeJobs tells.</summary>
public static class JobStreams
{
    /// <summary>Batch's own log group, where the definition names none.</summary>
    public const string DefaultGroup = "/aws/batch/job";

    /// <summary>The streams of a job or of a part of one, oldest attempt first.</summary>
    /// <param name="job">A job of one container, an array child or a node.</param>
    /// <param name="attempt">Only this attempt, from 1; null for all.</param>
    public static IReadOnlyList<JobStream> Of(JobDetail job, int? attempt = null)
    {
        string group = job.Container?.LogConfiguration?.Options?.GetValueOrDefault("awslogs-group") ?? DefaultGroup;
        int? part = PartOf(job);
        List<JobStream> streams = [];
        IReadOnlyList<AttemptDetail> attempts = job.Attempts ?? [];
        for (int i = 0; i < attempts.Count; i++) Add(attempts[i].Container?.LogStreamName, i + 1);
        // The attempt that runs is not among the attempts yet.
        Add(job.Container?.LogStreamName, attempts.Count + 1);
        return attempt is null ? streams : [.. streams.Where(s => s.Attempt == attempt)];

        void Add(string? name, int number)
        {
            if (!string.IsNullOrEmpty(name) && streams.TrueForAll(s => s.Name != name)) streams.Add(new JobStream(group, name, part, number));
        }
    }

    /// <summary>The array index or the node number of a part; null for a whole job.</summary>
    public static int? PartOf(JobDetail job)
    {
        int mark = job.JobId.LastIndexOfAny([':', '#']);
        return mark > 0 && int.TryParse(job.JobId.AsSpan(mark + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int part) ? part : null;
    }

    /// <summary>Whether the container's output goes to CloudWatch Logs at all.</summary>
    public static bool AreKept(JobDetail job) => job.Container?.LogConfiguration?.LogDriver is null or "awslogs";
}

using System.Globalization;
using Refrag.Aws.Batch;

namespace Refrag.JobLogs;

/// <summary>Which log streams a job has, as DescribeJobs reports them.</summary>
public static class JobStreams
{
    /// <summary>Batch's own log group, where the definition names none.</summary>
    public const string DefaultGroup = "/aws/batch/job";

    /// <summary>
    /// The streams of a job or of a part of one, oldest attempt first; of a task of several containers, those of its essential containers
    /// after the others', and that of the one whose end was the task's last.
    /// </summary>
    /// <param name="job">A job of one container or one task, an array child or a node.</param>
    /// <param name="attempt">Only this attempt, from 1; null for all.</param>
    public static IReadOnlyList<JobStream> Of(JobDetail job, int? attempt = null)
    {
        int? part = PartOf(job);
        List<JobStream> streams = [];
        IReadOnlyList<AttemptDetail> attempts = job.Attempts ?? [];
        TaskContainerDetails[] containers = [.. (job.EcsProperties?.TaskProperties ?? [])
            .SelectMany(task => task.Containers ?? []).OrderBy(one => one.Essential != false)];
        for (int i = 0; i < attempts.Count; i++)
        {
            string? decider = attempts[i].Container?.LogStreamName;
            LogConfiguration? log = job.Container?.LogConfiguration;
            foreach (var (container, stream) in Ran(attempts[i]))
            {
                if (stream == decider) log = container.LogConfiguration;
                else Add(stream, container.LogConfiguration, i + 1);
            }
            Add(decider, log, i + 1);
        }
        // The attempt that runs is not among the attempts yet.
        foreach (TaskContainerDetails one in containers) Add(one.LogStreamName, one.LogConfiguration, attempts.Count + 1);
        Add(job.Container?.LogStreamName, job.Container?.LogConfiguration, attempts.Count + 1);
        return attempt is null ? streams : [.. streams.Where(s => s.Attempt == attempt)];

        IEnumerable<(TaskContainerDetails Container, string? Stream)> Ran(AttemptDetail one) =>
            containers.Join((one.TaskProperties ?? []).SelectMany(task => task.Containers ?? []), container => container.Name,
                ran => ran.Name, (container, ran) => (container, ran.LogStreamName));

        void Add(string? name, LogConfiguration? log, int number)
        {
            string group = log?.Options?.GetValueOrDefault("awslogs-group") ?? DefaultGroup;
            if (!string.IsNullOrEmpty(name) && streams.TrueForAll(s => s.Name != name))
                streams.Add(new JobStream(group, name, part, number));
        }
    }

    /// <summary>The array index or the node number of a part; null for a whole job.</summary>
    public static int? PartOf(JobDetail job)
    {
        int mark = job.JobId.LastIndexOfAny([':', '#']);
        return mark > 0 && int.TryParse(job.JobId.AsSpan(mark + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int part)
            ? part
            : null;
    }

    /// <summary>Whether the container's output goes to CloudWatch Logs at all.</summary>
    public static bool AreKept(JobDetail job) => job.Container?.LogConfiguration?.LogDriver is null or LogDriver.Awslogs;
}

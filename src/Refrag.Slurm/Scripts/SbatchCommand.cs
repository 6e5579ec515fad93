using System.Globalization;
using Refrag.Aws.Batch;

namespace Refrag.Slurm.Scripts;

/// <summary>The command line of sbatch. Pure.</summary>
internal static class SbatchCommand
{
    // Of the options it is the one that sbatch does not get: a folder that is missing there would silently be /tmp.
    private const string WorkingDirectory = "chdir";

    // Not an option: how many children of an array run at once.
    private const string Throttle = "array-limit";

    /// <summary>Options of sbatch that say what other keys of env say, or that the submission depends on.</summary>
    public static IReadOnlySet<string> Own { get; } = new HashSet<string>(StringComparer.Ordinal) { WorkingDirectory, Throttle };

    /// <summary>The words.</summary>
    /// <param name="job">The job.</param>
    /// <param name="place">The cluster.</param>
    /// <param name="after">Slurm's ids of jobs that must succeed first.</param>
    public static IReadOnlyList<string> Of(SlurmJob job, SlurmPlace place, IReadOnlyList<string> after)
    {
        string folder = place.FolderOf(job.Id);
        List<string> words =
        [
            "sbatch", "--parsable", $"--job-name={job.SlurmName}", $"--partition={job.Request.JobQueue}",
            // Always there: the job's own folder. The script changes to the working directory, and fails if it is missing.
            $"--chdir={folder}", $"--output={folder}/slurm-{(job.ArraySize is null ? "%j" : "%A_%a")}.out", "--open-mode=append",
            "--export=NONE", Text($"--nodes={job.Nodes}"), "--ntasks-per-node=1",
        ];
        if (job.Resource(ResourceType.Vcpu) is { } vcpus) words.Add($"--cpus-per-task={vcpus}");
        if (job.Resource(ResourceType.Memory) is { } memory) words.Add($"--mem={memory}M");
        if (job.Resource(ResourceType.Gpu) is { } gpus) words.Add($"--gres=gpu:{gpus}");
        if (job.Minutes is { } minutes) words.Add(Text($"--time={minutes}"));
        words.Add(job.Retries > 0 ? "--requeue" : "--no-requeue");
        if (job.ArraySize is { } size)
            words.Add(Text($"--array=0-{size - 1}{(job.Options.TryGetValue(Throttle, out string? most) ? $"%{most}" : "")}"));
        // A second job of the same name and user waits for the first: a net for a submission that arrived twice.
        words.Add($"--dependency=singleton{string.Concat(after.Select(id => $",afterok:{id}"))}");
        if (after.Count > 0) words.Add("--kill-on-invalid-dep=yes");
        foreach ((string option, string value) in job.Options.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            if (!Own.Contains(option)) words.Add(value.Length == 0 ? $"--{option}" : $"--{option}={value}");
        }
        words.Add($"{folder}/script");
        return words;
    }

    /// <summary>As a line of shell.</summary>
    public static string Line(IReadOnlyList<string> words) => string.Join(' ', words.Select(ShellWord.Quote));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

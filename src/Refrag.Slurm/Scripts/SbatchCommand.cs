using System.Globalization;
using Refrag.Aws.Batch;

namespace Refrag.Slurm.Scripts;

/// <summary>The command line of sbatch. Pure.</summary>
internal static class SbatchCommand
{
    // Of the options it is the one that sbatch does not get: a folder that is missing there would silently be /tmp.
    private const string WorkingDirectory = "chdir";

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
            "--export=ALL", Text($"--nodes={job.Nodes}"), "--ntasks-per-node=1",
        ];
        if (job.Resource(ResourceType.Vcpu) is { } vcpus) words.Add($"--cpus-per-task={vcpus}");
        if (job.Resource(ResourceType.Memory) is { } memory) words.Add($"--mem={memory}M");
        if (job.Resource(ResourceType.Gpu) is { } gpus) words.Add($"--gres=gpu:{gpus}");
        if (job.Minutes is { } minutes) words.Add(Text($"--time={minutes}"));
        words.Add(job.Retries > 0 ? "--requeue" : "--no-requeue");
        if (job.ArraySize is { } size)
            words.Add(Text($"--array=0-{size - 1}{(job.MostAtOnce is { } most ? $"%{most}" : "")}"));
        // A second job of the same name and user waits for the first: a net for a submission that arrived twice.
        words.Add($"--dependency=singleton{string.Concat(after.Select(id => $",afterok:{id}"))}");
        if (after.Count > 0) words.Add("--kill-on-invalid-dep=yes");
        foreach ((string option, string value) in job.Options.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            if (option is WorkingDirectory or SlurmJob.MostAtOnceOption) continue;
            words.Add(value.Length == 0 ? $"--{option}" : $"--{option}={value}");
        }
        words.Add($"{folder}/script");
        return words;
    }

    /// <summary>
    /// As a line of shell, with an environment of those variables alone that say where programs are. The job inherits it: all of the user's
    /// would hand on keys and settings, and <c>--export=NONE</c> reads the login files on each node, which takes seconds for each child of
    /// an array and fails where they do.
    /// </summary>
    public static string Line(IReadOnlyList<string> words) =>
        $"env -i {string.Join(' ', Inherited.Select(name => $"${{{name}:+\"{name}=${name}\"}}"))} "
        + string.Join(' ', words.Select(ShellWord.Quote));

    /// <summary>The variables that a job has from who submits it.</summary>
    public static IReadOnlyList<string> Inherited { get; } =
        ["HOME", "PATH", "USER", "LOGNAME", "SHELL", "LANG", "LD_LIBRARY_PATH", "MODULEPATH", "SLURM_CONF"];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

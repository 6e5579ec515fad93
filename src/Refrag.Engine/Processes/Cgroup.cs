using System.Globalization;

namespace Refrag.Engine.Processes;

/// <summary>The control group of one attempt: one folder under version 2, one in each hierarchy under version 1.</summary>
internal sealed class Cgroup(IReadOnlyList<string> folders)
{
    private const string Members = "cgroup.procs";
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);
    private const int MostSteps = 200;

    /// <summary>Its folders.</summary>
    public IReadOnlyList<string> Folders => folders;

    /// <summary>How many of its processes were killed because it was out of memory.</summary>
    public long OomKills => folders.Select(folder => Count(Path.Combine(folder, "memory.events")) + Count(Path.Combine(folder, "memory.oom_control"))).Sum();

    /// <summary>Kills what is left in it, whatever session it made for itself, and waits until it is empty: at most 2 s.</summary>
    public async Task EmptyAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        for (int step = 0; step < MostSteps && Processes() is { Count: > 0 } left; step++)
        {
            foreach (int pid in left) _ = LibC.Kill(pid, LibC.SigKill);
            await Task.Delay(Step, time, cancellationToken);
        }
    }

    /// <summary>Removes it; it must be empty.</summary>
    public void Remove()
    {
        foreach (string folder in folders)
        {
            try
            {
                Directory.Delete(folder);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A process that cannot be killed keeps it; it costs a folder.
            }
        }
    }

    private List<int> Processes() => [.. folders.SelectMany(folder => CgroupFiles.Lines(Path.Combine(folder, Members)))
        .Select(line => int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out int pid) ? pid : 0).Where(pid => pid > 0).Distinct()];

    private static long Count(string file) =>
        CgroupFiles.Lines(file).Where(line => line.StartsWith("oom_kill ", StringComparison.Ordinal)).Sum(line => long.Parse(line["oom_kill ".Length..], CultureInfo.InvariantCulture));
}

namespace Refrag.Composition.Sweeps;

/// <summary>
/// A manifest on disk, as lines of JSON. The line at an index (from 0) is that job with its overrides, so that a child of an array job
/// finds its own by its array index. After the jobs come later statuses, one a line; the last of a job counts. Lines are only ever added,
/// so an interruption costs one line at most. One writer at a time.
/// </summary>
/// <param name="path">The file.</param>
public sealed class SweepManifestFile(string path)
{
    /// <summary>Writes all jobs of a sweep as pending, in place of what the file was.</summary>
    public async Task CreateAsync(Sweep sweep, CancellationToken cancellation)
    {
        // Under another name first: a manifest is there whole or not at all.
        string draft = path + ".new";
        await using (var writer = new StreamWriter(PrivateFiles.Open(draft, FileMode.Create, FileAccess.Write)))
        {
            foreach (SweepJob job in sweep.Jobs())
                await writer.WriteLineAsync(new ManifestLine(job.Index, job.Overrides, JobStatus.Pending).Write().AsMemory(), cancellation);
        }
        File.Move(draft, path, overwrite: true);
    }

    /// <summary>Adds a job's new status.</summary>
    public async Task AppendAsync(long index, JobStatus status, CancellationToken cancellation)
    {
        // A new line first where an interruption left half a line.
        string before = await EndsInsideLineAsync(cancellation) ? Environment.NewLine : "";
        PrivateFiles.AppendAllText(path, $"{before}{new ManifestLine(index, Overrides: null, status).Write()}{Environment.NewLine}");
    }

    /// <summary>Reads the manifest; a problem where the file is not there or its jobs are not whole.</summary>
    public async Task<Result<SweepManifest>> ReadAsync(CancellationToken cancellation)
    {
        if (!File.Exists(path)) return ManifestProblems.NotThere(path);
        List<ManifestJob> jobs = [];
        int number = 0;
        await foreach (string text in File.ReadLinesAsync(path, cancellation))
        {
            number++;
            ManifestLine? line = ManifestLine.Read(text);
            if (line?.Overrides is { } overrides && line.Index == jobs.Count)
                jobs.Add(new ManifestJob(new SweepJob(line.Index, overrides), line.Status));
            else if (line is { Overrides: null } && line.Index >= 0 && line.Index < jobs.Count)
                jobs[(int)line.Index] = jobs[(int)line.Index] with { Status = line.Status };
            // Half a line is what an interruption leaves behind statuses; among the jobs it is damage.
            else if (line is not null || jobs.Count == 0 || number <= jobs.Count) return ManifestProblems.Damaged(path, number, text);
        }
        return new SweepManifest(jobs);
    }

    /// <summary>Reads one job without the others in memory; a problem if there is none at <paramref name="index"/>.</summary>
    public async Task<Result<SweepJob>> ReadJobAsync(long index, CancellationToken cancellation)
    {
        if (!File.Exists(path)) return ManifestProblems.NotThere(path);
        long number = 0;
        await foreach (string text in File.ReadLinesAsync(path, cancellation))
        {
            if (number++ < index) continue;
            if (ManifestLine.Read(text) is { Overrides: { } overrides } line && line.Index == index) return new SweepJob(index, overrides);
            break;
        }
        return ManifestProblems.NoJob(path, index);
    }

    private async Task<bool> EndsInsideLineAsync(CancellationToken cancellation)
    {
        PrivateFiles.Prepare(path);
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        if (file.Length == 0) return false;
        file.Seek(-1, SeekOrigin.End);
        var last = new byte[1];
        await file.ReadExactlyAsync(last, cancellation);
        return last[0] != '\n';
    }
}

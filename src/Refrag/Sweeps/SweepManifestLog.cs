using System.Text;
using Refrag.CommandTables;
using Refrag.Composition.Sweeps;
using Refrag.Results;
using Refrag.Submission;

namespace Refrag.Sweeps;

/// <summary>
/// A sweep's manifest on disk, held by this process alone. JSON lines: first the jobs, one a line, so that job 0 is line 1; then what the
/// sweep was started with; then what happens, one line each: a submission before it is sent, its job's id, the ends of jobs. Lines are only
/// ever added, so a crash costs half a line at most. A submission is on the disk before it is sent.
/// </summary>
public sealed class SweepManifestLog : IAsyncDisposable
{
    /// <summary>The folder that manifests are in unless a command says otherwise, relative to the working directory.</summary>
    public const string UsualPlace = "outputs/sweeps";

    // Far longer than a process needs from its fork to the program that it runs.
    private static readonly TimeSpan s_timeToLetGo = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_betweenTries = TimeSpan.FromMilliseconds(20);

    private readonly FileStream _file;
    private readonly SweepPicture _picture;

    private SweepManifestLog(FileStream file, SweepPicture picture) => (_file, _picture) = (file, picture);

    /// <summary>What the sweep was started with.</summary>
    public SweepHeader Header => _picture.Header!;

    /// <summary>The jobs, each at its index, and how far each was when the manifest was opened, or as was recorded since.</summary>
    public SweepManifest Manifest => new(Record.Jobs);

    /// <summary>The submissions that made a job, or perhaps did.</summary>
    public IReadOnlyList<SweepSubmission> Submissions => [.. _picture.Submissions.Values];

    /// <summary>What the manifest says now.</summary>
    public SweepRecord Record => RecordOf(_picture);

    /// <summary>
    /// Writes the manifest of a new sweep, whole or not at all; a problem where it is there already or cannot be written.
    /// </summary>
    public static async Task<Result<SweepManifestLog>> CreateAsync(
        string path, SweepHeader header, Sweep sweep, TimeProvider time, CancellationToken cancellationToken)
    {
        if (File.Exists(path)) return ManifestFileProblems.Exists(path);
        string draft = path + ".new";
        try
        {
            PrivateFiles.CreateFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
            await using (var writer =
                new StreamWriter(PrivateFiles.Open(draft, FileMode.Create, FileAccess.Write), new UTF8Encoding(false)))
            {
                foreach (SweepJob job in sweep.Jobs())
                    await writer.WriteAsync(
                        (new ManifestLine(job.Index, job.Overrides, JobStatus.Pending).Write() + "\n").AsMemory(), cancellationToken);
                await writer.WriteAsync((SweepLine.Of(header) + "\n").AsMemory(), cancellationToken);
                await writer.FlushAsync(cancellationToken);
                ((FileStream)writer.BaseStream).Flush(flushToDisk: true);
            }
            File.Move(draft, path, overwrite: false);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return ManifestFileProblems.NotWritable(path, fault.Message);
        }
        finally
        {
            if (File.Exists(draft)) File.Delete(draft);
        }
        return await OpenAsync(path, time, cancellationToken);
    }

    /// <summary>
    /// Opens the manifest of a sweep to resume; a problem if there is none, if it is damaged, or if another process has it.
    /// </summary>
    public static async Task<Result<SweepManifestLog>> OpenAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentPlace place = ManifestFileProblems.Resume(path);
        FileStream? file = null;
        try
        {
            if (!File.Exists(path)) return ManifestFileProblems.NotThere(path, place);
            file = await HoldAsync(path, time, cancellationToken);
            Result<SweepPicture> read = await ReadAsync(file, path, cancellationToken);
            if (!read.TryGet(out SweepPicture? picture, out IReadOnlyList<Problem> problems))
            {
                await file.DisposeAsync();
                return Result<SweepManifestLog>.Failure(problems);
            }
            var log = new SweepManifestLog(file, picture);
            await log.EndHalfLineAsync(cancellationToken);
            return log;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            if (file is not null) await file.DisposeAsync();
            return ManifestFileProblems.NotHeld(path, fault.Message, place);
        }
    }

    /// <summary>
    /// Reads the manifest of a sweep, even while another process works on it; a problem if there is none or if it is damaged.
    /// </summary>
    public static async Task<Result<SweepRecord>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using OutputFile file = OutputFile.Open(path);
            using var content = new MemoryStream(await file.BytesAsync(cancellationToken), writable: false);
            return (await ReadAsync(content, path, cancellationToken))
                .TryGet(out SweepPicture? picture, out IReadOnlyList<Problem> problems)
                    ? RecordOf(picture)
                    : Result<SweepRecord>.Failure(problems);
        }
        catch (OutputFileException fault)
        {
            var place = new ArgumentPlace(path, 1, path.Length);
            return fault.Fault is OutputFault.Gone
                ? ManifestFileProblems.NotThere(path, place)
                : ManifestFileProblems.NotHeld(path, fault.Message, place);
        }
    }

    private static SweepRecord RecordOf(SweepPicture picture) => new(
        [.. picture.Jobs.Select((job, index) => new ManifestJob(job, picture.Statuses[index]))], [.. picture.Submissions.Values]);

    // What a killed refrag was starting that moment has the file as well, until it runs the program that it is to run.
    private static async Task<FileStream> HoldAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        long began = time.GetTimestamp();
        while (true)
        {
            try
            {
                return PrivateFiles.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException)
                && time.GetElapsedTime(began) < s_timeToLetGo)
            {
                await Task.Delay(s_betweenTries, time, cancellationToken);
            }
        }
    }

    /// <summary>Writes down that these jobs are about to be submitted under this id. On return it is on the disk.</summary>
    public Task SubmittingAsync(SubmissionId id, JobSet jobs, DateTimeOffset at, CancellationToken cancellationToken) =>
        SubmittingAsync(id, jobs, isOnDemand: false, at, cancellationToken);

    /// <summary>The same for jobs that may have lost their Spot hosts, and go to the on-demand queue then.</summary>
    public async Task SubmittingAsync(
        SubmissionId id, JobSet jobs, bool isOnDemand, DateTimeOffset at, CancellationToken cancellationToken)
    {
        SweepSubmission submission = new(id.Value, jobs, at, JobId: null, isOnDemand);
        _picture.Submissions[id.Value] = submission;
        await AddAsync([SweepLine.Of(submission)], cancellationToken);
        _file.Flush(flushToDisk: true);
    }

    /// <summary>Writes down the job that a submission made.</summary>
    public Task SubmittedAsync(SubmissionId id, string jobId, CancellationToken cancellationToken)
    {
        _picture.Submitted(id.Value, jobId);
        return AddAsync([SweepLine.Submitted(id.Value, jobId)], cancellationToken);
    }

    /// <summary>Writes down that a submission made no job.</summary>
    public Task WithdrawnAsync(SubmissionId id, CancellationToken cancellationToken)
    {
        _picture.Withdrawn(id.Value);
        return AddAsync([SweepLine.Withdrawn(id.Value)], cancellationToken);
    }

    /// <summary>Writes down how far jobs are.</summary>
    public Task StatusAsync(IReadOnlyCollection<(int Job, JobStatus Status)> statuses, CancellationToken cancellationToken)
    {
        foreach ((int job, JobStatus status) in statuses) _picture.Statuses[job] = status;
        return AddAsync(statuses.Select(one => new ManifestLine(one.Job, Overrides: null, one.Status).Write()), cancellationToken);
    }

    /// <summary>Lets go of the file.</summary>
    public ValueTask DisposeAsync() => _file.DisposeAsync();

    private static async Task<Result<SweepPicture>> ReadAsync(Stream file, string path, CancellationToken cancellationToken)
    {
        var picture = new SweepPicture();
        using var reader = new StreamReader(file, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        int number = 0;
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            number++;
            if (!picture.Read(line)) return ManifestFileProblems.Damaged(path, number, line);
        }
        return picture.Header is null ? ManifestFileProblems.Damaged(path, number + 1, "") : picture;
    }

    private async Task EndHalfLineAsync(CancellationToken cancellationToken)
    {
        _file.Seek(-1, SeekOrigin.End);
        byte[] last = new byte[1];
        await _file.ReadExactlyAsync(last, cancellationToken);
        if (last[0] != '\n') await AddAsync([""], cancellationToken);
    }

    // One write a call: two lines never stand half in one another.
    private async Task AddAsync(IEnumerable<string> lines, CancellationToken cancellationToken)
    {
        _file.Seek(0, SeekOrigin.End);
        await _file.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))), cancellationToken);
        await _file.FlushAsync(cancellationToken);
    }
}

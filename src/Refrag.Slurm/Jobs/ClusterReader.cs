using System.Globalization;
using Refrag.Slurm.Commands;
using Refrag.Slurm.Reading;
using Refrag.Slurm.Scripts;

namespace Refrag.Slurm.Jobs;

/// <summary>What is known of jobs at one moment: the queue, and what their scripts have written.</summary>
/// <param name="Rows">Jobs of refrag in the queue, and those that ended lately, by id.</param>
/// <param name="Files">Their folders by id.</param>
internal sealed record ClusterView(ILookup<string, QueueRow> Rows, IReadOnlyDictionary<string, JobFiles> Files);

/// <summary>
/// Reads queue, files, partitions and nodes. Each answer is kept for a second, or for longer if it took long: a list of jobs asks once for
/// each state of each queue, every question takes the controller's lock, and behind ssh it is a connection. Files are never older than the
/// queue's answer that they are paired with: a job that ran then has not written its end in them.
/// </summary>
/// <param name="commands">Where Slurm's tools are.</param>
/// <param name="place">The cluster.</param>
/// <param name="clock">Says how old an answer is; null for the machine's.</param>
internal sealed class ClusterReader(ISlurmCommands commands, SlurmPlace place, TimeProvider? clock = null) : IDisposable
{
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(1);

    // What must be read together with it takes about as long again.
    private const int FreshTimes = 4;

    // A controller that is stopped is given up by Slurm's own commands after ten seconds.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly Dictionary<string, Reading> _answers = new(StringComparer.Ordinal);

    // Of these the queue and the files were read once more, and neither knew an end. That does not change.
    private readonly HashSet<string> _gone = new(StringComparer.Ordinal);
    private int _changes;

    // The times are of the clock.
    private sealed record Reading(long Asked, long Answered, TimeSpan Fresh, string Text);

    /// <summary>The jobs of these ids, or all.</summary>
    public async Task<ClusterView> ViewAsync(string operation, IReadOnlyCollection<string>? ids, CancellationToken cancellationToken)
    {
        ClusterView view = await PairAsync(operation, ids, cancellationToken);
        string[] gone = WithoutAnEnd(view);
        lock (_answers)
        {
            if (_gone.IsSupersetOf(gone)) return view;
        }
        // Another process may have submitted it between the two readings, or its node has not written its end yet: before "not known" is
        // said of a job whose acceptance was seen, the queue is asked after that, and its files once more after the queue.
        Forget();
        ClusterView again = await PairAsync(operation, ids, cancellationToken);
        gone = WithoutAnEnd(again);
        // What was accepted in the meantime is younger than the queue's answer, which cannot know it.
        HashSet<string> younger = [.. gone.Select(SlurmJob.IdOfPart).Where(id => view.Files.GetValueOrDefault(id)?.SlurmId is null)];
        lock (_answers) _gone.UnionWith(gone.Where(part => !younger.Contains(SlurmJob.IdOfPart(part))));
        return again with
        {
            Files = again.Files.Where(one => !younger.Contains(one.Key)).ToDictionary(StringComparer.Ordinal),
        };
    }

    // The queue first: what ends in between has written its files by the time that they are read.
    private async Task<ClusterView> PairAsync(string operation, IReadOnlyCollection<string>? ids, CancellationToken cancellationToken)
    {
        // With partitions that are hidden or of other groups: a job that is not seen would be taken for one that has ended.
        Reading queue = await ReadAsync(
            operation, $"squeue --all -h -r -t all -o {ShellWord.Quote(QueueRow.Format)}", notBefore: 0, cancellationToken);
        Reading files = await ReadAsync(
            operation,
            JobFileReader.Script(place.Folder, ids?.Where(SlurmJob.IsId).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)),
            queue.Answered, cancellationToken);
        return new ClusterView(Rows(queue.Text), JobFileReader.Parse(files.Text));
    }

    private static ILookup<string, QueueRow> Rows(string text) =>
        text.Split('\n').Select(QueueRow.Parse).OfType<QueueRow>().Select(row => (Id: SlurmJob.IdIn(row.Name), Row: row))
            .Where(one => one.Id is not null).ToLookup(one => one.Id!, one => one.Row, StringComparer.Ordinal);

    // Jobs and tasks that were accepted, are not in the queue, and have no end in their files. By task: others of the array may have one.
    private static string[] WithoutAnEnd(ClusterView view)
    {
        List<string> all = [];
        foreach (JobFiles job in view.Files.Values.Where(one => one.SlurmId is not null))
        {
            HashSet<int> queued = [.. view.Rows[job.Id].Where(row => row.JobId == job.SlurmId).Select(row => row.Task ?? JobFiles.Whole)];
            // Without the request no task is known that could lack an end.
            int?[] tasks = job.Request?.ArrayProperties?.Size is { } size ? [.. Enumerable.Range(0, size).Cast<int?>()] : [null];
            foreach (int? task in tasks)
            {
                if (!queued.Contains(task ?? JobFiles.Whole) && job.Part(task) is { ExitCode: null, EndedBy: null })
                    all.Add(SlurmJob.PartOf(job.Id, task));
            }
        }
        return [.. all];
    }

    public async Task<IReadOnlyList<Partition>> PartitionsAsync(string operation, CancellationToken cancellationToken) =>
        [.. (await ReadAsync(operation, "scontrol --all show partition -o", 0, cancellationToken)).Text.Split('\n')
            .Select(Partition.Parse).OfType<Partition>()];

    public async Task<IReadOnlyList<Node>> NodesAsync(string operation, CancellationToken cancellationToken) =>
        [.. (await ReadAsync(operation, "scontrol show node -o", 0, cancellationToken)).Text.Split('\n').Select(Node.Parse).OfType<Node>()];

    /// <summary>The largest array that the cluster takes; null if it does not say.</summary>
    public async Task<int?> MostOfArrayAsync(string operation, CancellationToken cancellationToken) =>
        (await ReadAsync(operation, "scontrol show config", 0, cancellationToken)).Text.Split('\n')
            .Select(line => line.Split('=', 2, StringSplitOptions.TrimEntries))
            .Where(pair => pair is ["MaxArraySize", _])
            .Select(pair => int.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out int most) ? most : (int?)null)
            .FirstOrDefault();

    /// <summary>What scontrol says of a job or task; null if it does not know it any more.</summary>
    public async Task<IReadOnlyDictionary<string, string>?> JobAsync(string slurmId, CancellationToken cancellationToken)
    {
        CommandAnswer answer = await commands.RunAsync(
            $"scontrol show job -o {ShellWord.Quote(slurmId)}", "", s_limit, cancellationToken);
        return answer is { ExitCode: 0, IsCutOff: false } ? ScontrolLine.Parse(answer.Text.Split('\n')[0]) : null;
    }

    /// <summary>Forgets what was read: something was changed.</summary>
    public void Forget()
    {
        lock (_answers)
        {
            _changes++;
            _answers.Clear();
        }
    }

    public void Dispose() => _reading.Dispose();

    // An answer to what was asked before the given moment of the clock is not taken.
    private async Task<Reading> ReadAsync(string operation, string script, long notBefore, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            int changes;
            lock (_answers)
            {
                changes = _changes;
                if (_answers.TryGetValue(script, out Reading? known) && known.Asked >= notBefore
                    && _clock.GetElapsedTime(known.Answered) < known.Fresh) return known;
            }
            long asked = _clock.GetTimestamp();
            CommandAnswer answer = await commands.RunAsync(script, "", s_limit, cancellationToken);
            TimeSpan took = FreshTimes * _clock.GetElapsedTime(asked);
            if (answer.ExitCode != 0 || answer.IsCutOff) throw SlurmFailures.Unread(operation, commands, answer);
            string text = answer.Text;
            // Whatever is read here ends with a whole line. Half of one may be half of the queue, and what is missing would count as ended.
            if (text.Length > 0 && !text.EndsWith('\n')) throw SlurmFailures.Unread(operation, commands, answer with { IsCutOff = true });
            Reading read = new(asked, _clock.GetTimestamp(), took > s_fresh ? took : s_fresh, text);
            lock (_answers)
            {
                // What was asked before a change may not show it.
                if (changes == _changes) _answers[script] = read;
            }
            return read;
        }
        finally
        {
            _reading.Release();
        }
    }
}

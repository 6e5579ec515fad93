using System.Diagnostics;
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
/// each state of each queue, every question takes the controller's lock, and behind ssh it is a connection.
/// </summary>
/// <param name="commands">Where Slurm's tools are.</param>
/// <param name="place">The cluster.</param>
internal sealed class ClusterReader(ISlurmCommands commands, SlurmPlace place) : IDisposable
{
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(1);

    // What must be read together with it takes about as long again.
    private const int FreshTimes = 4;

    // A controller that is stopped is given up by Slurm's own commands after ten seconds.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly Dictionary<string, (long At, TimeSpan Fresh, string Text)> _answers = new(StringComparer.Ordinal);
    private int _changes;

    /// <summary>The jobs of these ids, or all.</summary>
    public async Task<ClusterView> ViewAsync(string operation, IReadOnlyCollection<string>? ids, CancellationToken cancellationToken)
    {
        // The queue first: what ends in between has written its files by the time that they are read.
        ILookup<string, QueueRow> rows = await QueueAsync(operation, cancellationToken);
        IReadOnlyDictionary<string, JobFiles> files = JobFileReader.Parse(await ReadAsync(
            operation,
            JobFileReader.Script(place.Folder, ids?.Where(SlurmJob.IsId).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)),
            cancellationToken));
        // Another process may have submitted it in between, and then it has an answer and no place in the queue yet.
        if (files.Values.Any(one => one.SlurmId is not null && !rows.Contains(one.Id) && !HasEnd(one)))
        {
            Forget();
            rows = await QueueAsync(operation, cancellationToken);
        }
        return new ClusterView(rows, files);
    }

    // With partitions that are hidden or of other groups: a job that is not seen would be taken for one that has ended.
    private async Task<ILookup<string, QueueRow>> QueueAsync(string operation, CancellationToken cancellationToken)
    {
        string text = await ReadAsync(operation, $"squeue --all -h -r -t all -o {ShellWord.Quote(QueueRow.Format)}", cancellationToken);
        return text.Split('\n').Select(QueueRow.Parse).OfType<QueueRow>().Select(row => (Id: SlurmJob.IdIn(row.Name), Row: row))
            .Where(one => one.Id is not null).ToLookup(one => one.Id!, one => one.Row, StringComparer.Ordinal);
    }

    private static bool HasEnd(JobFiles files) =>
        files.Parts.Values.Any(part => part.ExitCode is not null || part.EndedBy is not null);

    public async Task<IReadOnlyList<Partition>> PartitionsAsync(string operation, CancellationToken cancellationToken) =>
        [.. (await ReadAsync(operation, "scontrol --all show partition -o", cancellationToken)).Split('\n')
            .Select(Partition.Parse).OfType<Partition>()];

    public async Task<IReadOnlyList<Node>> NodesAsync(string operation, CancellationToken cancellationToken) =>
        [.. (await ReadAsync(operation, "scontrol show node -o", cancellationToken)).Split('\n').Select(Node.Parse).OfType<Node>()];

    /// <summary>The largest array that the cluster takes; null if it does not say.</summary>
    public async Task<int?> MostOfArrayAsync(string operation, CancellationToken cancellationToken) =>
        (await ReadAsync(operation, "scontrol show config", cancellationToken)).Split('\n')
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

    private async Task<string> ReadAsync(string operation, string script, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            int changes;
            lock (_answers)
            {
                changes = _changes;
                if (_answers.TryGetValue(script, out var known) && Stopwatch.GetElapsedTime(known.At) < known.Fresh)
                    return known.Text;
            }
            long asked = Stopwatch.GetTimestamp();
            CommandAnswer answer = await commands.RunAsync(script, "", s_limit, cancellationToken);
            TimeSpan took = FreshTimes * Stopwatch.GetElapsedTime(asked);
            if (answer.ExitCode != 0 || answer.IsCutOff) throw SlurmFailures.Unread(operation, commands, answer);
            string text = answer.Text;
            // Whatever is read here ends with a whole line. Half of one may be half of the queue, and what is missing would count as ended.
            if (text.Length > 0 && !text.EndsWith('\n')) throw SlurmFailures.Unread(operation, commands, answer with { IsCutOff = true });
            lock (_answers)
            {
                // What was asked before a change may not show it.
                if (changes == _changes) _answers[script] = (Stopwatch.GetTimestamp(), took > s_fresh ? took : s_fresh, text);
            }
            return text;
        }
        finally
        {
            _reading.Release();
        }
    }
}

using System.Text;
using Refrag.Slurm.Commands;

namespace Refrag.Slurm.Tests;

/// <summary>Answers one after the other; the last one is given again. Its beginning says what is asked for.</summary>
/// <param name="queue">What squeue prints.</param>
/// <param name="files">What the files of jobs are.</param>
/// <param name="whileReading">Is called while files are read.</param>
/// <param name="scontrol">What scontrol prints.</param>
internal sealed class TurningCommands(string[] queue, string[] files, Action? whileReading = null, string scontrol = "") : ISlurmCommands
{
    private int _queues, _files;

    public string? Host => null;

    public Task<CommandAnswer> RunAsync(string script, string input, TimeSpan limit, CancellationToken cancellationToken)
    {
        if (script.StartsWith("scontrol", StringComparison.Ordinal)) return Answer(scontrol);
        if (script.StartsWith("squeue", StringComparison.Ordinal)) return Answer(queue[Math.Min(_queues++, queue.Length - 1)]);
        whileReading?.Invoke();
        return Answer(files[Math.Min(_files++, files.Length - 1)]);
    }

    private static Task<CommandAnswer> Answer(string text) => Task.FromResult(new CommandAnswer(0, Encoding.UTF8.GetBytes(text), ""));
}

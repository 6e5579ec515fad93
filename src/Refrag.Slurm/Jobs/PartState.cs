using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Slurm.Reading;
using Refrag.Slurm.Scripts;

namespace Refrag.Slurm.Jobs;

/// <summary>The state of a job or of a task of an array. Pure.</summary>
/// <param name="Status">Batch's word.</param>
/// <param name="Reason">Why; null if there is nothing to say.</param>
/// <param name="IsOfLastAttempt">
/// Whether it is its last attempt that has ended it. Otherwise it was ended while it waited, or its next attempt could not begin, and has
/// no exit code.
/// </param>
internal sealed record PartState(string Status, string? Reason, bool IsOfLastAttempt = true)
{
    private const string Signalled = "it was ended by SIGTERM: by a user, its time limit or a preemption";

    /// <summary>
    /// The state. The queue decides while it knows the job, and the files afterwards. The script's exit code counts more than Slurm's,
    /// which is wrong in several versions.
    /// </summary>
    /// <param name="row">The job in the queue; null if that does not know it.</param>
    /// <param name="part">What its script has written.</param>
    public static PartState Of(QueueRow? row, PartFiles part)
    {
        if (row is not null)
        {
            string status = SlurmStates.Status(row);
            if (!SlurmStates.IsEnd(status))
                return new PartState(status, SlurmStates.Unknown(row) ?? (row.Reason is "None" or "" ? null : row.Reason));
            if (status == JobStatus.Succeeded)
                return part.ExitCode is null or 0 ? new PartState(status, null) : new PartState(JobStatus.Failed, CodeText(part));
            bool isSaid = row.Reason is "None" or "" or "NonZeroExitCode" || row.Reason == row.State;
            string word = isSaid ? row.State : $"{row.State}: {row.Reason}";
            if (part.EndedByAs(row) is { } who) return new PartState(JobStatus.Failed, who, IsOfLastAttempt: false);
            if (IsEndedWaiting(row, part)) return new PartState(JobStatus.Failed, word, IsOfLastAttempt: false);
            return new PartState(JobStatus.Failed, row.State == "FAILED" && part.ExitCode is not null ? CodeText(part) : word);
        }
        if (part.EndedBy is { } by) return new PartState(JobStatus.Failed, by, IsOfLastAttempt: false);
        // Slurm called that CANCELLED, TIMEOUT or PREEMPTED, whatever code the program then ended with.
        if (part.WasStopped) return new PartState(JobStatus.Failed, Signalled);
        return part.ExitCode switch
        {
            0 => new PartState(JobStatus.Succeeded, null),
            null => new PartState(
                JobStatus.Failed, "Slurm does not know it any more, and it has left no exit code: how it ended is not known"),
            _ => new PartState(JobStatus.Failed, CodeText(part)),
        };
    }

    /// <summary>How an attempt ended that was not the job's end.</summary>
    public static string Ended(AttemptFiles attempt) =>
        attempt.ExitCode is not { } code ? "it has left no exit code: its node was lost, or it was killed"
        : attempt.WasStopped ? Signalled
        : string.Create(CultureInfo.InvariantCulture, $"exit code {code}");

    // Whether the last attempt that is written was over before this start: the job was ended while it waited, as by scancel or a deadline,
    // and Slurm then gives it one and the same time for start and end, or its script could not be run. The clocks of nodes may differ: what
    // ended in its first second may be taken for such a job, and then its code is left out and not invented.
    private static bool IsEndedWaiting(QueueRow row, PartFiles part) =>
        row.Started is { } started && part.Attempts is [.., { } last]
        && (last.EndedAt < started || (row.Ended == started && last.StartedAt < started));

    private static string CodeText(PartFiles part) => part.ExitCode switch
    {
        JobScript.NoWorkingDirectory => "exit code 125: the working directory may be missing on the node; the log says so",
        { } code => string.Create(CultureInfo.InvariantCulture, $"exit code {code}"),
        null => "no exit code",
    };
}

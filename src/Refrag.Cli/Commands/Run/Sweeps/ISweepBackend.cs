using System.Threading.Channels;
using Refrag.Aws;
using Refrag.Cli.Following;
using Refrag.CommandTables;
using Refrag.Composition.Sweeps;
using Refrag.Sweeps;

namespace Refrag.Cli.Commands.Run.Sweeps;

/// <summary>Where a sweep runs: AWS Batch, or the engine in this process.</summary>
internal interface ISweepBackend : IAsyncDisposable
{
    /// <summary>Where the jobs are.</summary>
    IAwsTransport Transport { get; }

    /// <summary>The same as the history names it; null on this machine.</summary>
    string? Place { get; }

    /// <summary>Ends of jobs that are followed, and faults of following.</summary>
    ChannelReader<SweepEnds> Ends { get; }

    /// <summary>What the backend has against these submissions, before the first is sent; empty where nothing.</summary>
    Task<IReadOnlyList<Problem>> CheckAsync(IReadOnlyList<SweepLaunch> launches, CancellationToken cancellationToken);

    /// <summary>Submits. Throws where it was refused, and then nothing was submitted.</summary>
    /// <param name="launch">What to submit.</param>
    /// <param name="sentAt">When it was perhaps submitted before, under the same id; null if it surely was not.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<SweepSent> SubmitAsync(SweepLaunch launch, DateTimeOffset? sentAt, CancellationToken cancellationToken);

    /// <summary>Begins to follow a job: its log, and the ends of its parts.</summary>
    /// <param name="job">The job.</param>
    /// <param name="known">Jobs of the sweep whose ends are known already.</param>
    /// <param name="cancellationToken">Ends the following; of the engine in this process a signal ends the jobs first.</param>
    void Follow(SentJob job, IReadOnlySet<int> known, CancellationToken cancellationToken);

    /// <summary>The ends that a job's parts have come to; null if the backend does not know the job.</summary>
    Task<SweepEnds?> GetEndsAsync(SentJob job, CancellationToken cancellationToken);

    /// <summary>Cancels what waits; what runs continues.</summary>
    Task CancelWaitingAsync(string jobId, CancellationToken cancellationToken);

    /// <summary>Runs what needs the backend, and reports a backend that ends by itself.</summary>
    /// <param name="work">The work; its result is the exit code.</param>
    Task<int> RunAsync(Func<Task<int>> work) => work();

    /// <summary>Returns when everything that followed jobs printed is shown, and what was measured of them is kept.</summary>
    Task FinishAsync();
}

/// <summary>A job of Batch that is one or many of a sweep.</summary>
/// <param name="JobId">Its id.</param>
/// <param name="Jobs">Which jobs of the sweep it is.</param>
/// <param name="Report">What to print of it in JSON; null if it was submitted by an earlier process.</param>
internal sealed record SentJob(string JobId, JobSet Jobs, RunReport? Report = null)
{
    /// <summary>The job of the sweep that a part is, given the part's id: <c>id:3</c> is child 3.</summary>
    public int IndexOf(string partId) => Jobs.Count > 1 && partId.LastIndexOf(':') is > 0 and var at
        ? Jobs.At(int.Parse(partId[(at + 1)..].Split('#')[0], System.Globalization.CultureInfo.InvariantCulture))
        : Jobs.First;
}

/// <summary>What became of a submission.</summary>
/// <param name="Job">The job; null if it is not known whether there is one.</param>
/// <param name="Problems">Why not; empty where there is a job.</param>
/// <param name="IsUnknown">Whether there may be a job all the same.</param>
internal sealed record SweepSent(SentJob? Job, IReadOnlyList<Problem> Problems, bool IsUnknown);

/// <summary>Jobs of a sweep that have ended.</summary>
/// <param name="Jobs">Each with its status, which is pending for one that was cancelled before it started, and the exit code.</param>
/// <param name="Fault">What went wrong with following; null if nothing did.</param>
/// <param name="Lost">A job that was followed and that Batch does not know any more; null if there is none.</param>
/// <param name="IsOver">Whether the whole job of Batch has ended, as far as one read shows.</param>
internal sealed record SweepEnds(IReadOnlyList<SweepEnd> Jobs, Exception? Fault = null, SentJob? Lost = null, bool IsOver = false);

/// <summary>One that has ended.</summary>
/// <param name="Job">Which of the sweep.</param>
/// <param name="Status">How.</param>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="HasLostHost">Whether it failed because its last attempt lost its host.</param>
internal sealed record SweepEnd(int Job, JobStatus Status, int ExitCode, bool HasLostHost = false);

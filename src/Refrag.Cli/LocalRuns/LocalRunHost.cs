using System.Net.Sockets;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Cli.Context;
using Refrag.Engine;
using Refrag.Engine.Loop;
using Refrag.Engine.Options;
using Refrag.Submission;

namespace Refrag.Cli.LocalRuns;

/// <summary>
/// The engine of this process, with a copy of its state on disk and a control socket for other processes of refrag, as far as the disk
/// allows: a run never fails for want of them.
/// </summary>
internal sealed class LocalRunHost : IAsyncDisposable
{
    private readonly RunSocket? _socket;

    private LocalRunHost(LocalBatch batch, RunSocket? socket) => (Batch, _socket) = (batch, socket);

    /// <summary>The engine.</summary>
    public LocalBatch Batch { get; }

    /// <summary>Starts it.</summary>
    public static LocalRunHost Start(CliContext context, LocalBatchOptions options)
    {
        string? folder = null;
        RunSocket? socket = null;
        try
        {
            if (RunsFolder.Of(context) is { } runs)
            {
                folder = RunsFolder.Create(runs, context.Time.GetUtcNow());
                socket = RunSocket.Open(folder);
                _ = PruneAsync(runs, context.Time.GetUtcNow());
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException)
        {
            context.Terminal.Note(NotKept(e.Message).ToString());
            folder = null;
        }
        var batch =
            new LocalBatch(
                options with
                {
                    MirrorDirectory = folder,
                    MirrorFailed = problem => context.Terminal.Note(NotKept(problem.What).ToString()),
                }, context.Time);
        socket?.Serve(batch, () => batch.Health.Status is EngineStatus.Stopping);
        return new LocalRunHost(batch, socket);
    }

    /// <summary>
    /// Runs what needs the engine. If the engine ends by itself meanwhile, this is reported once, and is all that is reported: the exit
    /// code is <see cref="ExitCodes.EngineFailed"/>.
    /// </summary>
    public async Task<int> RunAsync(CliContext context, Func<Task<int>> use)
    {
        try
        {
            return await use();
        }
        catch (AwsException) when (Batch.Health.Status is EngineStatus.Failed or EngineStatus.CommitFailed)
        {
            if (await Batch.Ended is not { } problem) throw;
            context.Terminal.Problems([problem]);
            return ExitCodes.EngineFailed;
        }
    }

    /// <summary>The job that was submitted. An engine in this process loses no answer, unless it has ended.</summary>
    /// <param name="outcome">What became of the submission.</param>
    public static SubmissionOutcome.Submitted Submitted(SubmissionOutcome outcome) => outcome switch
    {
        SubmissionOutcome.Submitted submitted => submitted,
        SubmissionOutcome.NotSubmitted refused => throw refused.Failure,
        _ => throw BatchException.Server(BatchOperations.SubmitJob.Name, "The engine has ended."),
    };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The copy is whole before the socket closes: a client that is refused there finds everything on disk.
        await Batch.DisposeAsync();
        if (_socket is not null) await _socket.DisposeAsync();
    }

    private static async Task PruneAsync(string runs, DateTimeOffset now)
    {
        await Task.Yield();
        RunsFolder.Prune(runs, now, RunConnection.IsAlive);
    }

    private static Problem NotKept(string why) => new()
    {
        Code = "RF5030",
        What = $"This run is not kept, and other terminals cannot see it: {why.TrimEnd('.')}",
        Cause = "Its jobs run all the same",
        Cure = $"Make room, or name another place: {RunsFolder.Variable}=FOLDER ({RunsFolder.Variable}={RunsFolder.Nowhere} keeps "
            + "nothing).",
    };
}

using System.Net.Sockets;
using Refrag.Cli.Context;
using Refrag.Engine;
using Refrag.Engine.Options;

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
        socket?.Serve(batch);
        return new LocalRunHost(batch, socket);
    }

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

using System.Net.Sockets;
using System.Text.Json;
using Refrag.Aws;

namespace Refrag.Cli.LocalRuns;

/// <summary>The way to a run that lives.</summary>
internal static class RunConnection
{
    // Its owner may be stopped, or deep in other work.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Whether the run answers at its socket.</summary>
    public static bool IsAlive(string folder)
    {
        if (RunSocket.PathOf(folder) is not { } path) return false;
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>
    /// Asks. Throws <see cref="IOException"/> or <see cref="SocketException"/> where the run has ended meanwhile,
    /// <see cref="TimeoutException"/> where it does not answer, <see cref="InvalidDataException"/> or <see cref="JsonException"/> where
    /// what answers is not a run, and <see cref="AwsServiceException"/> where it refuses.
    /// </summary>
    public static async Task<TResponse> AskAsync<TRequest, TResponse>(
        string folder, AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_patience);
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(
                new UnixDomainSocketEndPoint(RunSocket.PathOf(folder) ?? throw new EndOfStreamException()), limit.Token);
            await using var stream = new NetworkStream(socket, ownsSocket: false);
            await RunFrames.WriteAsync(stream, RunEndpoint.NameOf(operation), limit.Token);
            await RunFrames.WriteAsync(stream, JsonSerializer.SerializeToUtf8Bytes(request, operation.RequestJson), limit.Token);
            byte[] how = new byte[1];
            await stream.ReadExactlyAsync(how, limit.Token);
            byte[] answer = await RunFrames.ReadAsync(stream, limit.Token) ?? throw new EndOfStreamException();
            return how[0] == RunFrames.Answered
                ? JsonSerializer.Deserialize(answer, operation.ResponseJson) ?? throw new InvalidDataException()
                : throw Failure(answer).ToException(operation);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
    }

    // Members that are absent are null, whatever their type says.
    private static RunFailure Failure(byte[] answer) =>
        JsonSerializer.Deserialize(answer, RunJson.Default.RunFailure) is { Code: not null, Message: not null } failure
            ? failure
            : throw new InvalidDataException();
}

using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Refrag.Aws;

namespace Refrag.Cli.LocalRuns;

/// <summary>The Unix socket in a run's folder at which other processes of its owner query the run while it lives.</summary>
internal sealed class RunSocket : IAsyncDisposable
{
    private const string Name = "socket";
    private const string ElsewhereName = "socket.at";

    // The path of a Unix socket has 107 bytes, on macOS 103. (unix(7))
    private const int LongestPath = 103;

    private readonly Socket _listener;
    private readonly string _folder;
    private readonly string _path;
    private readonly CancellationTokenSource _closing = new();
    private Task _serving = Task.CompletedTask;

    private RunSocket(string folder, string path, Socket listener) => (_folder, _path, _listener) = (folder, path, listener);

    /// <summary>
    /// Opens the socket; clients wait until <see cref="Serve"/>. Throws <see cref="SocketException"/> or <see cref="IOException"/>.
    /// </summary>
    public static RunSocket Open(string folder)
    {
        string path = Path.Combine(folder, Name);
        if (Encoding.UTF8.GetByteCount(path) > LongestPath)
        {
            path = Path.Combine(Directory.CreateTempSubdirectory("refrag-").FullName, Name);
            PrivateFiles.WriteAllText(Path.Combine(folder, ElsewhereName), path);
        }
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            listener.Bind(new UnixDomainSocketEndPoint(path));
            PrivateFiles.Restrict(path);
            listener.Listen();
            return new RunSocket(folder, path, listener);
        }
        catch (SocketException)
        {
            listener.Dispose();
            throw;
        }
    }

    /// <summary>Whether a run has or had a socket.</summary>
    public static bool Exists(string folder) => PathOf(folder) is { } path && File.Exists(path);

    /// <summary>Where the socket of a run is; null if it has none.</summary>
    public static string? PathOf(string folder)
    {
        string usual = Path.Combine(folder, Name);
        if (File.Exists(usual)) return usual;
        try
        {
            return File.ReadAllText(Path.Combine(folder, ElsewhereName)) is { Length: > 0 } elsewhere ? elsewhere : null;
        }
        catch (IOException)
        {
            // There is none, or its owner is about to write it.
            return null;
        }
    }

    /// <summary>Begins to answer.</summary>
    /// <param name="transport">What answers.</param>
    /// <param name="isEnding">Whether it answers no longer, because the run ends.</param>
    public void Serve(IAwsTransport transport, Func<bool> isEnding) => _serving = AcceptAsync(new RunAnswers(transport, isEnding));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Dispose();
        await _serving;
        Remove();
        _closing.Dispose();
    }

    private void Remove()
    {
        try
        {
            File.Delete(_path);
            if (Path.GetDirectoryName(_path) is { } own && own != _folder) Directory.Delete(own, recursive: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The folder was removed while the run lived; its jobs have ended all the same.
        }
    }

    private async Task AcceptAsync(RunAnswers answers)
    {
        List<Task> guests = [];
        while (true)
        {
            Socket guest;
            try
            {
                guest = await _listener.AcceptAsync(_closing.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                break;
            }
            guests.RemoveAll(task => task.IsCompleted);
            guests.Add(ServeAsync(guest, answers));
        }
        await Task.WhenAll(guests);
    }

    private async Task ServeAsync(Socket guest, RunAnswers answers)
    {
        await using var stream = new NetworkStream(guest, ownsSocket: true);
        try
        {
            while (await RunFrames.ReadAsync(stream, _closing.Token) is { } name
                && await RunFrames.ReadAsync(stream, _closing.Token) is { } body)
            {
                (byte how, byte[] answer) = await answers.OfAsync(Encoding.UTF8.GetString(name), body, _closing.Token);
                await stream.WriteAsync(new[] { how }, _closing.Token);
                await RunFrames.WriteAsync(stream, answer, _closing.Token);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidDataException or JsonException)
        {
            // The reader went away, or the run ends; the reader finds the state on disk.
        }
    }
}

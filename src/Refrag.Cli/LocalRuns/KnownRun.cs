using System.Net.Sockets;
using System.Text.Json;
using Refrag.Aws;
using Refrag.Engine;

namespace Refrag.Cli.LocalRuns;

/// <summary>One run as a reader sees it: asked through its socket while it lives, read from its folder afterwards.</summary>
/// <param name="folder">Its folder.</param>
/// <param name="time">The clock.</param>
/// <param name="tell">Called once with the reason why it cannot be read.</param>
internal sealed class KnownRun(string folder, TimeProvider time, Action<string> tell) : IAsyncDisposable
{
    // A run releases its state and closes its socket one after the other; on a busy machine that takes seconds.
    private const int MostTries = 200;
    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(50);

    private readonly Lock _opening = new();
    private LocalBatch? _ended;
    private bool _isLost;

    /// <summary>The folder's name, which identifies the run in page tokens.</summary>
    public string Name { get; } = Path.GetFileName(folder);

    /// <summary>The answer of this run; null if it cannot be asked. Throws <see cref="AwsServiceException"/> where it refuses.</summary>
    public async Task<TResponse?> AskAsync<TRequest, TResponse>(
        AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        for (int tries = 0; _ended is null && !_isLost && tries < MostTries; tries++)
        {
            if (tries > 0) await Task.Delay(s_between, time, cancellationToken);
            if (await AskLivingAsync(operation, request, cancellationToken) is { } answer) return answer;
            // It has only just begun.
            if (!RunsFolder.HasState(folder)) return null;
            if (!_isLost) Open(isLast: tries == MostTries - 1);
        }
        return _ended is null ? null : await _ended.SendAsync(operation, request, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_ended is not null) await _ended.DisposeAsync();
    }

    private async Task<TResponse?> AskLivingAsync<TRequest, TResponse>(
        AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        try
        {
            return RunSocket.Exists(folder) ? await RunConnection.AskAsync(folder, operation, request, cancellationToken) : null;
        }
        catch (TimeoutException)
        {
            Lose($"Run {Name} does not answer; it is left out.");
            return null;
        }
        catch (Exception e) when (e is InvalidDataException or JsonException)
        {
            Lose($"Run {Name} answers what no run of refrag would; it is left out.");
            return null;
        }
        catch (Exception e) when (e is IOException or SocketException || IsEnding(e))
        {
            return null;
        }
    }

    // Its engine has stopped: its state is about to be whole on disk.
    private static bool IsEnding(Exception fault) =>
        fault is AwsServiceException { Error.Message: var words } && words.StartsWith("RF4009", StringComparison.Ordinal);

    private void Open(bool isLast)
    {
        lock (_opening)
        {
            if (_ended is null) OpenEnded(isLast);
        }
    }

    private void OpenEnded(bool isLast)
    {
        Result<LocalBatch> opened = LocalBatch.OpenEnded(folder, time);
        if (opened.TryGet(out LocalBatch? ended, out IReadOnlyList<Problem> problems)) _ended = ended;
        // In use: by its owner, which is about to release it or to open its socket, or by another reader.
        else if (isLast || problems[0].Code != "RF4010") Lose(Directory.Exists(folder) ? $"Run {Name} is left out: {problems[0]}" : null);
    }

    private void Lose(string? why)
    {
        _isLost = true;
        if (why is not null) tell(why);
    }
}

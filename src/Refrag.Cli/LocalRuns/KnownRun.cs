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
    // A run that begins opens its socket a moment after it takes its state, and one that ends answers no longer a moment before it
    // releases it: ten seconds on a busy machine, as long as a reader waits for an answer.
    private const int MostTries = 200;
    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_longest = MostTries * s_between;

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
        long began = time.GetTimestamp();
        bool isLast = false;
        for (int tries = 1; _ended is null && !_isLost && !isLast; tries++)
        {
            if (tries > 1) await Task.Delay(s_between, time, cancellationToken);
            if (await AskLivingAsync(operation, request, cancellationToken) is { } answer) return answer;
            // It has only just begun.
            if (!RunsFolder.HasState(folder)) return null;
            // One try may wait itself, for the lock of a process that is gone.
            isLast = tries == MostTries || time.GetElapsedTime(began) >= s_longest;
            if (!_isLost) Open(isLast);
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
        catch (Exception e) when (e is IOException or SocketException)
        {
            return null;
        }
    }

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

using System.Globalization;
using Refrag.Aws;

namespace Refrag.Cli.Context;

/// <summary>
/// Reports that a service is being asked, if answers take more than a second: on a line that goes away with the next output. Only
/// on a terminal.
/// </summary>
internal sealed class Progress(Terminal.Terminal terminal, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private ITimer? _timer;
    private string _asked = "";
    private int _open;
    private int _answers;
    private long _seenWrites;
    private DateTimeOffset _since;
    private DateTimeOffset _ended;

    /// <summary>Whether nothing is reported, as under a full screen or where a command shows its own progress.</summary>
    public bool IsSilent
    {
        get;
        set
        {
            lock (_lock)
            {
                field = value;
                if (value) terminal.Status(null);
            }
        }
    }

    /// <summary>The same transport, with its waits reported.</summary>
    public IAwsTransport Over(IAwsTransport transport) => new ReportingTransport(this, transport);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_timer is not null) await _timer.DisposeAsync();
        terminal.Status(null);
    }

    private void Begin(string service)
    {
        lock (_lock)
        {
            _asked = service;
            DateTimeOffset now = time.GetUtcNow();
            // One request after the other is one wait.
            if (_open++ == 0 && now - _ended > s_step) (_since, _answers) = (now, 0);
            if (!IsSilent && terminal.ShowsStatus) _timer ??= time.RunEvery(s_patience, s_step, Report);
        }
    }

    private void End()
    {
        lock (_lock)
        {
            _open--;
            _answers++;
            _ended = time.GetUtcNow();
        }
    }

    private void Report()
    {
        lock (_lock)
        {
            if (IsSilent) return;
            DateTimeOffset now = time.GetUtcNow();
            // Output is progress enough.
            if (terminal.Writes != _seenWrites) (_seenWrites, _since) = (terminal.Writes, now);
            if (_open == 0) terminal.Status(null);
            else if (now - _since >= s_patience)
                terminal.Status(
                    string.Create(CultureInfo.InvariantCulture,
                        $"asking {_asked}… {_answers} {(_answers == 1 ? "answer" : "answers")}, {(now - _since).TotalSeconds:0} s"));
        }
    }

    private async Task<T> ReportAsync<T>(AwsService service, Func<Task<T>> ask)
    {
        Begin(service.Id);
        try
        {
            return await ask();
        }
        finally
        {
            End();
        }
    }

    private sealed class ReportingTransport(Progress progress, IAwsTransport inner) : IAwsTransport
    {
        public Task<TResponse> SendAsync<TRequest, TResponse>(
            AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
            where TRequest : class
            where TResponse : class =>
                progress.ReportAsync(operation.Service, () => inner.SendAsync(operation, request, cancellationToken));
    }
}

using System.CommandLine;
using Refrag.Aws;
using Refrag.Cli.Context;
using Refrag.Cli.LocalRuns;
using Refrag.Jobs;
using Refrag.Slurm;
using Refrag.Usage;

namespace Refrag.Cli.Connections;

/// <summary>A verb's way to Batch and to the logs.</summary>
internal sealed class QuerySession : IAsyncDisposable
{
    private readonly AwsConnection? _connection;
    private readonly LocalRunsTransport? _runs;
    private RegionalConnections? _regions;

    private QuerySession(CliContext context, JobSpec spec, bool json)
    {
        (Context, Spec, Json) = (context, spec, json);
        if (spec.Kind == EnvironmentKind.Local)
            _runs = new LocalRunsTransport(RunsFolder.ToRead(context), context.Time, context.Terminal.Note);
        else _connection = AwsConnection.Open(context, spec.Connection);
        Progress = new Progress(context.Terminal, context.Time);
        Batch = Progress.Over((IAwsTransport?)_runs ?? _connection!.Transport);
        Aws = _connection?.Account is { } account ? Progress.Over(account) : null;
        Logs = (IAwsTransport?)_runs ?? _connection!.Transport;
    }

    public CliContext Context { get; }

    /// <summary>What the overrides describe.</summary>
    public JobSpec Spec { get; }

    public bool Json { get; }

    /// <summary>Whether it looks at the runs of this machine, and not at AWS or another endpoint.</summary>
    public bool IsLocal => _runs is not null;

    public IAwsTransport Batch { get; }

    /// <summary>Reports long waits.</summary>
    public Progress Progress { get; }

    public IAwsTransport Logs { get; }

    /// <summary>
    /// Other services, which know the account that Batch belongs to; null if there is none: on this machine, or behind an endpoint for
    /// Batch alone.
    /// </summary>
    public IAwsTransport? Aws { get; }

    /// <summary>Reads what jobs have used.</summary>
    public UsageReader Usage => new(Batch, Logs, Context.Time) { AsksOwnServer = !IsAws, CanSearch = !IsLocal };

    /// <summary>Whether Batch is AWS's own: not this machine's, and not another endpoint.</summary>
    public bool IsAws => _connection?.IsAws == true;

    /// <summary>
    /// How long after an attempt's end lines of it may still come: none on this machine, where an attempt ends when its output is kept.
    /// </summary>
    public Task<TimeSpan> LogDelayAsync(CancellationToken cancellationToken) =>
        _connection is null ? Task.FromResult(TimeSpan.Zero) : _connection.LogDelay.GetAsync(cancellationToken);

    /// <summary>The Slurm cluster that answers in Batch's place; null if none does.</summary>
    public SlurmTransport? Slurm => _connection?.Slurm;

    /// <summary>Batch, for what follows jobs for hours: an outage of some minutes does not end it.</summary>
    public IAwsTransport PatientBatch => IsLocal ? Batch : Terminal.Patient(Batch, Context.Time);

    /// <summary>The way to AWS or another endpoint; null if it looks at this machine.</summary>
    public AwsConnection? Connection => _connection;

    /// <summary>Batch in another region of the same account.</summary>
    public IAwsTransport BatchIn(string region) =>
        ConnectionIn(region) is { } there ? Progress.Over(there.Transport) : Batch;

    /// <summary>The same way in another region of the account; null if it looks at this machine.</summary>
    public AwsConnection? ConnectionIn(string region) =>
        IsLocal ? null : (_regions ??= new RegionalConnections(Context, Spec.Connection)).In(region);

    /// <summary>Fetches what AWS hands out as URLs; null if it looks at this machine.</summary>
    public IDownloads? Downloads => _connection?.Downloads;

    public Terminal.Terminal Terminal => Context.Terminal;

    public DateTimeOffset Now => Context.Time.GetUtcNow();

    /// <summary>The region, as far as it is known without asking AWS.</summary>
    public string Region => QueueInstanceTypes.Region(Context, Spec);

    /// <summary>Opens the session and runs the verb in it; reports instead what is wrong with the words.</summary>
    public static async Task<int> RunAsync(CliContext context, QueryOptions options, ParseResult parsed, Func<QuerySession, Task<int>> verb)
    {
        if (!options.Spec(context, parsed).TryGet(out JobSpec? spec, out IReadOnlyList<Problem> problems)) return context.Refuse(problems);
        context.Signals.Listen();
        Result<JobSpec> located = await JobRegions.LocateAsync(context, spec, options.Plain(parsed), context.Signals.Token);
        if (!located.TryGet(out spec, out problems)) return context.Refuse(problems);
        await using var session = new QuerySession(context, spec, parsed.GetValue(options.Json));
        return await verb(session);
    }

    public async ValueTask DisposeAsync()
    {
        await Progress.DisposeAsync();
        _connection?.Dispose();
        _regions?.Dispose();
        if (_runs is not null) await _runs.DisposeAsync();
    }
}

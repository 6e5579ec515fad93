using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Logs;
using Refrag.Engine.Logs;
using Refrag.Engine.Loop;
using Refrag.Engine.Operations;
using Refrag.Engine.Processes;
using Refrag.Engine.Runners;

namespace Refrag.Engine;

/// <summary>
/// AWS Batch on this machine, inside this process: jobs are child processes, each in a process group of its own, and the state lives as long as
/// this object. It knows SubmitJob, DescribeJobs, ListJobs, CancelJob, TerminateJob, the operations on job definitions, DescribeJobQueues and
/// DescribeComputeEnvironments, and GetLogEvents of CloudWatch Logs; any other operation fails with <see cref="BatchException"/> or <see cref="LogsException"/>.
/// Safe to use from several threads at once.
/// </summary>
public sealed class LocalBatch : IBatchTransport, ILogsTransport, IAsyncDisposable
{
    private readonly IRunner _runner;
    private readonly LogStore _logs;
    private readonly EngineLoop _loop;

    /// <summary>Starts an engine. Linux and macOS only: <see cref="PlatformNotSupportedException"/> elsewhere.</summary>
    /// <param name="options">How it is set up; null for the defaults.</param>
    /// <param name="time">The clock; null for the system's.</param>
    public LocalBatch(LocalBatchOptions? options = null, TimeProvider? time = null)
        : this(options ?? new LocalBatchOptions(), new ProcessRunner(time ?? TimeProvider.System), time ?? TimeProvider.System)
    {
    }

    internal LocalBatch(LocalBatchOptions options, IRunner runner, TimeProvider time)
    {
        _runner = runner;
        _logs = new LogStore(options.LogBytesPerStream);
        _loop = new EngineLoop(options, runner, _logs, time);
    }

    /// <inheritdoc/>
    public async Task<TResponse> SendAsync<TRequest, TResponse>(
        BatchOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        cancellationToken.ThrowIfCancellationRequested();
        // What AWS would refuse is refused here too, before a first run on AWS shows it.
        if (BatchLimits.Check(operation, request) is { Count: > 0 } problems) throw new InvalidRequestException(operation.Name, problems);
        var answer = new TaskCompletionSource<object>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_loop.Post(new Call(request, answer))) throw BatchException.Server(operation.Name, "RF4009 the engine has stopped. Start it again.");
        try
        {
            return (TResponse)await answer.Task.WaitAsync(cancellationToken);
        }
        catch (Refusal refusal)
        {
            throw BatchException.Client(operation.Name, refusal.Message);
        }
    }

    /// <inheritdoc/>
    public Task<TResponse> SendAsync<TRequest, TResponse>(
        LogsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult((TResponse)LogQueries.Answer(_logs, operation.Name, request));
    }

    /// <summary>
    /// A job as it is now, and again after every change of its status or status reason, to its end. Of an array this is the parent, of a multi-node job the whole.
    /// A reader that is slow may miss changes in between, never the last.
    /// </summary>
    /// <param name="jobId">The id of a job, an array or an array's child. <see cref="ArgumentException"/> where there is none.</param>
    /// <param name="cancellationToken">Ends the watching, not the job.</param>
    public async IAsyncEnumerable<JobDetail> WatchAsync(string jobId, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Channel<JobDetail> changes = Channel.CreateBounded<JobDetail>(
            new BoundedChannelOptions(MostUnreadChanges) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        Action<JobDetail> changed = detail => changes.Writer.TryWrite(detail);
        var known = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_loop.Post(new Watch(jobId, changed, known)) || !await known.Task.WaitAsync(cancellationToken))
            throw new ArgumentException($"There is no job {jobId}.", nameof(jobId));
        try
        {
            await foreach (JobDetail detail in changes.Reader.ReadAllAsync(cancellationToken))
            {
                yield return detail;
                if (detail.Status is JobStatus.Succeeded or JobStatus.Failed) yield break;
            }
        }
        finally
        {
            _loop.Post(new Unwatch(jobId, changed));
        }
    }

    /// <summary>
    /// What a job prints, from its beginning, as it comes, until the job has ended and everything is told: of all children, nodes and attempts together, or
    /// of one child (<c>id:3</c>) or node (<c>id#1</c>). <see cref="ArgumentException"/> where there is no such job.
    /// </summary>
    /// <param name="jobId">The id of a job, an array, a child or a node.</param>
    /// <param name="cancellationToken">Ends the reading, not the job.</param>
    public IAsyncEnumerable<LogEvent> FollowAsync(string jobId, CancellationToken cancellationToken = default) => _logs.FollowJob(jobId, cancellationToken);

    /// <summary>The same of one log stream, which is one node in one attempt. <see cref="ArgumentException"/> where there is none of that name.</summary>
    /// <param name="logStreamName">The name that DescribeJobs shows.</param>
    /// <param name="cancellationToken">Ends the reading, not the job.</param>
    public IAsyncEnumerable<LogEvent> FollowStreamAsync(string logStreamName, CancellationToken cancellationToken = default) =>
        _logs.FollowStream(logStreamName, cancellationToken);

    /// <summary>
    /// Ends every job and takes no new ones: SIGTERM to each process group, SIGKILL to those that are left after <paramref name="grace"/>. Returns when nothing runs
    /// any more; the jobs can still be described and read. A second call with a shorter grace shortens the first.
    /// </summary>
    /// <param name="grace">How long programs may take to end; zero kills at once. AWS gives 30 seconds.</param>
    public Task StopAsync(TimeSpan grace)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(grace, TimeSpan.Zero);
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _loop.Post(new StopAll(grace, stopped)) ? stopped.Task : Task.CompletedTask;
    }

    /// <summary>Stops as <see cref="StopAsync"/> does with a grace of 30 seconds, and then the engine itself.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(AttemptDesk.Grace);
        _loop.Complete();
        await _loop.Ended;
        await _runner.DisposeAsync();
    }

    // A job has about seven changes an attempt.
    private const int MostUnreadChanges = 128;
}

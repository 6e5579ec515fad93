using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Logs;
using Refrag.Slurm.Commands;
using Refrag.Slurm.Explaining;
using Refrag.Slurm.Jobs;
using Refrag.Slurm.Operations;
using Refrag.Slurm.Scripts;

namespace Refrag.Slurm;

/// <summary>
/// Answers the operations of AWS Batch and CloudWatch Logs that the launcher uses by a Slurm cluster, through its command-line tools. What
/// has no counterpart fails with <see cref="BackendException"/>, and so does a cluster that does not answer.
/// </summary>
public sealed class SlurmTransport : IAwsTransport, IDisposable
{
    /// <summary>
    /// The parameter of SubmitJob with how many children of an array may run at once, 1 or more. No user can set it as an option of sbatch.
    /// </summary>
    public const string MostAtOnce = SlurmJob.MostAtOnceOption;

    private readonly OperationHandlers<CancellationToken> _handlers = new();
    private readonly ClusterReader _reader;
    private readonly SlurmExplainer _explainer;

    /// <summary>The transport to a cluster. Nothing is asked before the first operation.</summary>
    /// <param name="place">The cluster.</param>
    public SlurmTransport(SlurmPlace place)
        : this(place, new ShellCommands(place.Host))
    {
    }

    internal SlurmTransport(SlurmPlace place, ISlurmCommands commands)
    {
        _reader = new ClusterReader(commands, place);
        _explainer = new SlurmExplainer(_reader);
        Submissions submissions = new(commands, place, _reader);
        JobOperations jobs = new(commands, place, _reader);
        QueueOperations queues = new(_reader);
        LogOperations logs = new(commands, place);
        _handlers
            .On(BatchOperations.SubmitJob, (stop, request) => submissions.SubmitAsync(request, stop))
            .On(BatchOperations.DescribeJobs, (stop, request) => jobs.DescribeAsync(request, stop))
            .On(BatchOperations.ListJobs, (stop, request) => jobs.ListAsync(request, stop))
            .On(BatchOperations.CancelJob, (stop, request) => jobs.CancelAsync(request, stop))
            .On(BatchOperations.TerminateJob, (stop, request) => jobs.TerminateAsync(request, stop))
            .On(BatchOperations.DescribeJobQueues, (stop, request) => queues.QueuesAsync(request, stop))
            .On(BatchOperations.DescribeComputeEnvironments, (stop, request) => queues.EnvironmentsAsync(request, stop))
            .On(BatchOperations.DescribeJobDefinitions, (_, request) => QueueOperations.DefinitionsAsync(request))
            .On(LogsOperations.GetLogEvents, (stop, request) => logs.EventsAsync(request, stop));
    }

    /// <inheritdoc/>
    public Task<TResponse> SendAsync<TRequest, TResponse>(
        AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class =>
        _handlers.Find(operation) is { } handler
            ? handler(cancellationToken, request)
            : Task.FromException<TResponse>(SlurmFailures.NoCounterpart(operation.Name));

    /// <summary>Why a job waits or how Slurm ended it; null if only the job itself can say more.</summary>
    /// <param name="job">The job as it was described.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IReadOnlyList<SlurmCause>?> ExplainAsync(JobDetail job, CancellationToken cancellationToken) =>
        _explainer.OfAsync(job, cancellationToken);

    /// <summary>What of a submission the cluster would take and never start; empty if nothing is known against it.</summary>
    /// <param name="request">The submission.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IReadOnlyList<SlurmCause>> CheckAsync(SubmitJobRequest request, CancellationToken cancellationToken) =>
        _explainer.OfAsync(request, cancellationToken);

    /// <summary>How many children one array may have, by the site's MaxArraySize; null if the cluster does not say.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<int?> MostOfArrayAsync(CancellationToken cancellationToken) =>
        _reader.MostOfArrayAsync(BatchOperations.SubmitJob.Name, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();
}

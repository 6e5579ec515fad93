using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Dashboard.Sources;
using Refrag.Scheduling.Catalogue;

namespace Refrag.Dashboard.Tests;

/// <summary>A source whose causes and retries the test sets.</summary>
internal sealed class FakeSource(FakeBatch batch) : IDashboardSource
{
    public Diagnosis.Diagnosis Why { get; set; } = new([], "Nothing is in its way", []);

    public IAwsTransport Batch => batch;

    public IAwsTransport Logs => batch;

    public bool Rehearses => false;

    public InstanceType? FindType(string name) => null;

    public Task<TimeSpan> LogDelayAsync(CancellationToken cancellationToken) => Task.FromResult(TimeSpan.Zero);

    public Task<JobFigures> FiguresAsync(JobDetail job, CancellationToken cancellationToken) =>
        Task.FromResult(new JobFigures(null, null, null));

    public Task<Diagnosis.Diagnosis> WhyAsync(JobDetail job, CancellationToken cancellationToken) => Task.FromResult(Why);

    /// <summary>How many requests of retries began.</summary>
    public int RetryRequests { get; private set; }

    public Func<string, CancellationToken, Task<Result<string>>> Retries()
    {
        RetryRequests++;
        return (id, _) =>
        {
            if (batch.Faults.TryGetValue(id, out AwsException? fault)) throw fault;
            batch.Put(FakeBatch.Job($"{id}-again", JobStatus.Submitted));
            return Task.FromResult(Result<string>.Success($"{id}-again"));
        };
    }
}

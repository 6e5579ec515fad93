using Refrag.Aws.Batch;
using Refrag.Engine;
using Refrag.Engine.Options;

namespace Refrag.Cli.Tests.LocalRuns;

/// <summary>A folder of runs that have ended, as `refrag run env=local` leaves it. Their jobs were simulated and have succeeded.</summary>
internal sealed class RecordedRuns : IDisposable
{
    public const string Queue = "refrag-cpu-job-queue";

    private readonly TemporaryFolder _folder = new();

    /// <summary>The folder of all runs.</summary>
    public string Folder => _folder.Path;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Adds a run with jobs of these names.</summary>
    /// <param name="name">The run's name, which begins with its time.</param>
    /// <param name="jobs">The names of its jobs.</param>
    /// <returns>The ids of the jobs.</returns>
    public async Task<IReadOnlyList<string>> AddAsync(string name, params string[] jobs)
    {
        var options = new LocalBatchOptions
        {
            MirrorDirectory = _folder.At(name),
            MirrorFailed = static problem => throw new InvalidOperationException(problem.ToString()),
            Variables = new Dictionary<string, string> { ["REFRAG_SIM_SECONDS"] = "0" },
            VCpus = new VCpus(64),
            Memory = new MebiBytes(65536),
        };
        await using LocalBatch batch = (await LocalBatch.OpenAsync(options, "simulated", cancellationToken: Stop)).Value;
        List<string> ids = [];
        foreach (string job in jobs)
        {
            SubmitJobResponse submitted = await batch.SendAsync(BatchOperations.SubmitJob, new SubmitJobRequest
            {
                JobName = job,
                JobQueue = Queue,
                JobDefinition = "refrag-cpu-job-def",
                ContainerOverrides = new ContainerOverrides
                {
                    Environment = [new Aws.Batch.KeyValuePair { Name = "REFRAG_SIM_SECONDS", Value = "0" }],
                },
            }, Stop);
            ids.Add(submitted.JobId);
            JobDetail end = await batch.WatchAsync(submitted.JobId, Stop).LastAsync(Stop).AsTask().Soon();
            Assert.Equal(JobStatus.Succeeded, end.Status);
        }
        return ids;
    }

    public void Remove(string name) => Directory.Delete(_folder.At(name), recursive: true);

    public void Dispose() => _folder.Dispose();
}

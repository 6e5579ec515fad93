using Refrag.Aws.Batch;
using Refrag.Engine.Options;

namespace Refrag.Engine.Tests.EndToEnd;

public sealed class SimulatedEngineTests
{
    [Theory]
    [InlineData("1")]
    [InlineData("16")]
    public async Task Submit_GpusThatThisMachineHasNot_AreSimulatedToo(string gpus)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        Result<LocalBatch> opened =
            await LocalBatch.OpenAsync(
                new LocalBatchOptions { Variables = new Dictionary<string, string>() }, "simulated", cancellationToken: token);
        await using LocalBatch batch = opened.Value;
        SubmitJobResponse job = await batch.SendAsync(BatchOperations.SubmitJob, new SubmitJobRequest
        {
            JobName = "gpu",
            JobQueue = "refrag-gpu-job-queue",
            JobDefinition = "refrag-gpu-job-def",
            ContainerOverrides = new ContainerOverrides
            {
                Environment = [new Refrag.Aws.Batch.KeyValuePair { Name = "REFRAG_SIM_SECONDS", Value = "0" }],
                ResourceRequirements = [new ResourceRequirement { Type = ResourceType.Gpu, Value = gpus }],
            },
        }, token);
        Assert.Equal(JobStatus.Succeeded, (await batch.WatchAsync(job.JobId, token).LastAsync(token).AsTask().Soon()).Status);
    }
}

using Refrag.Aws.Batch;
using Refrag.Engine.Options;

namespace Refrag.Engine.Tests.EndToEnd;

/// <summary>Tests that measure the memory of the process run alone.</summary>
[CollectionDefinition(nameof(MeasuredAlone), DisableParallelization = true)]
public sealed class MeasuredAlone;

/// <summary>No accepted request of any operation takes more than 64 MiB. How long each takes is measured by bench/limits.cs.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class LargestRequestsTests
{
    private const long MostBytes = 64 * 1_048_576;

    [Fact]
    public async Task LargestRequests_OfAllOperations_AreAnsweredAndStayBelow64MiB()
    {
        var options = new LocalBatchOptions
        {
            VCpus = new VCpus(100_000),
            Memory = new MebiBytes(100_000_000),
            GpuIds = [],
            Variables = new Dictionary<string, string>(),
            Fleets = new FleetOptions(),
        };
        await using LocalBatch batch =
            (await LocalBatch.OpenAsync(options, "simulated", cancellationToken: TestContext.Current.CancellationToken)).Value;
        var requests = new LargestRequests(batch);
        List<string> large = [];
        foreach ((string name, Func<Task> run) in requests.Steps)
        {
            long before = GC.GetTotalMemory(forceFullCollection: true);
            await run().Soon();
            // What follows from a request is done when a later one is answered.
            await batch.SendAsync(
                BatchOperations.ListSchedulingPolicies, new ListSchedulingPoliciesRequest(), TestContext.Current.CancellationToken).Soon();
            long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
            if (grown > MostBytes) large.Add($"{name}: {grown} bytes");
        }
        Assert.Empty(large);
        Assert.Equal(BatchOperations.All.Select(operation => operation.Name).Order(), requests.Used.Order());
    }
}

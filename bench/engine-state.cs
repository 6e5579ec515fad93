// Measures the embedded engine's state on disk:
//
//     dotnet run -c Release bench/engine-state.cs -- FOLDER JOBS
//
// Fills FOLDER with JOBS finished jobs (through an import, where it is new), opens it, and prints JSON: start, memory, and the time of one
// ListJobs, DescribeJobs, SubmitJob, and SubmitJob of an array of 10,000, each the median of some.
#:project ../src/Refrag.Engine/Refrag.Engine.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
#:property TreatWarningsAsErrors=false
#:property RunAnalyzers=false

using System.Diagnostics;
using System.Globalization;
using Refrag;
using Refrag.Aws.Batch;
using Refrag.Engine;
using Refrag.Engine.Options;

if (args.Length != 2)
{
    Console.Error.WriteLine("usage: dotnet run -c Release bench/engine-state.cs -- FOLDER JOBS");
    return 2;
}
string folder = args[0];
int jobs = int.Parse(args[1], CultureInfo.InvariantCulture);
const string Queue = "refrag-cpu-job-queue";
string someId = await FillAsync();

long before = Stopwatch.GetTimestamp();
Result<LocalBatch> opened =
    await LocalBatch.OpenAsync(new LocalBatchOptions { StateDirectory = folder, VCpus = new VCpus(0.001m), GpuIds = [] }, "simulated");
if (!opened.IsSuccess)
{
    Console.Error.WriteLine(opened.Problems[0]);
    return 1;
}
await using LocalBatch batch = opened.Value;
await ListAsync(null);
double start = Stopwatch.GetElapsedTime(before).TotalMilliseconds;
// One job holds the machine's only share, so that the others wait and the figures are those of the state alone.
await SubmitAsync(null);
double list = await MedianAsync(20, () => ListAsync(null));
double describe =
    await MedianAsync(
        100, async () => await batch.SendAsync(BatchOperations.DescribeJobs, new DescribeJobsRequest { Jobs = [someId] }, default));
double submit = await MedianAsync(200, () => SubmitAsync(null));
double array = await MedianAsync(5, () => SubmitAsync(10_000));
// The first round is for the just-in-time compiler.
await ThroughputAsync(64, 200);
double together = await ThroughputAsync(64, 1000);
long resident = Process.GetCurrentProcess().WorkingSet64 / 1_048_576;
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $$"""{"jobs":{{jobs}},"start_ms":{{start:F0}},"list_ms":{{list:F2}},"describe_ms":{{describe:F3}},"submit_ms":{{submit:F3}}"""
    + $$""","array_10000_ms":{{array:F1}},"submits_per_s_64":{{together:F0}},"resident_mib":{{resident}}}"""));
Environment.Exit(0);
return 0;

async Task<string> FillAsync()
{
    string id = Guid.CreateVersion7(DateTimeOffset.UnixEpoch.AddDays(20_000)).ToString();
    if (File.Exists(Path.Combine(folder, "state.db"))) return await FirstAsync();
    await using (var seed = new LocalBatch(new LocalBatchOptions { StateDirectory = folder + "-seed" })) await seed.SendAsync(
        BatchOperations.DescribeJobQueues, new DescribeJobQueuesRequest(), default);
    using var resources = new StringWriter();
    await StateTransfer.ExportAsync(folder + "-seed", resources);
    using var lines = new Lines(resources.ToString(), jobs, id);
    Result<long> read = await StateTransfer.ImportAsync(folder, lines);
    if (!read.IsSuccess) throw new InvalidOperationException(read.Problems[0].ToString());
    return id;
}

async Task<string> FirstAsync()
{
    await using var one = new LocalBatch(new LocalBatchOptions { StateDirectory = folder });
    return (await one.SendAsync(BatchOperations.ListJobs, new ListJobsRequest { JobQueue = Queue, JobStatus = "SUCCEEDED", MaxResults = 1 },
        default)).JobSummaryList[0].JobId;
}

async Task ListAsync(string? token) =>
    await batch.SendAsync(BatchOperations.ListJobs,
        new ListJobsRequest { JobQueue = Queue, JobStatus = "SUCCEEDED", MaxResults = 100, NextToken = token }, default);

async Task SubmitAsync(int? size) => await batch.SendAsync(BatchOperations.SubmitJob, new SubmitJobRequest
{
    JobName = "bench",
    JobQueue = Queue,
    JobDefinition = "refrag-cpu-job-def",
    ContainerOverrides = new ContainerOverrides
    {
        Command = ["true"],
        Environment = [new() { Name = "REFRAG_SIM_SECONDS", Value = "86400" }],
    },
    ArrayProperties = size is null ? null : new ArrayProperties { Size = size },
}, default);

async Task<double> ThroughputAsync(int clients, int each)
{
    long from = Stopwatch.GetTimestamp();
    await Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
    {
        for (int i = 0; i < each; i++) await SubmitAsync(null);
    }));
    return clients * each / Stopwatch.GetElapsedTime(from).TotalSeconds;
}

static async Task<double> MedianAsync(int times, Func<Task> act)
{
    await act();
    var taken = new List<double>();
    for (int i = 0; i < times; i++)
    {
        long from = Stopwatch.GetTimestamp();
        await act();
        taken.Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
    }
    taken.Sort();
    return taken[taken.Count / 2];
}

/// <summary>An export of finished jobs, made as it is read.</summary>
internal sealed class Lines(string head, int jobs, string first) : StringReader(head)
{
    private int _made;

    public override ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        if (ReadLine() is { } line) return new(line);
        if (_made == jobs) return new((string?)null);
        DateTimeOffset at = DateTimeOffset.UtcNow.AddHours(-1).AddMilliseconds(_made);
        string id = _made++ == 0 ? first : Guid.CreateVersion7(at).ToString();
        long time = at.ToUnixTimeMilliseconds();
        return new(
            "{\"type\":\"job\",\"kind\":\"Job\",\"id\":\"" + id
                + "\",\"queue\":\"refrag-cpu-job-queue\",\"definition\":\"refrag-cpu-job-def:1\",\"status\":\"SUCCEEDED\",\"createdAt\":"
                    + time
            + ",\"body\":\"{\\\"jobName\\\":\\\"job" + (_made % 1000)
                + "\\\",\\\"jobQueue\\\":\\\"refrag-cpu-job-queue\\\",\\\"jobDefinition\\\":\\\"refrag-cpu-job-def:1"
                + "\\\",\\\"containerOverrides\\\":{\\\"command\\\":[\\\"true\\\"]}}\""
            + ",\"life\":\"{\\\"stoppedAt\\\":" + (time + 1000) + ",\\\"startedAt\\\":" + time
                + ",\\\"statusReason\\\":\\\"Essential container in task exited\\\"}\"}");
    }
}

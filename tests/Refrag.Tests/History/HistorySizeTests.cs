using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Refrag.History;
using Refrag.Scheduling;
using Refrag.Scheduling.Fitting;

namespace Refrag.Tests.History;

/// <summary>The file never grows without end, whatever is written into it.</summary>
public sealed class HistorySizeTests : IDisposable
{
    private const long Limit = 512 * 1024;

    // A write of 60 jobs or samples takes less, and a page of jobs is free only when most of them are gone.
    private const long Slack = 256 * 1024;

    private static readonly JobPlace s_aws = new(JobPlace.Aws, "123456789012", "us-east-1");
    private static readonly JobPlace s_rehearsal = s_aws with { Endpoint = "http://127.0.0.1:9099" };

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(FakeAccount.Now);
    private int _files;

    [Fact]
    public void Put_AnyAmountOfAnything_StaysNearTheLimit() => Gen
        .Select(Gen.Int[0, 2], Gen.Int[1, 60]).Array[60, 120]
        .Sample(writes =>
        {
            using HistoryStore store = Open();
            int written = 0;
            foreach ((int kind, int count) in writes)
            {
                _time.Advance(TimeSpan.FromMinutes(1));
                if (kind == 0) store.Put(s_aws, Jobs(count));
                else if (kind == 1) store.Put(s_rehearsal, Jobs(count));
                else store.Put(s_aws, Sample(count));
                written += count;
                if (store.UsedBytes > Limit + Slack) return false;
            }
            return store.IsUsable && written > 0;
        }, iter: 4, threads: 1);

    // The first look at a busy account describes thousands of jobs.
    [Fact]
    public void Put_ThousandsOfJobsAtOnce_StaysNearTheLimit()
    {
        using HistoryStore store = Open();
        for (int look = 0; look < 4; look++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));

            store.Put(s_aws, Jobs(2000));

            Assert.InRange(store.UsedBytes, 1, Limit + Slack);
        }
    }

    [Fact]
    public void Put_BeyondTheSize_RemovesRehearsalsBeforeWhatWasMeasuredOnAws()
    {
        using HistoryStore store = Open();
        RecordedJob[] measured = Jobs(100);
        store.Put(s_aws, measured);
        for (int i = 0; i < 30; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            store.Put(s_rehearsal, Jobs(100));
        }

        Assert.Equal(100, store.List(s_aws, null).Count);
        Assert.InRange(store.List(s_rehearsal, null).Count, 1, 2000);
    }

    [Fact]
    public void Prune_ToASize_KeepsTheNewestAndMakesTheFileSmaller()
    {
        string file;
        using (HistoryStore store = Open(new HistoryLimits()))
        {
            file = Path.Combine(_folder.Path, $"{_files}.db");
            for (int i = 0; i < 20; i++)
            {
                _time.Advance(TimeSpan.FromMinutes(1));
                store.Put(s_aws, Jobs(100));
            }
        }
        long before = new FileInfo(file).Length;
        RecordedJob[] newest = Jobs(10);

        using (HistoryStore store = Open(new HistoryLimits { Bytes = Limit }, file))
        {
            store.Put(s_aws, [.. newest.Select(job => job with { SeenAt = _time.GetUtcNow().AddDays(1) })]);
            store.Prune(null, TestContext.Current.CancellationToken);

            Assert.InRange(store.UsedBytes, 1, Limit);
            Assert.All(newest, job => Assert.NotNull(store.Find(s_aws, job.Id)));
        }
        Assert.True(before > 2 * Limit, $"{before}");
        Assert.InRange(new FileInfo(file).Length, 1, Limit);
    }

    [Fact]
    public void Put_SamplesBeyondTheirAge_RemovesThemWithTheirInstancesAndKeepsJobs()
    {
        using HistoryStore store = Open(new HistoryLimits { SampleAge = TimeSpan.FromDays(10), Age = TimeSpan.FromDays(400) });
        store.Put(s_aws, Jobs(1));
        store.Put(s_aws, Sample(2));
        _time.Advance(TimeSpan.FromDays(9));
        store.Put(s_aws, Sample(1));
        _time.Advance(TimeSpan.FromDays(2));
        store.Put(s_aws, Sample(1));
        _time.Advance(TimeSpan.FromDays(1));
        store.Put(s_aws, Sample(1));

        HistoryReader reader = new(store);
        // Those of day 9, 11 and 12; age counts from the newest sample that stood there when the round began.
        Assert.Equal([9, 11, 12], reader.QueueSamples(s_aws, HistorySpan.Always).Select(one => (one.At - FakeAccount.Now).Days));
        Assert.Equal(3, reader.FleetSamples(s_aws, HistorySpan.Always).Count);
        Assert.Equal(3, reader.Instances(s_aws, new HistorySpan(FakeAccount.Now, FakeAccount.Now.AddDays(20)), points: 2000).Count);
        Assert.Single(store.List(s_aws, null));
    }

    public void Dispose() => _folder.Dispose();

    private HistoryStore Open(HistoryLimits? limits = null, string? file = null) => HistoryStore.Open(
        file ?? Path.Combine(_folder.Path, $"{++_files}.db"), _time, problem => Assert.Fail(problem.What),
        limits ?? new HistoryLimits { Bytes = Limit });

    // Ids without an order, as Batch gives them.
    private RecordedJob[] Jobs(int count) =>
    [
        .. Enumerable.Range(0, count).Select(_ => new RecordedJob
        {
            Id = Guid.NewGuid().ToString(),
            Name = "job",
            Queue = "refrag-cpu-job-queue",
            Status = "SUCCEEDED",
            CreatedAt = _time.GetUtcNow(),
            SeenAt = _time.GetUtcNow(),
            Needs = new Requirement { Amount = new Amount(1000, 2048, 0) },
            Tags = new Dictionary<string, string>(StringComparer.Ordinal) { ["app"] = "train", ["user"] = "ada" },
            Attempts =
            [
                new RecordedAttempt(RecordedAttempt.WholeJob, 1, _time.GetUtcNow())
                {
                    Task = $"arn:aws:ecs:us-east-1:123456789012:task/cluster/{Guid.NewGuid():N}",
                    Host = $"arn:aws:ecs:us-east-1:123456789012:container-instance/cluster/{Guid.NewGuid():N}",
                },
            ],
        }),
    ];

    private PlaceSample Sample(int queues) => new()
    {
        At = _time.GetUtcNow(),
        Queues = [.. Enumerable.Range(0, queues).Select(i => new QueueSample($"queue-{i}", 0, 0, i, 0, 0))],
        Fleets =
        [
            new FleetSample("fleet", "SPOT", "ENABLED")
            {
                Hosts = new FleetUse { VCpus = 4, Instances = [new InstanceCount("m6i.xlarge", "us-east-1a", "spot", 1)] },
            },
        ],
    };
}

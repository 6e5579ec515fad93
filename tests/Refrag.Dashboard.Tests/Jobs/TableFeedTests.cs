using System.Text.Json.Nodes;
using Refrag.Aws.Batch;

namespace Refrag.Dashboard.Tests.Jobs;

/// <summary>The table of jobs as the page gets it: a snapshot, then numbered changes.</summary>
public sealed class TableFeedTests
{
    [Fact]
    public async Task Stream_Opened_BringsEveryJobAndThenWhatChanges()
    {
        var batch = new FakeBatch();
        batch.Put(FakeBatch.Job("one", JobStatus.Running) with { Tags = new Dictionary<string, string> { ["app"] = "train" } },
            FakeBatch.Job("two", JobStatus.Failed));
        await using OpenPage page = await OpenPage.StartAsync(batch: batch);
        Dictionary<string, JsonNode> rows = [];
        long? sequence = null;
        bool hasEnded = false;

        await foreach (var (name, data) in page.EventsAsync("/api/jobs", TestContext.Current.CancellationToken))
        {
            long number = (long)data["sequence"]!;
            if (name == "change") Assert.Equal(sequence + 1, number);
            sequence = number;
            foreach (JsonNode? row in (JsonArray?)data["rows"] ?? (JsonArray?)data["changed"] ?? []) rows[(string)row!["id"]!] = row;
            if (!hasEnded && rows.Count == 2 && rows["one"]["tags"] is { } tags)
            {
                Assert.Equal("train", (string?)tags["app"]);
                Assert.Equal(FakeBatch.Queue, (string?)rows["two"]["queue"]);
                // It ends between two readings, and so is in no list of an active state.
                batch.Put(FakeBatch.Job("one", JobStatus.Succeeded));
                hasEnded = true;
            }
            if (hasEnded && (string?)rows["one"]["status"] == JobStatus.Succeeded) break;
        }

        Assert.True(hasEnded);
    }

    [Fact]
    public async Task Stream_ASecondTime_BeginsWithASnapshotOfTheSameRows()
    {
        var batch = new FakeBatch();
        batch.Put([.. Enumerable.Range(0, 4500).Select(i => FakeBatch.Job($"job-{i}", JobStatus.Runnable))]);
        await using OpenPage page = await OpenPage.StartAsync(batch: batch);
        await foreach (var (_, data) in page.EventsAsync("/api/jobs", TestContext.Current.CancellationToken))
        {
            if (data["status"]?["at"] is not null) break;
        }

        HashSet<string> ids = [];
        List<long> numbers = [];
        await foreach (var (name, data) in page.EventsAsync("/api/jobs", TestContext.Current.CancellationToken))
        {
            Assert.Equal("snapshot", name);
            Assert.Equal(ids.Count == 0, (bool)data["first"]!);
            numbers.Add((long)data["sequence"]!);
            foreach (JsonNode? row in (JsonArray)data["rows"]!) ids.Add((string)row!["id"]!);
            if ((bool)data["last"]!) break;
        }

        Assert.Equal(4500, ids.Count);
        Assert.Equal(3, numbers.Count);
        Assert.Single(numbers.Distinct());
    }

    [Fact]
    public async Task Stream_JobThatBatchForgets_IsRemoved()
    {
        var batch = new FakeBatch();
        batch.Put(FakeBatch.Job("one", JobStatus.Runnable));
        await using OpenPage page = await OpenPage.StartAsync(batch: batch);
        bool wasThere = false;

        await foreach (var (_, data) in page.EventsAsync("/api/jobs", TestContext.Current.CancellationToken))
        {
            wasThere |= data["changed"] is JsonArray;
            if (wasThere) batch.Jobs.Clear();
            if (data["removed"] is JsonArray removed)
            {
                Assert.Equal("one", (string?)Assert.Single(removed));
                break;
            }
        }

        Assert.True(wasThere);
    }

    [Fact]
    public async Task Stream_BatchAway_SaysWhyAndThenThatItIsBack()
    {
        var batch = new FakeBatch { IsAway = true };
        await using OpenPage page = await OpenPage.StartAsync(batch: batch);
        bool wasAway = false;

        await foreach (var (_, data) in page.EventsAsync("/api/jobs", TestContext.Current.CancellationToken))
        {
            if (data["status"] is not { } status) continue;
            if (status["problem"] is { } problem)
            {
                Assert.Contains("It is away", (string?)problem["what"], StringComparison.Ordinal);
                wasAway = true;
                batch.IsAway = false;
            }
            if (status["at"] is not null) break;
        }

        Assert.True(wasAway);
    }

    [Fact]
    public async Task Stream_ReadingFails_EndsAndCanBeOpenedAgain()
    {
        var batch = new FakeBatch { Bug = new InvalidOperationException("a bug") };
        batch.Put(FakeBatch.Job("one", JobStatus.Runnable));
        await using OpenPage page = await OpenPage.StartAsync(batch: batch);

        await foreach (var (_, data) in page.EventsAsync("/api/jobs", TestContext.Current.CancellationToken))
            Assert.Null(data["status"]?["at"]);

        Assert.Contains("a bug", Assert.Single(page.Faults), StringComparison.Ordinal);
        bool isRead = false;
        await foreach (var (_, data) in page.EventsAsync("/api/jobs", TestContext.Current.CancellationToken))
        {
            isRead = data["status"]?["at"] is not null;
            if (isRead) break;
        }
        Assert.True(isRead);
    }

    [Fact]
    public async Task Names_OfAnyContent_AreJsonTexts()
    {
        // Batch allows few characters in names; another endpoint may answer any.
        const string Hostile = "</script><img src=x onerror=alert(1)>\u2028\u202E\n\u001b[31m\"'&";
        var batch = new FakeBatch();
        batch.Put(FakeBatch.Job("one", JobStatus.Failed, Hostile) with
        {
            StatusReason = Hostile,
            Tags = new Dictionary<string, string> { [Hostile] = Hostile },
        });
        await using OpenPage page = await OpenPage.StartAsync(batch: batch);

        await foreach (var (_, data) in page.EventsAsync("/api/jobs", TestContext.Current.CancellationToken))
        {
            if (((JsonArray?)data["changed"])?.FirstOrDefault() is not { } row || row["tags"] is not { } tags) continue;
            Assert.Equal([Hostile, Hostile, Hostile], [(string?)row["name"], (string?)row["reason"], (string?)tags[Hostile]]);
            break;
        }
    }
}

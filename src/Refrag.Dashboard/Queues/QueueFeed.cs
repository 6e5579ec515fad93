using Microsoft.AspNetCore.Http;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Dashboard.Problems;
using Refrag.Dashboard.Sources;
using Refrag.Dashboard.Streams;
using Refrag.Monitoring;
using Refrag.Scheduling;
using Refrag.Scheduling.Catalogue;

namespace Refrag.Dashboard.Queues;

/// <summary>Reads queues and fleets while a page shows them; several pages share one reading.</summary>
/// <param name="batch">Batch, at the pace of the budget.</param>
/// <param name="source">What is shown.</param>
/// <param name="time">The clock.</param>
#pragma warning disable CA1001 // It lives as long as the server, and its lock has no handle to give back.
internal sealed class QueueFeed(PacedTransport batch, IDashboardSource source, TimeProvider time)
#pragma warning restore CA1001
{
    private static readonly TimeSpan s_pace = TimeSpan.FromSeconds(2);

    // Those at the front that a card shows; Batch has at most a hundred. (API GetJobQueueSnapshot)
    private const int Front = 20;

    private const int DescribedAtOnce = 100;

    // Why a job at the front waits changes, though slowly beside the page; what an instance's job asks for does not.
    private static readonly TimeSpan s_reasonsPace = TimeSpan.FromSeconds(20);

    // What a role or a server refuses is not asked at each reading, and some time again: roles change.
    private static readonly TimeSpan s_refusedPause = TimeSpan.FromMinutes(5);

    private static readonly string[] s_events = ["spot_reclaim", "insufficient_capacity", "slow_start", "image_fault"];

    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly DepthSamples _depth = new();
    private readonly Dictionary<string, (JobDetail Job, DateTimeOffset At)> _placed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<HeadJob>> _orders = new(StringComparer.Ordinal);
    private QueuePage _page = new() { Sequence = 0 };
    private IReadOnlyList<InstanceBox>? _instances;
    private DateTimeOffset _fleetsFrom;
    private DateTimeOffset _ordersFrom;

    /// <summary>Sends what there is, and whatever is new, until the page is gone.</summary>
    public async Task WriteAsync(EventWriter events, CancellationToken cancellationToken)
    {
        await events.BeginAsync(cancellationToken);
        long sent = -1;
        while (true)
        {
            await RefreshAsync(cancellationToken);
            QueuePage page = _page;
            if (page.Sequence != sent) await events.SendAsync("queues", page, QueueJson.Default.QueuePage, cancellationToken);
            sent = page.Sequence;
            await events.WaitAsync(stop => Task.Delay(s_pace, time, stop), cancellationToken);
        }
    }

    /// <summary>Lets something go wrong with the fleets; throws a <see cref="PageRefusal"/> for what the page does not offer.</summary>
    public async Task InjectAsync(RehearsalEvent wanted, CancellationToken cancellationToken)
    {
        if (!s_events.Contains(wanted.What, StringComparer.Ordinal))
            throw new PageRefusal(StatusCodes.Status400BadRequest, DashboardProblems.NotUnderstood("The page does not offer this event"));
        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        foreach ((string name, string? value) in ((string, string?)[])[("environment", wanted.Environment), ("type", wanted.Type),
            ("until", wanted.Until), ("extra", wanted.Extra)])
        {
            if (!string.IsNullOrEmpty(value)) texts[name] = value;
        }
        Dictionary<string, double> numbers = new(StringComparer.Ordinal);
        if (wanted.Part is { } part) numbers["part"] = part;
        await source.Batch.SendAsync(
            RehearsalOperations.InjectEvent, new InjectEventRequest(wanted.What!, texts, numbers), cancellationToken);
    }

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            DateTimeOffset now = time.GetUtcNow();
            // Another page has just read it.
            if (_page.At is { } at && _page.Problem is null && now.ToUnixTimeMilliseconds() - at < s_pace.TotalMilliseconds / 2) return;
            IReadOnlyList<QueueStatus> queues = await new QueueReader(batch, time).StatusAsync([], cancellationToken);
            List<QueueCard> cards = [];
            foreach (QueueStatus queue in queues)
            {
                _depth.Add(queue, now);
                IReadOnlyList<HeadJob>? order = await OrderAsync(queue.Queue.JobQueueName, cancellationToken);
                cards.Add(QueueCard.Of(queue, order, _depth.Of(queue.Queue.JobQueueName)));
            }
            IReadOnlyList<InstanceBox>? instances = await InstancesAsync(cancellationToken);
            _page = new QueuePage
            {
                Sequence = _page.Sequence + 1,
                At = time.GetUtcNow().ToUnixTimeMilliseconds(),
                Queues = cards,
                Instances = instances,
            };
        }
        catch (AwsException failure)
        {
            _page = _page with { Sequence = _page.Sequence + 1, Problem = PageProblem.Of(failure.Problem) };
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<IReadOnlyList<HeadJob>?> OrderAsync(string queue, CancellationToken cancellationToken)
    {
        if (time.GetUtcNow() < _ordersFrom) return null;
        try
        {
            GetJobQueueSnapshotResponse answer = await batch.SendAsync(
                BatchOperations.GetJobQueueSnapshot, new GetJobQueueSnapshotRequest { JobQueue = queue }, cancellationToken);
            string[] ids = [.. (answer.FrontOfQueue?.Jobs ?? []).Take(Front).Select(job => AwsNames.Short(job.JobArn))];
            await PlaceAsync(ids, s_reasonsPace, cancellationToken);
            return _orders[queue] = [.. ids.Select(id => _placed.GetValueOrDefault(id).Job is { } job
                ? new HeadJob(id, job.JobName, job.CreatedAt, job.StatusReason)
                : new HeadJob(id, null, null, null))];
        }
        catch (AwsServiceException failure) when (failure.MayPass)
        {
            // Throttled: the order of before is better than none.
            return _orders.GetValueOrDefault(queue);
        }
        catch (AwsServiceException)
        {
            // Not every role may ask for it, and not every server answers it.
            _ordersFrom = time.GetUtcNow() + s_refusedPause;
            return null;
        }
    }

    private async Task<IReadOnlyList<InstanceBox>?> InstancesAsync(CancellationToken cancellationToken)
    {
        if (!source.Rehearses || time.GetUtcNow() < _fleetsFrom) return null;
        try
        {
            DescribeFleetUsageResponse fleets = await batch.SendAsync(
                RehearsalOperations.DescribeFleetUsage, new DescribeFleetUsageRequest(), cancellationToken);
            await PlaceAsync([.. fleets.Instances.SelectMany(one => one.JobIds)], TimeSpan.MaxValue, cancellationToken);
            return _instances = [.. fleets.Instances.Select(Box)];
        }
        catch (AwsServiceException failure) when (failure.MayPass)
        {
            return _instances;
        }
        catch (AwsServiceException)
        {
            // Another server than refrag's.
            _fleetsFrom = time.GetUtcNow() + s_refusedPause;
            return null;
        }
    }

    private InstanceBox Box(FleetInstanceLine one)
    {
        InstanceType? type = source.FindType(one.Type);
        return new InstanceBox(one.Id, one.Environment, one.Type, one.Zone, one.IsSpot, one.IsStarting, type?.VCpus, type?.Gpus ?? 0,
            [.. one.JobIds.Select(Box)]);
    }

    private BoxJob Box(string id)
    {
        if (_placed.GetValueOrDefault(id).Job is not { } job) return new BoxJob(id, null, null, 0);
        Amount needs = JobNeeds.Of(job).Amount;
        return new BoxJob(id, job.JobName, needs.MilliVCpus, needs.Gpus);
    }

    private async Task PlaceAsync(IReadOnlyList<string> ids, TimeSpan oldest, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (_placed.Count > 10_000) _placed.Clear();
        string[] unknown = [.. ids.Where(id => id.Length > 0 && !IsFresh(id)).Distinct(StringComparer.Ordinal)];
        foreach (string[] some in unknown.Chunk(DescribedAtOnce))
        {
            await foreach (JobDetail job in new JobLister(batch).DescribeAsync(some, cancellationToken)) _placed[job.JobId] = (job, now);
        }

        bool IsFresh(string id) => _placed.TryGetValue(id, out (JobDetail Job, DateTimeOffset At) placed) && now - placed.At < oldest;
    }
}

using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Dashboard.Problems;
using Refrag.Dashboard.Sources;
using Refrag.Monitoring;

namespace Refrag.Dashboard.Actions;

/// <summary>Ends and repeats jobs, as <c>refrag cancel</c>, <c>terminate</c> and <c>retry</c> do.</summary>
/// <param name="source">Where the jobs are.</param>
#pragma warning disable CA1001 // It lives as long as the server, and its lock has no handle to give back.
internal sealed class JobActions(IDashboardSource source)
#pragma warning restore CA1001
{
    /// <summary>The most jobs of one request; the page sends more in several.</summary>
    public const int Most = 500;

    private const string Reason = "refrag dashboard";

    // Budgets are compared with what was accepted before; two requests at once would each find the same room.
    private readonly SemaphoreSlim _oneRetry = new(1, 1);

    /// <summary>Does what is asked, or says what it would do.</summary>
    public async Task<ActionReport> RunAsync(ActionRequest request, CancellationToken cancellationToken)
    {
        if (request.Ids is not { Count: > 0 and <= Most } ids)
            throw Bad($"A change names 1 to {Most} jobs");
        if (ids.Any(string.IsNullOrEmpty)) throw Bad("A job without an id is named");
        return request.Action switch
        {
            "cancel" => await EndAsync(EndAction.Cancel, request, cancellationToken),
            "terminate" => await EndAsync(EndAction.Terminate, request, cancellationToken),
            "retry" => await RetryAsync(request, cancellationToken),
            _ => throw Bad("The change is none of cancel, terminate and retry"),
        };
    }

    private async Task<ActionReport> EndAsync(EndAction ending, ActionRequest request, CancellationToken cancellationToken)
    {
        List<EndingJob> jobs = [];
        await foreach (JobDetail job in new JobLister(source.Batch).DescribeAsync(request.Ids!, cancellationToken))
            jobs.Add(new EndingJob(job.JobId, job.JobName, job.Status));
        EndingPlan plan = EndingPlan.For(ending, jobs);
        List<LeftJob> left = [.. plan.Left.Select(one => new LeftJob(one.Job.Id, one.Reason))];
        left.AddRange(request.Ids!.Except(jobs.Select(job => job.Id), StringComparer.Ordinal)
            .Select(id => new LeftJob(id, "Batch does not know it")));
        if (request.Plan) return new ActionReport { Done = [.. plan.Jobs.Select(job => new DoneJob(job.Id, null))], Left = left };
        IReadOnlyList<(EndingJob Job, Problem Problem)> failed =
            await plan.CarryOutAsync(source.Batch, Reason, null, cancellationToken);
        HashSet<string> not = [.. failed.Select(one => one.Job.Id)];
        return new ActionReport
        {
            Done = [.. plan.Jobs.Where(job => !not.Contains(job.Id)).Select(job => new DoneJob(job.Id, null))],
            Left = left,
            Failed = [.. failed.Select(one => new FailedJob(one.Job.Id, PageProblem.Of(one.Problem)))],
        };
    }

    private async Task<ActionReport> RetryAsync(ActionRequest request, CancellationToken cancellationToken)
    {
        if (request.Plan) return new ActionReport { Done = [.. request.Ids!.Select(id => new DoneJob(id, null))], Left = [] };
        await _oneRetry.WaitAsync(cancellationToken);
        try
        {
            return await RetryAllAsync(request.Ids!.Distinct(StringComparer.Ordinal), cancellationToken);
        }
        finally
        {
            _oneRetry.Release();
        }
    }

    private async Task<ActionReport> RetryAllAsync(IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        List<DoneJob> done = [];
        List<FailedJob> failed = [];
        Func<string, CancellationToken, Task<Result<string>>> retry = source.Retries();
        AwsException? end = null;
        foreach (string id in ids)
        {
            if (end is not null)
            {
                failed.Add(new FailedJob(id, PageProblem.Of(EndingPlan.NotSent(end.Problem))));
                continue;
            }
            try
            {
                Result<string> repeated = await retry(id, cancellationToken);
                if (repeated.TryGet(out string? again, out IReadOnlyList<Problem> problems)) done.Add(new DoneJob(id, again));
                else failed.Add(new FailedJob(id, PageProblem.Of(problems[0])));
            }
            catch (AwsException failure)
            {
                failed.Add(new FailedJob(id, PageProblem.Of(failure.Problem)));
                if (failure is not AwsServiceException) end = failure;
            }
        }
        return new ActionReport { Done = done, Left = [], Failed = failed };
    }

    private static PageRefusal Bad(string what) => new(StatusCodes.Status400BadRequest, DashboardProblems.NotUnderstood(what));
}

/// <summary>What the page asks for.</summary>
internal sealed record ActionRequest
{
    /// <summary><c>cancel</c>, <c>terminate</c> or <c>retry</c>.</summary>
    public string? Action { get; init; }

    /// <summary>The jobs.</summary>
    public IReadOnlyList<string>? Ids { get; init; }

    /// <summary>Whether only what would be done is wanted.</summary>
    public bool Plan { get; init; }
}

/// <summary>What was done, or would be.</summary>
internal sealed record ActionReport
{
    /// <summary>The jobs that Batch has accepted it for.</summary>
    public required IReadOnlyList<DoneJob> Done { get; init; }

    /// <summary>The jobs that stay as they are.</summary>
    public required IReadOnlyList<LeftJob> Left { get; init; }

    /// <summary>The jobs for which Batch refused.</summary>
    public IReadOnlyList<FailedJob> Failed { get; init; } = [];
}

/// <summary>A job for which it is done.</summary>
/// <param name="Id">Its id.</param>
/// <param name="NewId">The id of the job that repeats it.</param>
internal sealed record DoneJob(string Id, string? NewId);

/// <summary>A job that is left alone.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Why">The reason.</param>
internal sealed record LeftJob(string Id, string Why);

/// <summary>A job for which it failed.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Problem">Why.</param>
internal sealed record FailedJob(string Id, PageProblem Problem);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ActionRequest))]
[JsonSerializable(typeof(ActionReport))]
internal sealed partial class ActionJson : JsonSerializerContext;

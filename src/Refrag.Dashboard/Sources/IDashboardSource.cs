using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Costs;
using Refrag.Scheduling.Catalogue;
using Refrag.Usage;

namespace Refrag.Dashboard.Sources;

/// <summary>What the page shows, and what it may do: the same services as the commands use.</summary>
public interface IDashboardSource
{
    /// <summary>Batch, for what the user asks for: without a limit of rate but the client's own.</summary>
    IAwsTransport Batch { get; }

    /// <summary>The logs.</summary>
    IAwsTransport Logs { get; }

    /// <summary>Whether it may be a server that rehearses fleets, and shows them.</summary>
    bool Rehearses { get; }

    /// <summary>An instance type of the catalogue; null if it is not in it.</summary>
    InstanceType? FindType(string name);

    /// <summary>How long after an attempt's end lines of it may still come.</summary>
    Task<TimeSpan> LogDelayAsync(CancellationToken cancellationToken);

    /// <summary>What a job costs, uses, and when it is expected to start.</summary>
    Task<JobFigures> FiguresAsync(JobDetail job, CancellationToken cancellationToken);

    /// <summary>Why a job waits or failed.</summary>
    Task<Diagnosis.Diagnosis> WhyAsync(JobDetail job, CancellationToken cancellationToken);

    /// <summary>
    /// Begins the retries of one request. What it gives submits a job again as it was submitted, by its id, and returns the id of the new
    /// one; what all of them are compared with, as budgets, is read anew for each request.
    /// </summary>
    Func<string, CancellationToken, Task<Result<string>>> Retries();
}

/// <summary>Figures of a job that Batch itself does not report.</summary>
/// <param name="Cost">What it has cost so far; null if that is not known, of an array, and if it has not run.</param>
/// <param name="Usage">What it has used; null if nothing has measured it.</param>
/// <param name="Start">When it is expected to start; null if it does not wait or the server does not say.</param>
public sealed record JobFigures(RecordedCost? Cost, JobUsage? Usage, DescribeStartResponse? Start);

using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Budgets;
using Refrag.Costs;
using Refrag.History;
using Refrag.Scheduling.Catalogue;
using Refrag.Sweeps;
using Refrag.Traces;
using Refrag.Usage;
using Refrag.WhatIf;

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

    /// <summary>Where Batch is, as the history names it; null on this machine, which has no queues to record.</summary>
    string? Endpoint { get; }

    /// <summary>Opens the history on this machine to read it; null if there is none. The caller closes it.</summary>
    HistoryStore? OpenHistory();

    /// <summary>Adds up what jobs have cost, as <c>refrag cost report</c> does.</summary>
    /// <param name="report">What they are added to.</param>
    /// <param name="since">When the first of them was submitted.</param>
    /// <param name="batch">Batch, at the pace of the page.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task CostsAsync(CostReport report, DateTimeOffset since, IAwsTransport batch, CancellationToken cancellationToken);

    /// <summary>What is taken of the project's budgets, as <c>refrag budget</c> counts; without standings if it has no budgets.</summary>
    /// <param name="batch">Batch, at the pace of the page.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<Result<BudgetLedger>> BudgetsAsync(IAwsTransport batch, CancellationToken cancellationToken);

    /// <summary>The sweeps whose manifests lie where <c>refrag run -m</c> puts them, the newest first.</summary>
    IReadOnlyList<SweepFile> Sweeps();

    /// <summary>The jobs of a sweep, as <c>refrag sweep show</c> has them.</summary>
    /// <param name="sweep">One of <see cref="Sweeps"/>.</param>
    /// <param name="batch">Batch, at the pace of the page.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<Result<SweepTable>> SweepAsync(SweepFile sweep, IAwsTransport batch, CancellationToken cancellationToken);

    /// <summary>The deployed queues and environments, as <c>refrag simulate</c> reads them; not of this machine, which has none.</summary>
    /// <param name="isNow">Whether the workload is that of this moment, which finds the instances that are there.</param>
    /// <param name="batch">Batch, at the pace of the page.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<Result<World>> WorldAsync(bool isNow, IAwsTransport batch, CancellationToken cancellationToken);

    /// <summary>Jobs to simulate, as <c>refrag simulate</c> reads them.</summary>
    /// <param name="choice">Which jobs.</param>
    /// <param name="batch">Batch, at the pace of the page.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<Result<SimulatedLoad>> LoadAsync(LoadChoice choice, IAwsTransport batch, CancellationToken cancellationToken);
}

/// <summary>Which jobs are simulated.</summary>
/// <param name="Span">Those of the history that were submitted within this time; null for those that wait and run now.</param>
/// <param name="RunTime">How long a job of now runs if nothing is known of its queue; null for a problem then.</param>
/// <param name="Most">The most jobs that are read; more are a problem.</param>
public sealed record LoadChoice(TimeSpan? Span, TimeSpan? RunTime, int Most);

/// <summary>Jobs to simulate.</summary>
/// <param name="Workload">The jobs.</param>
/// <param name="Words">The options of <c>refrag simulate</c> that choose the same.</param>
public sealed record SimulatedLoad(Workload Workload, string Words);

/// <summary>The manifest of a sweep.</summary>
/// <param name="Name">The name of the file, without the folder.</param>
/// <param name="Path">How a command names it, from the working directory.</param>
/// <param name="ChangedAt">When it was last written.</param>
public sealed record SweepFile(string Name, string Path, DateTimeOffset ChangedAt);

/// <summary>Figures of a job that Batch itself does not report.</summary>
/// <param name="Cost">What it has cost so far; null if that is not known, of an array, and if it has not run.</param>
/// <param name="Usage">What it has used; null if nothing has measured it.</param>
/// <param name="Start">When it is expected to start; null if it does not wait or the server does not say.</param>
public sealed record JobFigures(RecordedCost? Cost, JobUsage? Usage, DescribeStartResponse? Start);

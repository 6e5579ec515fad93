using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Budgets;
using Refrag.Costs;
using Refrag.Dashboard.Sources;
using Refrag.History;
using Refrag.Scheduling.Catalogue;
using Refrag.Sweeps;
using Refrag.WhatIf;

namespace Refrag.Dashboard.Tests;

/// <summary>A source whose causes and retries the test sets.</summary>
internal sealed class FakeSource(FakeBatch batch) : IDashboardSource
{
    public Diagnosis.Diagnosis Why { get; set; } = new([], "Nothing is in its way", []);

    public IAwsTransport Batch => batch;

    public IAwsTransport Logs => batch;

    public bool Rehearses => false;

    public InstanceType? FindType(string name) => null;

    public Task<TimeSpan> LogDelayAsync(CancellationToken cancellationToken) => Task.FromResult(TimeSpan.Zero);

    public Task<JobFigures> FiguresAsync(JobDetail job, CancellationToken cancellationToken) =>
        Task.FromResult(new JobFigures(null, null, null));

    public Task<Diagnosis.Diagnosis> WhyAsync(JobDetail job, CancellationToken cancellationToken) => Task.FromResult(Why);

    public string? Endpoint { get; set; } = "http://fake";

    /// <summary>The file of the history; null for none.</summary>
    public string? History { get; set; }

    /// <summary>Jobs that cost, each with its costing.</summary>
    public List<(RecordedJob Job, RecordedCosting Costing)> Costs { get; } = [];

    public Result<BudgetLedger> Budgets { get; set; } = new BudgetLedger([], DateTimeOffset.UnixEpoch);

    public List<SweepFile> SweepFiles { get; } = [];

    public Result<SweepTable> Sweep { get; set; } = new SweepTable([]);

    public Result<World> World { get; set; } = new Problem { Code = "RF0000", What = "no world", Cure = "Deploy one." };

    /// <summary>Reads the jobs to simulate.</summary>
    public Func<LoadChoice, CancellationToken, Task<Result<SimulatedLoad>>> Load { get; set; } =
        (_, _) => Task.FromResult<Result<SimulatedLoad>>(new Problem { Code = "RF0000", What = "no jobs", Cure = "Submit some." });

    public Task<Result<World>> WorldAsync(bool isNow, IAwsTransport batch, CancellationToken cancellationToken) => Task.FromResult(World);

    public Task<Result<SimulatedLoad>> LoadAsync(LoadChoice choice, IAwsTransport batch, CancellationToken cancellationToken) =>
        Load(choice, cancellationToken);

    public HistoryStore? OpenHistory() =>
        History is null ? null : HistoryStore.Open(History, TimeProvider.System, problem => Assert.Fail(problem.What));

    public Task CostsAsync(CostReport report, DateTimeOffset since, IAwsTransport batch, CancellationToken cancellationToken)
    {
        foreach ((RecordedJob job, RecordedCosting costing) in Costs) report.Add(job, costing);
        return Task.CompletedTask;
    }

    public Task<Result<BudgetLedger>> BudgetsAsync(IAwsTransport batch, CancellationToken cancellationToken) => Task.FromResult(Budgets);

    public IReadOnlyList<SweepFile> Sweeps() => SweepFiles;

    /// <summary>How often a sweep was read.</summary>
    public int SweepsRead { get; private set; }

    /// <summary>What reading a sweep fails with; null if it does not.</summary>
    public AwsException? SweepFault { get; set; }

    public Task<Result<SweepTable>> SweepAsync(SweepFile sweep, IAwsTransport batch, CancellationToken cancellationToken)
    {
        SweepsRead++;
        return SweepFault is { } fault ? throw fault : Task.FromResult(Sweep);
    }

    /// <summary>How many requests of retries began.</summary>
    public int RetryRequests { get; private set; }

    public Func<string, CancellationToken, Task<Result<string>>> Retries()
    {
        RetryRequests++;
        return (id, _) =>
        {
            if (batch.Faults.TryGetValue(id, out AwsException? fault)) throw fault;
            batch.Put(FakeBatch.Job($"{id}-again", JobStatus.Submitted));
            return Task.FromResult(Result<string>.Success($"{id}-again"));
        };
    }
}

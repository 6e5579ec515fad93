using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Budgets;
using Refrag.Catalogues;
using Refrag.Cli.Configuration;
using Refrag.Cli.Connections;
using Refrag.Cli.Following;
using Refrag.Dashboard.Problems;
using Refrag.Dashboard.Sources;
using Refrag.Costs;
using Refrag.Diagnosis;
using Refrag.History;
using Refrag.Launching;
using Refrag.Monitoring;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Simulation;
using Refrag.Submission;
using Refrag.Sweeps;
using Refrag.WhatIf;

namespace Refrag.Cli.Commands.Dashboard;

/// <summary>What the page shows, through the services of the commands.</summary>
/// <param name="session">The way to Batch.</param>
/// <param name="newGate">Makes the gate of the project's budgets, which reads once what was spent.</param>
internal sealed class SessionSource(QuerySession session, Func<BudgetGate> newGate) : IDashboardSource
{
    private readonly ShownSweeps _sweeps = new(session);
    private readonly KnownCatalogue _known = UserCatalogue.Load(session.Context);

    public IAwsTransport Batch => session.Batch;

    public IAwsTransport Logs => session.Logs;

    public bool Rehearses => !session.IsAws && !session.IsLocal;

    public InstanceType? FindType(string name) => _known.Types.Find(name);

    public Task<TimeSpan> LogDelayAsync(CancellationToken cancellationToken) => session.LogDelayAsync(cancellationToken);

    public async Task<JobFigures> FiguresAsync(JobDetail job, CancellationToken cancellationToken) => new(
        await KnownCosts.OfAsync(session, job, cancellationToken),
        await KnownUsage.OfAsync(session, job, cancellationToken),
        await ExpectedStarts.AskAsync(session, job.JobId, job.Status, cancellationToken));

    public async Task<Diagnosis.Diagnosis> WhyAsync(JobDetail job, CancellationToken cancellationToken)
    {
        var reader = new SituationReader(session.Batch, session.Logs, session.Context.Time,
            _known.TypesIn(session.Region), _known.Prices)
        {
            Aws = session.Aws,
            Usage = session.Usage,
            Downloads = session.Downloads,
        };
        Situation situation = await reader.OfAsync(job, cancellationToken);
        return Diagnostician.Of(situation with { OtherQueues = (session.Spec.Queues.Cpu, session.Spec.Queues.Gpu) });
    }

    public Func<string, CancellationToken, Task<Result<string>>> Retries()
    {
        BudgetGate gate = newGate();
        return (id, cancellationToken) => RetryAsync(id, gate, cancellationToken);
    }

    public string? Endpoint => session.Connection?.Place;

    public HistoryStore? OpenHistory() => UserHistory.OpenToRead(session.Context);

    public async Task CostsAsync(CostReport report, DateTimeOffset since, IAwsTransport batch, CancellationToken cancellationToken)
    {
        using CostReportRun run = new(session, new JobFilter { Since = since }, report, bill: null, batch);
        await run.ReadAsync(cancellationToken);
    }

    public async Task<Result<BudgetLedger>> BudgetsAsync(IAwsTransport batch, CancellationToken cancellationToken)
    {
        if (!newGate().Budgets().TryGet(out IReadOnlyList<Budget>? budgets, out IReadOnlyList<Problem> problems))
            return Result<BudgetLedger>.Failure(problems);
        // Runs of this machine count to no budget.
        return budgets.Count == 0 || session.Connection is not { } connection
            ? new BudgetLedger([], session.Now)
            : await new BudgetReader(session.Context, batch, connection.Place, session.Region) { IsByTheWay = true }
                .ReadAsync(budgets, cancellationToken);
    }

    public IReadOnlyList<SweepFile> Sweeps() => _sweeps.List();

    public Task<Result<SweepTable>> SweepAsync(SweepFile sweep, IAwsTransport batch, CancellationToken cancellationToken) =>
        _sweeps.ReadAsync(sweep, batch, cancellationToken);

    public Task<Result<World>> WorldAsync(bool isNow, IAwsTransport batch, CancellationToken cancellationToken) =>
        DeployedWorld.ReadAsync(session, batch, _known, new Scenario(), isNow, cancellationToken);

    public Task<Result<SimulatedLoad>> LoadAsync(LoadChoice choice, IAwsTransport batch, CancellationToken cancellationToken) =>
        ShownLoads.ReadAsync(session, choice, batch, cancellationToken);

    private async Task<Result<string>> RetryAsync(string id, BudgetGate gate, CancellationToken cancellationToken)
    {
        if (session.IsLocal) return DashboardProblems.OnlyInATerminal(id);
        var handle = new JobHandle(session.Batch, session.Context.Time, id, "");
        if (await handle.DescribeAsync(cancellationToken) is not { } job) return NamedJobs.NotFound(session, id);
        if (!(await RepeatedRequest.OfAsync(session, job, cancellationToken))
            .TryGet(out SubmitJobRequest? request, out IReadOnlyList<Problem> problems)) return Result<string>.Failure(problems);
        problems = await gate.CheckAsync(session, job, cancellationToken);
        if (problems.Count > 0) return Result<string>.Failure(problems);
        Submitter submitter = JobComposer.Submitter(session.Context);
        return await new JobSubmitter(session.Batch, session.Context.Time, progress: new SubmissionNotes(session.Terminal))
        {
            Region = session.Spec.Connection.Region,
        }
            .SubmitAsync(request, submitter.Id, cancellationToken) switch
        {
            SubmissionOutcome.Submitted submitted => submitted.JobId,
            SubmissionOutcome.Unknown unknown => unknown.Problem,
            SubmissionOutcome.NotSubmitted refused => throw refused.Failure,
            _ => throw new InvalidOperationException("A submission has no other outcome."),
        };
    }
}

using System.CommandLine;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Budgets;
using Refrag.Cli.Configuration;
using Refrag.Cli.Context;
using Refrag.History;
using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Scheduling.Fitting;

namespace Refrag.Cli.Connections;

/// <summary>Refuses submissions that the project's budgets have no room for, before anything is sent, and warns of others.</summary>
/// <param name="context">The process.</param>
/// <param name="folders">The folders of the configuration.</param>
/// <param name="exceeds">Whether the user asks to exceed budgets.</param>
internal sealed class BudgetGate(CliContext context, IReadOnlyList<string> folders, bool exceeds)
{
    // Of several jobs that are submitted again each meets those before it, which Batch may not list yet.
    private readonly List<NewWork> _accepted = [];
    private BudgetReader? _reader;
    private BudgetLedger? _ledger;

    private readonly string? _path =
        folders.Select(folder => Path.Combine(folder, BudgetFile.Name)).FirstOrDefault(File.Exists);

    /// <summary>The option of commands that submit.</summary>
    public static Option<bool> Option() => new("--over-budget")
    {
        Description = "Send what a budget has no room for, if it lets you exceed it.",
    };

    /// <summary>How messages name the file.</summary>
    public string Shown => _path is null ? BudgetFile.Name : Path.GetRelativePath(context.WorkingDirectory, _path);

    /// <summary>The budgets of the project; none if it has no file of them.</summary>
    public Result<IReadOnlyList<Budget>> Budgets() =>
        _path is not null ? BudgetFile.Read(_path, Shown)
        : folders.Select(folder => Path.Combine(folder, BudgetFile.OtherName)).FirstOrDefault(File.Exists) is { } other
            ? BudgetFile.Misnamed(Path.GetRelativePath(context.WorkingDirectory, other))
            : Result<IReadOnlyList<Budget>>.Success([]);

    /// <summary>Why jobs that are planned are refused; empty if they may be sent, and then warnings were printed.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="isDryRun">Whether nothing may be asked of AWS.</param>
    /// <param name="hours">How long each job runs; null if that was not said.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<Problem>> CheckAsync(
        IReadOnlyList<PlannedJob> jobs, bool isDryRun, double? hours, CancellationToken cancellationToken)
    {
        if (!Budgets().TryGet(out IReadOnlyList<Budget>? budgets, out IReadOnlyList<Problem> problems)) return problems;
        PlannedJob[] remote = [.. jobs.Where(job => job.Spec.Kind == EnvironmentKind.AwsBatch)];
        if (budgets.Count == 0 || remote.Length == 0) return [];
        if (isDryRun)
        {
            context.Terminal.Note($"The budgets in {Shown} are not compared: a dry run asks nothing of AWS.");
            return [];
        }
        foreach (IGrouping<ConnectionSpec, PlannedJob> at in remote.GroupBy(job => job.Spec.Connection))
        {
            using AwsConnection connection = AwsConnection.Open(context, at.Key);
            await using var progress = new Progress(context.Terminal, context.Time);
            BudgetReader reader = Reader(progress.Over(connection.Transport), connection.Place, at.Key);
            problems = await CheckAsync(budgets, reader, () => WorksAsync(reader, [.. at], hours, cancellationToken), cancellationToken);
            if (problems.Count > 0) return problems;
        }
        return [];
    }

    /// <summary>The same for a job that is submitted again.</summary>
    public async Task<IReadOnlyList<Problem>> CheckAsync(QuerySession session, JobDetail job, CancellationToken cancellationToken)
    {
        if (!Budgets().TryGet(out IReadOnlyList<Budget>? budgets, out IReadOnlyList<Problem> problems)) return problems;
        if (budgets.Count == 0 || session.Connection is not { } connection) return [];
        BudgetReader reader = _reader ??= Reader(session.Batch, connection.Place, session.Spec.Connection);
        NewWork? again = null;
        problems = await CheckAsync(
            budgets, reader, async () => [.. _accepted, again = await AgainAsync(reader, job, cancellationToken)], cancellationToken);
        if (problems.Count == 0 && again is not null) _accepted.Add(again);
        return problems;
    }

    private async Task<IReadOnlyList<Problem>> CheckAsync(
        IReadOnlyList<Budget> budgets, BudgetReader reader, Func<Task<IReadOnlyList<NewWork>>> works, CancellationToken cancellationToken)
    {
        BudgetCheck check = new(JobComposer.User(context), exceeds, Shown);
        BudgetVerdict verdict;
        try
        {
            BudgetLedger ledger = reader == _reader
                ? _ledger ??= await reader.ReadAsync(budgets, cancellationToken)
                : await reader.ReadAsync(budgets, cancellationToken);
            verdict = check.Of(ledger, await works());
        }
        catch (AwsException failure)
        {
            verdict = check.Unreadable(budgets, failure.Problem);
        }
        if (verdict.Refusals.Count > 0) return verdict.Refusals;
        context.Terminal.Warnings(verdict.Warnings);
        return [];
    }

    private BudgetReader Reader(IAwsTransport batch, string endpoint, ConnectionSpec at) =>
        new(context, batch, endpoint, QueueInstanceTypes.Region(context, at));

    private async Task<IReadOnlyList<NewWork>> WorksAsync(
        BudgetReader reader, IReadOnlyList<PlannedJob> jobs, double? hours, CancellationToken cancellationToken)
    {
        Dictionary<(ConnectionSpec At, string Queue, string Definition), QueriedQueue> asked = [];
        List<NewWork> works = [];
        foreach (PlannedJob job in jobs)
        {
            LaunchPlan plan = job.Plan;
            IReadOnlyDictionary<string, string> tags = plan.Submit.Tags ?? new Dictionary<string, string>(StringComparer.Ordinal);
            // A queue or definition that is not there is reported where the job is sent.
            decimal? usd = (await QueueInstanceTypes.ReadAsync(context, job, [], asked, cancellationToken))
                .TryGet(out QueueInstanceTypes? target, out _)
                    ? await CostAsync(reader, plan, target, tags, hours, cancellationToken)
                    : null;
            works.Add(new NewWork(Monitoring.AwsNames.Short(plan.Target.Queue), tags, usd));
        }
        return works;
    }

    private static async Task<decimal?> CostAsync(
        BudgetReader reader, LaunchPlan plan, QueueInstanceTypes target, IReadOnlyDictionary<string, string> tags, double? hours,
        CancellationToken cancellationToken)
    {
        TimeSpan length = hours is { } said
            ? TimeSpan.FromHours(said)
            : reader.Lengths.Left(plan.Submit.JobName, tags, TimeSpan.Zero, target.Timeout);
        return await UsdAsync(reader, plan.Target.Queue, target.Needs, target.Parts, length, cancellationToken);
    }

    private async Task<NewWork> AgainAsync(BudgetReader reader, JobDetail job, CancellationToken cancellationToken)
    {
        var recorded = RecordedJob.Of(job, context.Time.GetUtcNow());
        TimeSpan? limit = job.Timeout?.AttemptDurationSeconds is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : null;
        TimeSpan length = reader.Lengths.Left(recorded.Name, recorded.Tags, TimeSpan.Zero, limit);
        int parts = Math.Max(job.ArrayProperties?.Size ?? 1, recorded.Needs.Nodes);
        return new NewWork(
            recorded.Queue, recorded.Tags,
            await UsdAsync(reader, job.JobQueue, recorded.Needs, parts, length, cancellationToken));
    }

    private static async Task<decimal?> UsdAsync(
        BudgetReader reader, string queue, Requirement needs, int parts, TimeSpan length, CancellationToken cancellationToken) =>
        await reader.RateAsync(queue, needs, cancellationToken) is { } hourly ? hourly * (decimal)length.TotalHours * parts : null;
}

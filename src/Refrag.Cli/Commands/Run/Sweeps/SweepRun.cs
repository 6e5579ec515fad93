using System.Globalization;
using Refrag.Cli.Configuration;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Following;
using Refrag.Cli.LocalRuns;
using Refrag.Composition.Sweeps;
using Refrag.Jobs;
using Refrag.Sweeps;

namespace Refrag.Cli.Commands.Run.Sweeps;

/// <summary><c>refrag run -m</c> and <c>refrag run --resume</c>: composes, writes or opens the manifest, and works it off.</summary>
internal sealed class SweepRun(CliContext context, RunOptions options)
{
    /// <summary>What Batch shows of jobs that were cancelled because another failed.</summary>
    public const string FailFastReason = "Another job of the sweep failed, and the sweep was started with --fail-fast";

    /// <summary>Starts a new sweep.</summary>
    public async Task<int> StartAsync(CancellationToken cancellationToken) =>
        options.Source(context).TryGet(out JobSource? source, out IReadOnlyList<Problem> problems)
            ? await StartAsync(source, said: null, cancellationToken)
            : context.RefuseToSend(problems);

    /// <summary>Starts a new sweep.</summary>
    /// <param name="source">What its jobs are composed from.</param>
    /// <param name="said">What the configuration says of sweeping; null if it was not read yet.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<int> StartAsync(JobSource source, HydraSweep? said, CancellationToken cancellationToken)
    {
        if (!SweepOf(source, said).TryGet(out Sweep? sweep, out IReadOnlyList<Problem> problems)) return context.RefuseToSend(problems);
        if (sweep.Count == 0) return context.RefuseToSend([SweepRefusals.NoJobs()]);
        // Overrides of one value are no axes, and their absence changes no place on the others.
        int[] shape = [.. sweep.Shape.Where(length => length > 1).Select(length => (int)length)];
        int[] all = [.. Enumerable.Range(0, (int)sweep.Count)];
        JobCode code = JobCode.OfFolder(context);
        SweepComposer jobs = new(context, source, shape, code, new RegionOffers(context, checksHosts: !options.Force));
        if (!(await jobs.ComposeAsync(sweep.Jobs(), cancellationToken)).TryGet(out SweepPlanner? planner, out problems))
            return context.RefuseToSend(problems);
        await LimitAsync(planner, cancellationToken);
        if (!Launches(planner, all).TryGet(out IReadOnlyList<SweepLaunch>? launches, out problems)) return context.RefuseToSend(problems);
        context.Terminal.Warnings([.. sweep.Warnings, .. jobs.Warnings]);
        RunVerb.NoteUnchecked(context, source);
        RunVerb.NoteEntryPoint(context, planner.Any);
        IReadOnlyList<string> folders = Configurations.Folders(context, options.ConfigDirs);
        if (await TooMuchAsync(launches, launches, folders, cancellationToken) is { Count: > 0 } tooMuch)
            return context.RefuseToSend(tooMuch);
        if (options.DryRun)
        {
            code.List();
            if (jobs.Offers.Count > 0) RegionOffers.Print(context.Terminal, jobs.Offers, toError: true);
            return DryRun.Print(context.Terminal, launches, options.Watch);
        }
        context.Signals.Listen();
        if (await code.UploadAsync(cancellationToken) is { Count: > 0 } notStored) return context.RefuseToSend(notStored);
        SweepHeader header = Header(source, shape, code) with { Region = jobs.Region };
        string path = options.Manifest ?? $"{SweepManifestLog.UsualPlace}/{header.Id}.jsonl";
        Result<SweepManifestLog> created = await SweepManifestLog.CreateAsync(path, header, sweep, context.Time, cancellationToken);
        if (!created.TryGet(out SweepManifestLog? log, out problems)) return context.RefuseToSend(problems);
        await using (log)
        {
            context.Terminal.Note($"Sweep of {(sweep.Count == 1 ? "1 job" : $"{sweep.Count} jobs")}: {path}");
            return await WorkOffAsync(context, log, path, planner, launches, code: null, cancellationToken);
        }
    }

    /// <summary>Resumes a sweep: runs what has not succeeded and is not under way.</summary>
    public async Task<int> ResumeAsync(string path, CancellationToken cancellationToken)
    {
        if (options.Words.All.Concat(options.ConfigDirs).FirstOrDefault() is { } extra)
            return context.RefuseToSend([SweepRefusals.ResumeTakesNo(extra)]);
        Result<SweepManifestLog> opened = await SweepManifestLog.OpenAsync(path, context.Time, cancellationToken);
        if (!opened.TryGet(out SweepManifestLog? log, out IReadOnlyList<Problem> problems)) return context.RefuseToSend(problems);
        await using (log)
        {
            SweepJob[] left = [.. log.Manifest.Jobs.Where(job => job.Status != JobStatus.Succeeded).Select(job => job.Job)];
            if (left.Length == 0)
            {
                context.Terminal.Note(SweepMessages.Summary(log.Manifest));
                return ExitCodes.Success;
            }
            CliContext there = context with { WorkingDirectory = log.Header.Directory };
            JobCode code = JobCode.OfSweep(there, log.Header.Code);
            if (!JobSource.Of(context, log.Header).TryGet(out JobSource? source, out problems)
                || !(await new SweepComposer(there, source, log.Header.Shape, code, new RegionOffers(there, checksHosts: !options.Force))
                {
                    Region = log.Header.Region,
                }
                .ComposeAsync(left, cancellationToken)).TryGet(out SweepPlanner? planner, out problems))
            {
                return context.RefuseToSend(problems);
            }
            await LimitAsync(planner, cancellationToken);
            if (!Launches(planner, [.. left.Select(job => (int)job.Index)])
                .TryGet(out IReadOnlyList<SweepLaunch>? launches, out problems)) return context.RefuseToSend(problems);
            // What is under way counts as that.
            int[] open =
                [.. log.Manifest.Jobs.Where(job => job.Status is JobStatus.Pending or JobStatus.Failed).Select(job => (int)job.Job.Index)];
            IReadOnlyList<SweepLaunch> unsent = open.Length > 0 ? planner.Plan(open).Value : [];
            if (await TooMuchAsync(launches, unsent, log.Header.Folders, cancellationToken) is { Count: > 0 } tooMuch)
                return context.RefuseToSend(tooMuch);
            if (options.DryRun) return DryRun.Print(context.Terminal, launches, options.Watch);
            context.Signals.Listen();
            // Jobs that run on AWS perhaps need nothing more: then the archive may be gone.
            bool sends = launches[0].Spec.Kind == EnvironmentKind.Local
                || log.Manifest.Jobs.Any(job => job.Status is JobStatus.Pending or JobStatus.Failed)
                || log.Submissions.Any(submission => submission.JobId is null);
            if (sends && await code.UploadAsync(cancellationToken) is { Count: > 0 } gone) return context.RefuseToSend(gone);
            context.Terminal.Note($"Resuming {left.Length} of {log.Manifest.Jobs.Count} jobs: {path}");
            return await WorkOffAsync(there, log, path, planner, launches, sends ? null : code, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<Problem>> TooMuchAsync(
        IReadOnlyList<SweepLaunch> launches, IReadOnlyList<SweepLaunch> unsent, IReadOnlyList<string> folders,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<Problem> tooMuch = await new MaxCost(context, options).CheckAsync(Jobs(launches), cancellationToken);
        return tooMuch.Count > 0
            ? tooMuch
            : await new BudgetGate(context, folders, options.OverBudget)
                .CheckAsync(Jobs(unsent), options.DryRun, options.Hours, cancellationToken);
    }

    private static PlannedJob[] Jobs(IReadOnlyList<SweepLaunch> launches) =>
        [.. launches.Select(launch => new PlannedJob(launch.Spec, launch.Plan))];

    // A site may allow smaller arrays than Batch; the sweep is then several. A dry run asks nothing of a cluster.
    private async Task LimitAsync(SweepPlanner planner, CancellationToken cancellationToken)
    {
        if (options.DryRun || planner.Any is not { Kind: EnvironmentKind.Slurm } any) return;
        using AwsConnection connection = AwsConnection.Open(context, any.Connection);
        if (await connection.Slurm!.MostOfArrayAsync(cancellationToken) is { } most)
            planner.MostChildren = Math.Clamp(most, 1, planner.MostChildren);
    }

    private Result<IReadOnlyList<SweepLaunch>> Launches(SweepPlanner planner, IReadOnlyList<int> jobs)
    {
        Result<IReadOnlyList<SweepLaunch>> planned = planner.Plan(jobs);
        bool isThrottled = planned.IsSuccess && ArrayThrottle.Holds(planned.Value, options);
        if (isThrottled)
            planned = Result<IReadOnlyList<SweepLaunch>>.Success([ArrayThrottle.On(planned.Value[0], options.MaxJobs!.Value)]);
        bool remote = planner.Any is { Kind: not EnvironmentKind.Local };
        List<Problem> problems = [.. planned.Problems];
        if (remote && !options.Watch && options.FailFast) problems.Add(SweepRefusals.NeedsWatch("--fail-fast", planner.Any!.Kind));
        if (remote && !options.Watch && options.MaxJobs is not null && !isThrottled)
            problems.Add(SweepRefusals.NeedsWatch("--max-jobs", planner.Any!.Kind));
        if (remote && options.IsNotifiedInVain) problems.Add(NotifyProblems.NeedsWatch(planner.Any!.Kind));
        if (problems.Count > 0) return Result<IReadOnlyList<SweepLaunch>>.Failure(problems);
        if (remote && planned.Value.Any(launch => launch.Plan.Derivation?.Nodes > 1)) context.Terminal.Note(RunVerb.NotOnSpot);
        foreach (string fallback in planned.Value
            .Select(launch => FallbackText.Of(launch.Spec, launch.Plan, options.Watch, isSweep: true)).OfType<string>().Distinct())
        {
            context.Terminal.Note(fallback);
        }
        return planned;
    }

    private async Task<int> WorkOffAsync(
        CliContext here, SweepManifestLog log, string path, SweepPlanner planner, IReadOnlyList<SweepLaunch> launches,
        JobCode? code, CancellationToken cancellationToken)
    {
        JobSpec spec = launches[0].Spec;
        if (spec.Kind == EnvironmentKind.Local
            && await new OrphanedProcesses(context, LocalSweep.Variable, log.Header.Id).EndAsync(cancellationToken) is { } left)
            return cancellationToken.IsCancellationRequested ? context.Signals.ExitCode : context.RefuseToSend([left]);
        await using ISweepBackend backend = spec.Kind == EnvironmentKind.Local
            ? new LocalSweep(here, options, log.Header.Id, [.. launches.Select(launch => launch.Plan)], cancellationToken)
            : new BatchSweep(here, options, spec.Connection);
        // What a sweep that is resumed was started with says where its jobs are.
        RunOptions typed = options.Resume is null ? options : options with { Words = JobWords.Of(log.Header.Arguments) };
        var work = new SweepWork(here, typed, log, path, planner, backend, launches, code);
        return await backend.RunAsync(() => work.RunAsync(cancellationToken));
    }

    private Result<Sweep> SweepOf(JobSource source, HydraSweep? said)
    {
        if (options.Words.Command is { } command) return CommandSweep.Of(source, options.Words.Overrides, command);
        said ??= HydraSweep.Read(source.Composer, source.ConfigName, options.Words.Overrides);
        return Configurations.Sweep(source.Composer, said.WithCommandLine(options.Words.Overrides));
    }

    private SweepHeader Header(JobSource source, IReadOnlyList<int> shape, JobCode code)
    {
        DateTimeOffset now = context.Time.GetUtcNow();
        return new SweepHeader
        {
            // The time for people; four letters more, because two sweeps may start in one second.
            Id = string.Create(CultureInfo.InvariantCulture, $"{now:yyyyMMdd-HHmmss}-{Guid.NewGuid().ToString("N")[..4]}"),
            Arguments = options.Words.All,
            Folders = source.Folders,
            ConfigName = source.ConfigName,
            Directory = context.WorkingDirectory,
            Shape = shape,
            Code = code.Reference,
        };
    }
}

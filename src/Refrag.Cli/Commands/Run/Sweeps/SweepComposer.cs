using Refrag.Cli.Configuration;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Composition.Sweeps;
using Refrag.Jobs;
using Refrag.Regions;
using Refrag.Sweeps;

namespace Refrag.Cli.Commands.Run.Sweeps;

/// <summary>Composes the jobs of a sweep, with the code that they bring, and hands them to a planner; nothing is sent.</summary>
/// <param name="context">The process.</param>
/// <param name="source">What the jobs are composed from.</param>
/// <param name="shape">The lengths of the sweep's axes.</param>
/// <param name="code">The code that the jobs bring.</param>
/// <param name="regions">Chooses the region of all jobs by what the regions offer for the first, if the environment names several.</param>
internal sealed class SweepComposer(
    CliContext context, JobSource source, IReadOnlyList<int> shape, JobCode code, RegionOffers regions)
{
    // The jobs that are composed at once; only their commands are kept: a sweep may have a million jobs.
    private const int Together = 256;

    // Mistakes that differ from job to job: more would not be read.
    private const int MostProblems = 20;

    private readonly List<Problem> _wrong = [];
    private readonly List<Problem> _warnings = [];
    private readonly HashSet<(string, string)> _reported = [];
    private JobSpec? _first;
    private bool _isCodeWrong;
    private bool _isRegionWrong;

    /// <summary>The region of all jobs; null if none is to be chosen. One that is set is not chosen again.</summary>
    public string? Region { get; set; }

    /// <summary>What the regions offer; empty if none was to be chosen.</summary>
    public IReadOnlyList<RankedOffer> Offers { get; private set; } = [];

    /// <summary>What was accepted of the jobs that were composed, and most likely not meant, each once.</summary>
    public IReadOnlyList<Problem> Warnings => _warnings;

    /// <summary>The planner with all these jobs; or the problems of all of them, each reported once.</summary>
    public async Task<Result<SweepPlanner>> ComposeAsync(IEnumerable<SweepJob> jobs, CancellationToken cancellationToken)
    {
        var planner = new SweepPlanner(shape, () => JobComposer.Submitter(context));
        foreach (SweepJob[] some in jobs.Chunk(Together))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Result<TargetedJob>[] composed = ComposeTogether(some);
            for (int i = 0; i < some.Length; i++) await AddAsync(planner, (int)some[i].Index, composed[i], cancellationToken);
            if (_wrong.Count >= MostProblems) break;
        }
        return _wrong.Count > 0 ? Result<SweepPlanner>.Failure(_wrong) : planner;
    }

    private Result<TargetedJob>[] ComposeTogether(SweepJob[] jobs)
    {
        var composed = new Result<TargetedJob>[jobs.Length];
        Parallel.For(0, jobs.Length,
            i => composed[i] = JobComposer.Target(
                context, source.For(Configurations.Job(context, (int)jobs[i].Index)), JobWords.Of(jobs[i].Overrides)));
        return composed;
    }

    private async Task AddAsync(
        SweepPlanner planner, int index, Result<TargetedJob> composed, CancellationToken cancellationToken)
    {
        if (!composed.TryGet(out TargetedJob? job, out IReadOnlyList<Problem> problems))
        {
            AddProblems(problems);
            return;
        }
        _warnings.AddRange(job.Warnings.Where(warning => _reported.Add((warning.Code, warning.What))));
        _first ??= job.Spec;
        if ((job.Spec.Kind, job.Spec.Connection) != (_first.Kind, _first.Connection))
            AddProblems([SweepRefusals.SeveralEnvironments(job.Spec)]);
        // What is wrong with the code is wrong with that of every job.
        if (_isCodeWrong || _isRegionWrong) return;
        Result<JobSpec> placed = await InRegionAsync(job.Spec, cancellationToken);
        _isRegionWrong = !placed.IsSuccess;
        AddProblems(placed.Problems);
        if (_isRegionWrong) return;
        Result<JobSpec> withCode = await code.AttachAsync(placed.Value, cancellationToken);
        _isCodeWrong = !withCode.IsSuccess;
        AddProblems(withCode.TryGet(out JobSpec? spec, out problems) ? planner.Add(index, spec, job.Target) : problems);
    }

    // All in one region, where they stay: a sweep is one connection.
    private async Task<Result<JobSpec>> InRegionAsync(JobSpec spec, CancellationToken cancellationToken)
    {
        if (spec is not { Kind: EnvironmentKind.AwsBatch, Regions: { } choice }) return spec;
        if (Region is null)
        {
            if (!JobComposer.Plan(context, spec).TryGet(out PlannedJob? first, out IReadOnlyList<Problem> problems))
                return Result<JobSpec>.Failure(problems);
            Offers = await regions.ReadAsync(first, cancellationToken);
            if (!RegionOffers.Choose(spec, Offers).TryGet(out JobSpec? chosen, out problems)) return Result<JobSpec>.Failure(problems);
            Region = chosen.Connection.Region;
            context.Terminal.Note($"{spec.Name}: region {Region}, {Offers[0].Why}. The jobs of a sweep stay in it.");
        }
        return spec with { Connection = spec.Connection with { Region = Region }, Regions = choice with { Next = [] } };
    }

    // The jobs of a sweep share most of their mistakes: what differs in nothing but the value of an argument is reported for the first
    // job alone.
    private void AddProblems(IEnumerable<Problem> problems) =>
        _wrong.AddRange(problems.Where(problem => _wrong.Count < MostProblems && _reported.Add((problem.Code, problem.What))));
}

using Refrag.Cli.Configuration;
using Refrag.Cli.Context;
using Refrag.Composition.Sweeps;
using Refrag.Jobs;
using Refrag.Sweeps;

namespace Refrag.Cli.Commands.Run.Sweeps;

/// <summary>Composes the jobs of a sweep, with the code that they bring, and hands them to a planner; nothing is sent.</summary>
internal sealed class SweepComposer(CliContext context, JobSource source, IReadOnlyList<int> shape, JobCode code)
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
        if (_isCodeWrong) return;
        Result<JobSpec> withCode = await code.AttachAsync(job.Spec, cancellationToken);
        _isCodeWrong = !withCode.IsSuccess;
        AddProblems(withCode.TryGet(out JobSpec? spec, out problems) ? planner.Add(index, spec, job.Target) : problems);
    }

    // The jobs of a sweep share most of their mistakes: what differs in nothing but the value of an argument is reported for the first
    // job alone.
    private void AddProblems(IEnumerable<Problem> problems) =>
        _wrong.AddRange(problems.Where(problem => _wrong.Count < MostProblems && _reported.Add((problem.Code, problem.What))));
}

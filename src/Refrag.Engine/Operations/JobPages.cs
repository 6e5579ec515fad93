using System.Globalization;
using Refrag.Engine.Jobs;
using Refrag.Engine.State;
using Refrag.Engine.Store;

namespace Refrag.Engine.Operations;

/// <summary>
/// Pages of submissions: those in memory and those on disk together, in the order of arrival or against it. A page costs what it shows,
/// however many jobs there are, as long as what selects has an index.
/// </summary>
internal static class JobPages
{
    /// <summary>
    /// One page. What is in memory is taken now; what is on disk when the answer is finished.
    /// </summary>
    /// <param name="state">The engine's state.</param>
    /// <param name="query">What is asked, without place and number.</param>
    /// <param name="question">The same in words, for the token.</param>
    /// <param name="token">The request's token.</param>
    /// <param name="size">How many a page has at most.</param>
    /// <param name="show">Makes the element of the answer, given how many children are in each state.</param>
    /// <param name="answer">Makes the answer.</param>
    public static OperationResult<TResponse> Of<T, TResponse>(
        EngineState state, EndedQuery query, string question, string? token, int size,
        Func<Job, ChildStates, T> show, Func<IReadOnlyList<T>, string?, TResponse> answer)
        where TResponse : class
    {
        EndedQuery asked = Late(state, query) with { After = Place(question, token), Most = size + 1 };
        // Shown now: a parent's counts change with the next step.
        List<Shown<T>> here = [.. InMemory(state, asked)
            .Select(job => new Shown<T>(job.Sequence, job.Id, show(job, state.Jobs.ChildStates(job))))];
        if (asked.Status is { } status && JobStateExtensions.Find(status)?.IsFinal() != true) return Cut(here);
        IStateStore store = state.Store;
        return OperationResult<TResponse>.ReadLater(() =>
        {
            HashSet<string> known = [.. here.Select(one => one.Id)];
            IEnumerable<Shown<T>> there = store.Ended(asked)
                .Where(job => !known.Contains(job.Id))
                .Select(job => new Shown<T>(job.Sequence, job.Id, show(job, ChildStates.Of(job))));
            IEnumerable<Shown<T>> all = here.Concat(there);
            return Cut(
                [.. (asked.LatestFirst ? all.OrderByDescending(one => one.Sequence) : all.OrderBy(one => one.Sequence)).Take(size + 1)]);
        });
        TResponse Cut(List<Shown<T>> found) => found.Count <= size
            ? answer([.. found.Select(one => one.Item)], null)
            : answer([.. found.Take(size).Select(one => one.Item)],
            PageToken.Write(question, found[size - 1].Sequence.ToString(CultureInfo.InvariantCulture)));
    }

    // A new job is in no list for a while. Not in the question: a page's token must not depend on the time.
    private static EndedQuery Late(EngineState state, EndedQuery query)
    {
        if (state.Options.ListDelay <= TimeSpan.Zero) return query;
        long latest = state.Now - (long)state.Options.ListDelay.TotalMilliseconds;
        return query with { CreatedBefore = Math.Min(query.CreatedBefore ?? long.MaxValue, latest) };
    }

    private static IEnumerable<Job> InMemory(EngineState state, EndedQuery query)
    {
        IEnumerable<string> queues = query.Queue is { } queue ? [queue] : state.JobQueues.Names;
        IEnumerable<JobState> states = query.Status is { } status ? [JobStateExtensions.Parse(status)] : JobStateExtensions.All;
        IEnumerable<Job> jobs = queues.SelectMany(name => states.SelectMany(one =>
            state.Jobs.Submissions
                .Of(name, one, query.After, query.LatestFirst).Where(job => JobMatch.Matches(job, query)).Take(query.Most)));
        return (query.LatestFirst ? jobs.OrderByDescending(job => job.Sequence) : jobs.OrderBy(job => job.Sequence)).Take(query.Most);
    }

    private static long? Place(string question, string? token) =>
        PageToken.Read(question, token) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    private sealed record Shown<T>(long Sequence, string Id, T Item);
}

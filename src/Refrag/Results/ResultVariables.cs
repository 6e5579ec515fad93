using System.Globalization;
using Refrag.Apps;
using Refrag.Stores;

namespace Refrag.Results;

/// <summary>The variables by which a job finds its store for results.</summary>
public static class ResultVariables
{
    /// <summary>
    /// The URL of the store, for <c>refrag exec</c>. The command does not get it: what it starts has no results of its own.
    /// </summary>
    public const string Store = "REFRAG_RESULTS";

    /// <summary>How often the files are synchronised, in seconds.</summary>
    public const string Interval = "REFRAG_RESULTS_INTERVAL";

    /// <summary>The variables of a job; none if it has no store.</summary>
    /// <param name="choice">The job's store; null if it has none.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(ResultsChoice? choice) => choice is null ? [] :
    [
        new(Store, choice.Store),
        new(Interval, ((long)choice.Interval.TotalSeconds).ToString(CultureInfo.InvariantCulture)),
    ];

    /// <summary>What the variables of an attempt say; RF8033 if they make no sense.</summary>
    /// <param name="variable">Looks a variable up; null if it is not set.</param>
    public static Result<AttemptResults> Read(Func<string, string?> variable)
    {
        string url = variable(Store) ?? "";
        if (StoreUrl.Parse(url) is null) return ResultProblems.WrongVariable(Store, url, "It is not the URL of a store");
        string id = variable(BatchVariables.JobId) ?? "";
        // On a node, whose id may name it already.
        if (variable(BatchVariables.NodeIndex) is { Length: > 0 } node && !id.Contains('#', StringComparison.Ordinal)) id += $"#{node}";
        if (ResultPlace.Of(id) is not { } place)
            return ResultProblems.WrongVariable(BatchVariables.JobId, id, "Results are stored by the job's id, and this is none");
        if (Number(variable(BatchVariables.Attempt), 1) is not ({ } attempt and >= 1))
            return ResultProblems.WrongVariable(BatchVariables.Attempt, variable(BatchVariables.Attempt)!, "It is not an attempt's number");
        TimeSpan interval = TimeSpan.FromSeconds(Number(variable(Interval), (int)ResultsChoice.DefaultInterval.TotalSeconds) ?? 0);
        if (interval < ResultsChoice.Shortest || interval > ResultsChoice.Longest)
            return ResultProblems.WrongVariable(Interval, variable(Interval)!, "It is not a number of seconds from one to those of a day");
        return new AttemptResults(new ResultsChoice(url, interval), place, attempt);
    }

    private static int? Number(string? text, int absent) => string.IsNullOrEmpty(text)
        ? absent
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}

/// <summary>Where an attempt stores its results.</summary>
/// <param name="Choice">The store and the interval.</param>
/// <param name="Place">The job's place in the store.</param>
/// <param name="Attempt">The attempt, from 1.</param>
public sealed record AttemptResults(ResultsChoice Choice, ResultPlace Place, int Attempt);

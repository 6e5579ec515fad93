using Refrag.Aws;

namespace Refrag.History;

/// <summary>
/// Asks what may be refused or unanswered, and says each cause once. What is refused is not asked again; what was not answered twice in a
/// row is left alone for a while, because each question may take as long as the command may wait for it.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="report">Hears of RF8102 and RF8103.</param>
internal sealed class MeasuringFaults(TimeProvider time, Action<Problem> report)
{
    private const int MostUnanswered = 2;

    // The cluster of an environment that is deleted. (ECS API, errors of ListContainerInstances and DescribeContainerInstances)
    private const string ClusterGone = "ClusterNotFoundException";

    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(10);

    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _inARow = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _pausedUntil = new(StringComparer.Ordinal);

    /// <summary>How many questions had no answer so far, or were not asked because those before had none. A refusal is an answer.</summary>
    public int Unanswered { get; private set; }

    /// <summary>Whether some action is left alone now.</summary>
    public bool IsPausing => _pausedUntil.Keys.Any(IsPaused);

    /// <summary>The answer; null if there is none, or the cluster that it asks of is gone.</summary>
    /// <param name="action">The action as policies name it, such as <c>ec2:DescribeInstances</c>.</param>
    /// <param name="ask">Asks.</param>
    public async Task<T?> AskAsync<T>(string action, Func<Task<T>> ask)
        where T : class
    {
        if (_refused.Contains(action)) return null;
        if (IsPaused(action))
        {
            Unanswered++;
            return null;
        }
        try
        {
            T answer = await ask();
            _inARow.Remove(action);
            return answer;
        }
        catch (AwsServiceException refused) when (IsRefusal(refused))
        {
            if (_refused.Add(action)) report(HistoryProblems.Refused(action));
        }
        catch (AwsServiceException gone) when (gone.ErrorCode == ClusterGone)
        {
            // An answer, and no outage: the clusters of other environments are asked for all the same.
            _inARow.Remove(action);
        }
        catch (AwsException failed)
        {
            Unanswered++;
            int inARow = _inARow[action] = _inARow.GetValueOrDefault(action) + 1;
            if (inARow >= MostUnanswered) _pausedUntil[action] = time.GetUtcNow() + s_pause;
            if (_said.Add(action)) report(HistoryProblems.NoAnswer(action, failed.Problem.What));
        }
        return null;
    }

    private bool IsPaused(string action) => _pausedUntil.TryGetValue(action, out DateTimeOffset until) && time.GetUtcNow() < until;

    // (ECS API, common errors: AccessDeniedException. EC2 API, error codes: UnauthorizedOperation)
    private static bool IsRefusal(AwsServiceException failure) =>
        failure.ErrorCode is "AccessDeniedException" or "AccessDenied" or "UnauthorizedOperation";
}

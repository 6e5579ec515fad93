using Refrag.Aws;

namespace Refrag.History;

/// <summary>Asks what may be refused or unanswered, and says each cause once. What is refused is not asked again.</summary>
/// <param name="report">Hears of RF8102 and RF8103.</param>
internal sealed class MeasuringFaults(Action<Problem> report)
{
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unanswered = new(StringComparer.Ordinal);

    /// <summary>The answer; null if there is none.</summary>
    /// <param name="action">The action as policies name it, such as <c>ec2:DescribeInstances</c>.</param>
    /// <param name="ask">Asks.</param>
    public async Task<T?> AskAsync<T>(string action, Func<Task<T>> ask)
        where T : class
    {
        if (_refused.Contains(action)) return null;
        try
        {
            return await ask();
        }
        catch (AwsServiceException refused) when (IsRefusal(refused))
        {
            if (_refused.Add(action)) report(HistoryProblems.Refused(action));
        }
        catch (AwsException failed)
        {
            if (_unanswered.Add(action)) report(HistoryProblems.NoAnswer(action, failed.Problem.What));
        }
        return null;
    }

    // (ECS API, common errors: AccessDeniedException. EC2 API, error codes: UnauthorizedOperation)
    private static bool IsRefusal(AwsServiceException failure) =>
        failure.ErrorCode is "AccessDeniedException" or "AccessDenied" or "UnauthorizedOperation";
}

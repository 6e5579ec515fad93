namespace Refrag.Aws.Logs;

/// <summary>The limits of the requests of CloudWatch Logs that the API model says: members, known values, sizes.</summary>
public static class LogsLimits
{
    private static readonly RuleBook s_rules = new(LogsShapes.Find, new Dictionary<string, MemberLimit>(), LogsJson.Options);

    /// <summary>Every limit that the request breaks, code RF31xx; empty where it breaks none.</summary>
    /// <typeparam name="TRequest">What is asked.</typeparam>
    /// <typeparam name="TResponse">What is answered.</typeparam>
    /// <param name="operation">The operation that the request is for.</param>
    /// <param name="request">The request. Required members may be null, as after reading a client's JSON.</param>
    public static IReadOnlyList<Problem> Check<TRequest, TResponse>(AwsOperation<TRequest, TResponse> operation, TRequest request)
        where TRequest : class
        where TResponse : class
    {
        var walk = new ShapeWalk(operation.Name, operation.OutsideBody);
        walk.Check(request, s_rules.Find(typeof(TRequest).Name));
        return walk.Problems;
    }
}

using System.Text.Json;

namespace Refrag.Aws.Logs;

/// <summary>The limits of the requests of CloudWatch Logs that the API model says: members, known values, sizes.</summary>
public static class LogsLimits
{
    private static readonly Dictionary<string, MemberLimit> s_none = [];
    private static readonly RuleBook s_rules = new(LogsShapes.Find);

    /// <summary>Every limit that the request breaks, code RF31xx; empty where it breaks none.</summary>
    /// <typeparam name="TRequest">What is asked.</typeparam>
    /// <typeparam name="TResponse">What is answered.</typeparam>
    /// <param name="operation">The operation that the request is for.</param>
    /// <param name="request">The request. Required members may be null, as after reading a client's JSON.</param>
    public static IReadOnlyList<Problem> Check<TRequest, TResponse>(LogsOperation<TRequest, TResponse> operation, TRequest request)
        where TRequest : class
        where TResponse : class
    {
        var walk = new ShapeWalk(s_rules, s_none, operation.OutsideBody);
        walk.Check(JsonSerializer.SerializeToElement(request, operation.RequestJson), typeof(TRequest).Name, $"{operation.Name} ", isRequest: true);
        return walk.Problems;
    }
}

using System.Globalization;
using Refrag.Aws.Ecs;
using Refrag.Engine.Names;
using Refrag.Engine.State;

namespace Refrag.Engine.Operations.Jobs;

/// <summary>
/// ECS's clusters: one for each compute environment that does not use EKS (API ComputeEnvironmentDetail), and what all questions for what
/// is in a cluster share.
/// </summary>
internal static class ClusterQueries
{
    // (ECS API ListClusters, ListContainerInstances and ListTasks, maxResults: between 1 and 100, 100 if absent)
    private const int MostResults = 100;

    /// <summary>ECS's ListClusters.</summary>
    public static ListClustersResponse List(EngineState state, ListClustersRequest request)
    {
        IEnumerable<string> clusters =
            state.ComputeEnvironments.All.Select(one => one.EcsClusterArn).OfType<string>().Order(StringComparer.Ordinal);
        var (page, next) = PageOf(clusters, "ListClusters", request.NextToken, request.MaxResults);
        return new ListClustersResponse { ClusterArns = page, NextToken = next };
    }

    /// <summary>One page of ARNs in ordinal order. A maxResults that ECS does not document is refused.</summary>
    /// <param name="arns">All ARNs.</param>
    /// <param name="question">What was asked, for the token.</param>
    /// <param name="token">The request's token.</param>
    /// <param name="maximum">The request's maxResults.</param>
    public static (IReadOnlyList<string> Arns, string? Next) PageOf(
        IEnumerable<string> arns, string question, string? token, int? maximum)
    {
        if (maximum is < 1 or > MostResults)
        {
            throw new Refusal(
                string.Create(CultureInfo.InvariantCulture, $"maxResults must be between 1 and {MostResults}; got {maximum}."),
                EcsException.InvalidParameter);
        }
        return Page.Of(arns, arn => arn, question, token, maximum, MostResults);
    }

    /// <summary>Refuses a status that is not in ECS's enumeration.</summary>
    /// <param name="member">The request's member.</param>
    /// <param name="status">Its value; null if it is absent.</param>
    /// <param name="known">The enumeration.</param>
    public static void CheckStatus(string member, string? status, IReadOnlyList<string> known)
    {
        if (status is not null && !known.Contains(status))
            throw new Refusal($"{member} must be one of {string.Join(", ", known)}; got {status}.", EcsException.InvalidParameter);
    }

    /// <summary>
    /// The name of the compute environment whose cluster a request names, or a refusal. The ARN or the name of the cluster names it, and so
    /// does the environment's own name: the ARN of a host here has that where AWS has the name of the cluster.
    /// </summary>
    public static string EnvironmentOf(EngineState state, string cluster) => state.ComputeEnvironments.All.FirstOrDefault(
        one => one.ComputeEnvironmentName == cluster
            || (one.EcsClusterArn is { } arn && (arn == cluster || LocalArn.NameOf(arn) == cluster)))?.ComputeEnvironmentName
        ?? throw new Refusal("Cluster not found.", EcsException.ClusterNotFound);
}

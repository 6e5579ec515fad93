using Refrag.Aws.Ecs;
using Refrag.Engine.State;

namespace Refrag.Engine.Operations.Jobs;

/// <summary>ECS's clusters: one for each compute environment that does not use EKS. (API ComputeEnvironmentDetail)</summary>
internal static class ClusterQueries
{
    // (ECS API ListClusters, maxResults: between 1 and 100, 100 if absent)
    private const int MostClusters = 100;

    /// <summary>ECS's ListClusters.</summary>
    public static ListClustersResponse List(EngineState state, ListClustersRequest request)
    {
        IEnumerable<string> clusters =
            state.ComputeEnvironments.All.Select(one => one.EcsClusterArn).OfType<string>().Order(StringComparer.Ordinal);
        var (page, next) = Page.Of(clusters, arn => arn, "ListClusters", request.NextToken, request.MaxResults, MostClusters);
        return new ListClustersResponse { ClusterArns = page, NextToken = next };
    }
}

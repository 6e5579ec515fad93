namespace Refrag.Aws;

/// <summary>Where the requests of one service go.</summary>
/// <param name="Region">The region that requests are signed for.</param>
/// <param name="Endpoint">The endpoint's URL.</param>
/// <param name="RegionSource">Where the region was found, in words for a user, such as <c>AWS_REGION</c>.</param>
/// <param name="EndpointSource">Where the endpoint was found, in words for a user.</param>
public sealed record AwsEndpoint(string Region, Uri Endpoint, string RegionSource, string EndpointSource)
{
    /// <summary>Whether the endpoint is AWS's own, and not one that the user named.</summary>
    public bool IsAws => EndpointSource == EndpointChoice.Aws;

    /// <summary>
    /// Finds the destination, or every problem that keeps it from being found. Reads settings only, never credentials or the network.
    /// </summary>
    public static Result<AwsEndpoint> Find(AwsClientOptions options, AwsService service)
    {
        var problems = new List<Problem>();
        var profile = AwsProfileChoice.Make(options);
        if (profile.Problem is { } missing) problems.Add(missing);
        var region = RegionChoice.Make(options, profile);
        if (region is null) problems.Add(SettingProblems.NoRegion());
        var endpoint = EndpointChoice.Make(options, profile, service, region?.Value);
        if (endpoint.Problem is { } wrong) problems.Add(wrong);
        if (problems.Count > 0) return Result<AwsEndpoint>.Failure(problems);
        return new AwsEndpoint(
            AwsPartition.SigningRegion(service, region!.Value.Value), endpoint.Url!, region.Value.Source, endpoint.Source);
    }
}

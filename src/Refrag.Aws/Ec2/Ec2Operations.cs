using System.Globalization;
using System.Text.Json.Serialization;

namespace Refrag.Aws.Ec2;

/// <summary>The operations of EC2 that refrag needs.</summary>
public static class Ec2Operations
{
    // How these records look as JSON concerns tables and tests only: on the wire they never are.
    private static readonly AwsServiceModel s_model =
        new(AwsService.Ec2, Ec2JsonContext.Default.Options, static (operation, error) => new Ec2Exception(operation, error));

    /// <summary>Which instance types the region offers, and how large they are.</summary>
    public static AwsOperation<DescribeInstanceTypesRequest, DescribeInstanceTypesResponse> DescribeInstanceTypes { get; } =
        new(s_model, "DescribeInstanceTypes")
        {
            // A filter and no list of names: EC2 answers a list that has one unknown name with an error.
            Writer = static request => Form("DescribeInstanceTypes",
            [
                .. request.Patterns.Count > 0 ? [("Filter.1.Name", "instance-type")] : Array.Empty<(string, string)>(),
                .. request.Patterns.Select((pattern, i) => ($"Filter.1.Value.{i + 1}", pattern)),
                .. request.NextToken is { } token ? [("NextToken", token)] : Array.Empty<(string, string)>(),
            ]),
            Reader = Ec2Xml.InstanceTypes,
            NextPage = static (request, page) => page.NextToken is { Length: > 0 } token ? request with { NextToken = token } : null,
        };

    /// <summary>What Spot instances of Linux cost, by zone.</summary>
    public static AwsOperation<DescribeSpotPriceHistoryRequest, DescribeSpotPriceHistoryResponse> DescribeSpotPriceHistory { get; } =
        new(s_model, "DescribeSpotPriceHistory")
        {
            // Begin and end at one instant give the price that counts then, once a type and zone, instead of three months of changes.
            Writer = static request => Form("DescribeSpotPriceHistory",
            [
                ("ProductDescription.1", "Linux/UNIX"),
                .. request.Types.Select((type, i) => ($"InstanceType.{i + 1}", type)),
                .. request.Zone is { } zone ? [("AvailabilityZone", zone)] : Array.Empty<(string, string)>(),
                ("StartTime", Ec2Xml.Time(request.At)),
                ("EndTime", Ec2Xml.Time(request.At)),
                .. request.NextToken is { } token ? [("NextToken", token)] : Array.Empty<(string, string)>(),
            ]),
            Reader = Ec2Xml.SpotPrices,
            NextPage = static (request, page) => page.NextToken is { Length: > 0 } token ? request with { NextToken = token } : null,
        };

    /// <summary>How good the chances of a number of Spot instances are, from 1 to 10.</summary>
    public static AwsOperation<GetSpotPlacementScoresRequest, GetSpotPlacementScoresResponse> GetSpotPlacementScores { get; } =
        new(s_model, "GetSpotPlacementScores")
        {
            Writer = static request => Form("GetSpotPlacementScores",
            [
                .. request.InstanceTypes.Select((type, i) => ($"InstanceType.{i + 1}", type)),
                ("TargetCapacity", request.VCpus.ToString(CultureInfo.InvariantCulture)),
                ("TargetCapacityUnitType", "vcpu"),
                ("RegionName.1", request.Region),
            ]),
            Reader = Ec2Xml.SpotScores,
        };

    /// <summary>What instances are: their types, zones and markets.</summary>
    public static AwsOperation<DescribeInstancesRequest, DescribeInstancesResponse> DescribeInstances { get; } =
        new(s_model, "DescribeInstances")
        {
            // A filter and no list of ids: EC2 answers a list that has one unknown id with an error.
            Writer = static request => Filter("DescribeInstances", "instance-id", request.Instances, request.NextToken),
            Reader = InstanceXml.Instances,
            NextPage = static (request, page) => page.NextToken is { Length: > 0 } token ? request with { NextToken = token } : null,
        };

    /// <summary>In which networks subnets are.</summary>
    public static AwsOperation<DescribeSubnetsRequest, DescribeSubnetsResponse> DescribeSubnets { get; } =
        new(s_model, "DescribeSubnets")
        {
            Writer = static request => Filter("DescribeSubnets", "subnet-id", request.Subnets, request.NextToken),
            Reader = NetworkXml.Subnets,
            NextPage = static (request, page) => page.NextToken is { Length: > 0 } token ? request with { NextToken = token } : null,
        };

    /// <summary>Where the subnets of networks send what leaves them.</summary>
    public static AwsOperation<DescribeRouteTablesRequest, DescribeRouteTablesResponse> DescribeRouteTables { get; } =
        new(s_model, "DescribeRouteTables")
        {
            Writer = static request => Filter("DescribeRouteTables", "vpc-id", request.Vpcs, request.NextToken),
            Reader = NetworkXml.RouteTables,
            NextPage = static (request, page) => page.NextToken is { Length: > 0 } token ? request with { NextToken = token } : null,
        };

    /// <summary>Which services networks reach without the internet.</summary>
    public static AwsOperation<DescribeVpcEndpointsRequest, DescribeVpcEndpointsResponse> DescribeVpcEndpoints { get; } =
        new(s_model, "DescribeVpcEndpoints")
        {
            Writer = static request => Filter("DescribeVpcEndpoints", "vpc-id", request.Vpcs, request.NextToken),
            Reader = NetworkXml.Endpoints,
            NextPage = static (request, page) => page.NextToken is { Length: > 0 } token ? request with { NextToken = token } : null,
        };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<AwsOperation> All { get; } =
    [
        DescribeInstanceTypes, DescribeSpotPriceHistory, GetSpotPlacementScores, DescribeInstances, DescribeSubnets, DescribeRouteTables,
        DescribeVpcEndpoints,
    ];

    private static byte[] Filter(string action, string name, IReadOnlyList<string> values, string? token) => Form(action,
    [
        ("Filter.1.Name", name), .. values.Select((value, i) => ($"Filter.1.Value.{i + 1}", value)),
        .. token is null ? Array.Empty<(string, string)>() : [("NextToken", token)],
    ]);

    private static byte[] Form(string action, IEnumerable<(string Name, string Value)> fields) =>
        FormFields.Write([("Action", action), ("Version", "2016-11-15"), .. fields]);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(DescribeInstanceTypesRequest))]
[JsonSerializable(typeof(DescribeInstanceTypesResponse))]
[JsonSerializable(typeof(DescribeSpotPriceHistoryRequest))]
[JsonSerializable(typeof(DescribeSpotPriceHistoryResponse))]
[JsonSerializable(typeof(GetSpotPlacementScoresRequest))]
[JsonSerializable(typeof(GetSpotPlacementScoresResponse))]
[JsonSerializable(typeof(DescribeInstancesRequest))]
[JsonSerializable(typeof(DescribeInstancesResponse))]
[JsonSerializable(typeof(DescribeSubnetsRequest))]
[JsonSerializable(typeof(DescribeSubnetsResponse))]
[JsonSerializable(typeof(DescribeRouteTablesRequest))]
[JsonSerializable(typeof(DescribeRouteTablesResponse))]
[JsonSerializable(typeof(DescribeVpcEndpointsRequest))]
[JsonSerializable(typeof(DescribeVpcEndpointsResponse))]
internal sealed partial class Ec2JsonContext : JsonSerializerContext;

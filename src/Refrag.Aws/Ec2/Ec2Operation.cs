using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Refrag.Aws.Ec2;

/// <summary>An operation of EC2: form fields there, XML back.</summary>
/// <typeparam name="TRequest">What is asked.</typeparam>
/// <typeparam name="TResponse">What is answered.</typeparam>
public sealed class Ec2Operation<TRequest, TResponse> : AwsOperation<TRequest, TResponse>
    where TRequest : class
    where TResponse : class
{
    private readonly Func<TRequest, IEnumerable<(string Name, string Value)>> _fields;
    private readonly Func<byte[], TResponse> _read;

    internal Ec2Operation(string name, Func<TRequest, IEnumerable<(string Name, string Value)>> fields, Func<byte[], TResponse> read)
        : base(AwsService.Ec2, name, Ec2Operations.Json) =>
        (_fields, _read) = (fields, read);

    internal override byte[] Write(TRequest request)
    {
        IEnumerable<(string Name, string Value)> all = [("Action", Name), ("Version", "2016-11-15"), .. _fields(request)];
        return FormFields.Write(all);
    }

    internal override TResponse Read(byte[] answer) => _read(answer);

    internal override AwsServiceException Failure(AwsError error) => new Ec2Exception(Name, error);
}

/// <summary>The operations of EC2 that refrag needs.</summary>
public static class Ec2Operations
{
    /// <summary>Which instance types the region offers, and how large they are.</summary>
    public static Ec2Operation<DescribeInstanceTypesRequest, DescribeInstanceTypesResponse> DescribeInstanceTypes { get; } = new(
        "DescribeInstanceTypes",
        // A filter and no list of names: EC2 answers a list that has one unknown name with an error.
        static request =>
        [
            .. request.Patterns.Count > 0 ? [("Filter.1.Name", "instance-type")] : Array.Empty<(string, string)>(),
            .. request.Patterns.Select((pattern, i) => ($"Filter.1.Value.{i + 1}", pattern)),
            .. request.NextToken is { } token ? [("NextToken", token)] : Array.Empty<(string, string)>(),
        ],
        Ec2Xml.InstanceTypes);

    /// <summary>What Spot instances of Linux cost, by zone.</summary>
    public static Ec2Operation<DescribeSpotPriceHistoryRequest, DescribeSpotPriceHistoryResponse> DescribeSpotPriceHistory { get; } = new(
        "DescribeSpotPriceHistory",
        // Begin and end at one instant give the price that counts then, once a type and zone, instead of three months of changes.
        static request =>
        [
            ("ProductDescription.1", "Linux/UNIX"),
            ("StartTime", Ec2Xml.Time(request.At)),
            ("EndTime", Ec2Xml.Time(request.At)),
            .. request.NextToken is { } token ? [("NextToken", token)] : Array.Empty<(string, string)>(),
        ],
        Ec2Xml.SpotPrices);

    /// <summary>How good the chances of a number of Spot instances are, from 1 to 10.</summary>
    public static Ec2Operation<GetSpotPlacementScoresRequest, GetSpotPlacementScoresResponse> GetSpotPlacementScores { get; } = new(
        "GetSpotPlacementScores",
        static request =>
        [
            .. request.InstanceTypes.Select((type, i) => ($"InstanceType.{i + 1}", type)),
            ("TargetCapacity", request.VCpus.ToString(CultureInfo.InvariantCulture)),
            ("TargetCapacityUnitType", "vcpu"),
            ("RegionName.1", request.Region),
        ],
        Ec2Xml.SpotScores);

    /// <summary>In which networks subnets are.</summary>
    public static Ec2Operation<DescribeSubnetsRequest, DescribeSubnetsResponse> DescribeSubnets { get; } = new(
        // A filter, for the reason given above.
        "DescribeSubnets", static request => Filter("subnet-id", request.Subnets), NetworkXml.Subnets);

    /// <summary>Where the subnets of networks send what leaves them.</summary>
    public static Ec2Operation<DescribeRouteTablesRequest, DescribeRouteTablesResponse> DescribeRouteTables { get; } = new(
        "DescribeRouteTables", static request => Filter("vpc-id", request.Vpcs), NetworkXml.RouteTables);

    /// <summary>Which services networks reach without the internet.</summary>
    public static Ec2Operation<DescribeVpcEndpointsRequest, DescribeVpcEndpointsResponse> DescribeVpcEndpoints { get; } = new(
        "DescribeVpcEndpoints", static request => Filter("vpc-id", request.Vpcs), NetworkXml.Endpoints);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<AwsOperation> All { get; } =
        [DescribeInstanceTypes, DescribeSpotPriceHistory, GetSpotPlacementScores, DescribeSubnets, DescribeRouteTables,
            DescribeVpcEndpoints];

    private static IEnumerable<(string Name, string Value)> Filter(string name, IReadOnlyList<string> values) =>
        [("Filter.1.Name", name), .. values.Select((value, i) => ($"Filter.1.Value.{i + 1}", value))];

    // How these records look as JSON concerns tables and tests only: on the wire they never are.
    internal static JsonSerializerOptions Json => Ec2JsonContext.Default.Options;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(DescribeInstanceTypesRequest))]
[JsonSerializable(typeof(DescribeInstanceTypesResponse))]
[JsonSerializable(typeof(DescribeSpotPriceHistoryRequest))]
[JsonSerializable(typeof(DescribeSpotPriceHistoryResponse))]
[JsonSerializable(typeof(GetSpotPlacementScoresRequest))]
[JsonSerializable(typeof(GetSpotPlacementScoresResponse))]
[JsonSerializable(typeof(DescribeSubnetsRequest))]
[JsonSerializable(typeof(DescribeSubnetsResponse))]
[JsonSerializable(typeof(DescribeRouteTablesRequest))]
[JsonSerializable(typeof(DescribeRouteTablesResponse))]
[JsonSerializable(typeof(DescribeVpcEndpointsRequest))]
[JsonSerializable(typeof(DescribeVpcEndpointsResponse))]
internal sealed partial class Ec2JsonContext : JsonSerializerContext;

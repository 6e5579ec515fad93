using System.Text.Json;

namespace Refrag.Infrastructure;

/// <summary>What a plan would take away of the network that hosts and jobs have their addresses and routes from.</summary>
internal static class NetworkLoss
{
    private static readonly string[] s_network =
    [
        "aws_vpc.", "aws_subnet.", "aws_route.", "aws_route_table", "aws_internet_gateway.", "aws_nat_gateway.", "aws_eip.",
        "aws_vpc_endpoint.", "aws_security_group.", "aws_placement_group.",
    ];

    // Their change in place leads the traffic of running hosts elsewhere: they have no tags, or nothing else to change.
    private static readonly string[] s_ways = ["aws_route.", "aws_route_table_association."];

    // What an endpoint serves: one that leaves a list is served no more. Tags and additions do no harm.
    private static readonly string[] s_served = ["route_table_ids", "subnet_ids", "security_group_ids"];

    /// <summary>Whether a change takes a part of it away.</summary>
    /// <param name="address">The resource's address.</param>
    /// <param name="action">What is done to it.</param>
    /// <param name="change">The plan's member <c>change</c>.</param>
    public static bool Read(string address, PlannedAction action, JsonElement change) => action switch
    {
        PlannedAction.Destroy or PlannedAction.Replace => IsOneOf(address, s_network),
        PlannedAction.Change => (IsOneOf(address, s_ways) && !change.TryGetProperty("importing", out _))
            || (IsOneOf(address, ["aws_vpc_endpoint."]) && s_served.Any(list => Loses(change, list))),
        _ => false,
    };

    private static bool IsOneOf(string address, string[] types) =>
        types.Any(type => address.StartsWith(type, StringComparison.Ordinal));

    // A list that is not known before the apply has lost nothing that this plan does not destroy, which is counted by itself.
    private static bool Loses(JsonElement change, string list) =>
        Texts(change, "before", list) is { } before && Texts(change, "after", list) is { } after && before.Except(after).Any();

    private static IEnumerable<string>? Texts(JsonElement change, string side, string list) =>
        change.TryGetProperty(side, out JsonElement values) && values.ValueKind == JsonValueKind.Object
        && values.TryGetProperty(list, out JsonElement texts) && texts.ValueKind == JsonValueKind.Array
            ? texts.EnumerateArray().Select(text => text.GetString()).OfType<string>()
            : null;
}

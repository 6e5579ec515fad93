using Refrag.Aws.Batch;

namespace Refrag.Aws.Tests.Contract;

/// <summary>
/// What AWS's models have and the contract lacks: nothing. The newest model is that of the npm package @aws-sdk/client-batch 3.1138.0 of
/// 2026-09-22, whose operations, members and values are listed in client-batch-3.1138.0.txt (<c>!</c> marks a required member).
/// </summary>
public sealed class NewestModelTests
{
    private static readonly IReadOnlyList<string[]> s_newest = Read();

    [Fact]
    public void Contract_ComparedWithTheNewestModel_LacksNothing()
    {
        Assert.Equal(48, Named("operation").Count());
        Assert.Empty(Named("operation").Select(o => $"{o[1]} {o[2]} {o[3]}")
            .Except(BatchOperations.All.Select(o => $"{o.Name} {o.Method} {o.Path}")));
        Assert.Empty(Named("structure").SelectMany(s => Lacking(s[1], [.. s[2..].Select(member => member.TrimEnd('!'))])));
        Assert.Empty(Named("enumeration").SelectMany(e => LackingValues(e[1], e[2..])));
    }

    [Fact]
    public void Contract_ComparedWithTheNewestModel_HasNothingElse()
    {
        // What is beyond the newest package would be a mistake of the additions.
        Assert.Empty(BatchOperations.All.Select(o => o.Name).Except(Named("operation").Select(o => o[1])));
        var members = Named("structure").ToDictionary(s => s[1], s => s[2..].Select(member => member.TrimEnd('!')).ToHashSet());
        Assert.All(BatchOperations.All.SelectMany(o => (Type[])[o.RequestType, o.ResponseType]),
            type => Assert.Empty(Members(type.Name)!.Except(members[type.Name])));
    }

    [Fact]
    [Trait("Peer", "botocore")]
    public async Task Contract_ComparedWithTheInstalledBotocore_LacksNothing()
    {
        ApiModel installed = await ApiModel.LoadInstalledAsync("batch");
        Assert.Empty(installed.Operations.Keys.Except(BatchOperations.All.Select(o => o.Name)));
        Assert.Empty(installed.Structures.SelectMany(s => Lacking(s.Name, s.Members)));
        Assert.Empty(installed.Enumerations.SelectMany(e => LackingValues(e.Name, e.Values)));
    }

    private static IEnumerable<string[]> Named(string kind) => s_newest.Where(line => line[0] == kind);

    private static IEnumerable<string> Lacking(string structure, IReadOnlyList<string> members) =>
        members.Except(Members(structure) ?? []).Select(member => $"{structure}.{member}");

    private static IEnumerable<string> LackingValues(string enumeration, IReadOnlyList<string> values) =>
        values.Except(Values(enumeration)).Select(value => $"{enumeration} {value}");

    // Null for a structure that is missing as a whole.
    private static IReadOnlyList<string>? Members(string structure) =>
        Find(structure) is { } type ? [.. BatchJson.Options.GetTypeInfo(type).Properties.Select(property => property.Name)] : null;

    private static IReadOnlyList<string> Values(string enumeration) =>
        (IReadOnlyList<string>?)Find(enumeration)?.GetProperty("All")?.GetValue(null) ?? [];

    private static Type? Find(string name) => typeof(BatchOperations).Assembly.GetType($"Refrag.Aws.Batch.{name}");

    private static List<string[]> Read()
    {
        using var reader = new StreamReader(typeof(NewestModelTests).Assembly.GetManifestResourceStream("client-batch.txt")!);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))];
    }
}

using System.Globalization;
using System.Text.Json;

namespace Refrag.Server.Fuzz.Grammar;

/// <summary>
/// The texts that requests are made of: names, ids and ARNs that the server has answered, and words that the members of the API understand.
/// A worker has its own, so that what it sends depends on its seed and on the answers to its own requests alone.
/// </summary>
internal sealed class Vocabulary(Random chance)
{
    private const int MostLearned = 64;
    private const int Names = 40;

    // Members that hold the same kind of thing, under one name.
    private static readonly Dictionary<string, string> s_roles = new(StringComparer.Ordinal)
    {
        ["jobId"] = "job",
        ["jobs"] = "job",
        ["arrayJobId"] = "job",
        ["multiNodeJobId"] = "job",
        ["jobArn"] = "job",
        ["jobQueue"] = "queue",
        ["jobQueueArn"] = "queue",
        ["jobQueueName"] = "queue",
        ["jobQueues"] = "queue",
        ["jobDefinition"] = "definition",
        ["jobDefinitionArn"] = "definition",
        ["jobDefinitions"] = "definition",
        ["jobDefinitionName"] = "definition",
        ["computeEnvironment"] = "environment",
        ["computeEnvironmentArn"] = "environment",
        ["computeEnvironments"] = "environment",
        ["schedulingPolicyArn"] = "policy",
        ["arn"] = "policy",
        ["arns"] = "policy",
        ["consumableResource"] = "resource",
        ["consumableResourceArn"] = "resource",
        ["consumableResourceName"] = "resource",
        ["serviceEnvironment"] = "service",
        ["serviceEnvironmentArn"] = "service",
        ["serviceEnvironments"] = "service",
        ["quotaShareArn"] = "share",
        ["quotaShareName"] = "share",
        ["nextToken"] = "token",
        ["nextForwardToken"] = "token",
        ["nextBackwardToken"] = "token",
        ["logStreamName"] = "stream",
        ["logStreamNames"] = "stream",
        ["logStreamNamePrefix"] = "stream",
        ["ecsClusterArn"] = "cluster",
        ["cluster"] = "cluster",
        ["containerInstanceArn"] = "instance",
        ["containerInstance"] = "instance",
        ["taskArn"] = "task",
    };

    private readonly Dictionary<string,
        List<string>> _learned = new(StringComparer.Ordinal)
        {
            ["queue"] = ["refrag-cpu-job-queue"],
            ["definition"] = ["refrag-cpu-job-def"],
        };
    private readonly List<string> _arns = [];

    /// <summary>A text for a member, such as a client could send.</summary>
    public string Plausible(string member)
    {
        if (member is "resourceArn" && _arns.Count > 0) return Pick(_arns);
        if (s_roles.TryGetValue(member, out string? role) && _learned.TryGetValue(role, out List<string>? known)) return Pick(known);
        if (Words.Of(member) is { } words) return Pick(words);
        return Name();
    }

    /// <summary>A name out of few, so that one request meets what another has created.</summary>
    public string Name() => string.Create(CultureInfo.InvariantCulture, $"fuzz-{chance.Next(Names)}");

    /// <summary>What stands for a placeholder of a seed, such as <c>$queue</c>.</summary>
    public string Resolve(string placeholder) =>
        placeholder == "$name" ? Name() : _learned.TryGetValue(placeholder[1..], out List<string>? known) ? Pick(known) : Name();

    /// <summary>Keeps the ids, names and ARNs of an answer.</summary>
    public void Learn(JsonElement answer)
    {
        if (answer.ValueKind is JsonValueKind.Array) foreach (JsonElement one in answer.EnumerateArray()) Learn(one);
        if (answer.ValueKind is not JsonValueKind.Object) return;
        foreach (JsonProperty member in answer.EnumerateObject())
        {
            if (member.Value.ValueKind is JsonValueKind.String) Learn(member.Name, member.Value.GetString()!);
            else Learn(member.Value);
        }
    }

    private void Learn(string member, string value)
    {
        if (value.Length == 0) return;
        if (value.StartsWith("arn:", StringComparison.Ordinal)) Keep(_arns, value);
        if (!s_roles.TryGetValue(member, out string? role)) return;
        if (!_learned.TryGetValue(role, out List<string>? known)) _learned[role] = known = [];
        Keep(known, value);
    }

    private void Keep(List<string> known, string value)
    {
        if (known.Count < MostLearned) known.Add(value);
        else known[chance.Next(known.Count)] = value;
    }

    private string Pick(IReadOnlyList<string> from) => from[chance.Next(from.Count)];
}

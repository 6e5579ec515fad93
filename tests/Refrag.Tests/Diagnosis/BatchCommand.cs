using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Jobs;

namespace Refrag.Tests.Diagnosis;

/// <summary>
/// Commands <c>aws batch …</c>, as the AWS CLI reads them: JSON, or its shorthand of names and values. (AWS CLI User Guide)
/// </summary>
internal static class BatchCommand
{
    private static readonly HashSet<string> s_lists = new(["instanceTypes", "subnets", "securityGroupIds"], StringComparer.Ordinal);

    public static Task RunAsync(IAwsTransport batch, string command, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> words = ShellWords.Split(command) ?? throw new InvalidDataException($"An open quote: {command}");
        Assert.Equal(["aws", "batch"], words.Take(2));
        JsonObject arguments = Arguments([.. words.Skip(3)]);
        Task Send<TRequest, TResponse>(AwsOperation<TRequest, TResponse> operation)
            where TRequest : class
            where TResponse : class =>
            batch.SendAsync(operation, arguments.Deserialize<TRequest>(BatchJson.Options)!, cancellationToken);
        return words[2] switch
        {
            "create-compute-environment" => Send(BatchOperations.CreateComputeEnvironment),
            "update-compute-environment" => Send(BatchOperations.UpdateComputeEnvironment),
            "update-job-queue" => Send(BatchOperations.UpdateJobQueue),
            "update-consumable-resource" => Send(BatchOperations.UpdateConsumableResource),
            _ => throw new NotSupportedException(command),
        };
    }

    private static JsonObject Arguments(string[] words)
    {
        JsonObject arguments = [];
        for (int at = 0; at < words.Length;)
        {
            string name = Camel(words[at][2..]);
            string[] values = [.. words.Skip(at + 1).TakeWhile(w => !w.StartsWith("--", StringComparison.Ordinal))];
            arguments[name] = name == "computeEnvironmentOrder" ? new JsonArray([.. values.Select(Shorthand)]) : Value(values[0]);
            at += 1 + values.Length;
        }
        return arguments;
    }

    private static string Camel(string option)
    {
        string[] parts = option.Split('-');
        return parts[0] + string.Concat(parts.Skip(1).Select(p => char.ToUpperInvariant(p[0]) + p[1..]));
    }

    private static JsonNode? Value(string text) =>
        text.StartsWith('{') ? JsonNode.Parse(text) : text.Contains('=', StringComparison.Ordinal) ? Shorthand(text) : Scalar(text);

    // name=value,name=one,two: a word without a name belongs to the list before it.
    private static JsonObject Shorthand(string text)
    {
        JsonObject members = [];
        JsonArray? list = null;
        foreach (string word in text.Split(','))
        {
            string[] parts = word.Split('=', 2);
            if (parts.Length == 1) list!.Add(Scalar(word));
            else if (s_lists.Contains(parts[0])) members[parts[0]] = list = [Scalar(parts[1])];
            else members[parts[0]] = Scalar(parts[1]);
        }
        return members;
    }

    private static JsonValue Scalar(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? JsonValue.Create(number)
            : JsonValue.Create(text);
}

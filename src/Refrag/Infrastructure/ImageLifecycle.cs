using System.Text.Json;
using System.Text.RegularExpressions;
using Refrag.Aws;
using Refrag.Aws.Ecr;

namespace Refrag.Infrastructure;

/// <summary>Whether the lifecycle policy of an image's repository deletes the image some day, under the jobs that name it.</summary>
internal static class ImageLifecycle
{
    private const string NoPolicy = "LifecyclePolicyNotFoundException";

    /// <summary>A warning; null if no rule concerns the image.</summary>
    /// <param name="aws">Asked.</param>
    /// <param name="image">The image.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<string?> ReadAsync(IAwsTransport aws, EcrImage image, CancellationToken cancellationToken)
    {
        try
        {
            var request = new GetLifecyclePolicyRequest { RegistryId = image.Account, RepositoryName = image.Repository };
            GetLifecyclePolicyResponse answer = await aws.SendAsync(EcrOperations.GetLifecyclePolicy, request, cancellationToken);
            return Warning(answer.LifecyclePolicyText ?? "{}", image);
        }
        catch (EcrException none) when (none.ErrorCode is NoPolicy or EcrException.RepositoryNotFound)
        {
            return null;
        }
        catch (EcrException refused)
        {
            return $"whether it expires was not checked: {refused.Operation} answered {refused.ErrorCode}";
        }
    }

    /// <summary>What a policy has against an image; null for nothing.</summary>
    /// <param name="policy">The policy's JSON. (ECR User Guide, lifecycle policy properties)</param>
    /// <param name="image">The image.</param>
    public static string? Warning(string policy, EcrImage image)
    {
        using JsonDocument document = JsonDocument.Parse(policy);
        if (!document.RootElement.TryGetProperty("rules", out JsonElement rules)) return null;
        // An image that a rule selects is left alone by rules of lower priority.
        return rules.EnumerateArray().OrderBy(rule => rule.GetProperty("rulePriority").GetInt32())
            .Where(rule => Selects(rule.GetProperty("selection"), image)).Select(Warning).FirstOrDefault();
    }

    private static string? Warning(JsonElement rule)
    {
        JsonElement selection = rule.GetProperty("selection");
        string? effect = rule.GetProperty("action").GetProperty("type").GetString() switch
        {
            "expire" => "deletes it",
            "transition" => "archives it, and an archived image cannot be pulled",
            _ => null,
        };
        return effect is null ? null : $"rule {rule.GetProperty("rulePriority")} of its repository's lifecycle policy {effect} "
            + $"({selection.GetProperty("countType")} {selection.GetProperty("countNumber")}): push it under a tag that no rule selects";
    }

    // Of several prefixes or patterns, an image must have a tag for each. Only the tag that the jobs name is known; of an image that is
    // named by its digest, none is. What is archived is not what jobs use.
    private static bool Selects(JsonElement selection, EcrImage image) =>
        !(selection.TryGetProperty("storageClass", out JsonElement storage) && storage.GetString() == "archive")
        && (selection.GetProperty("tagStatus").GetString(), image.Id.ImageTag) switch
        {
            ("any", _) => true,
            ("tagged", { } tag) => Texts(selection, "tagPrefixList").All(prefix => tag.StartsWith(prefix, StringComparison.Ordinal))
                && Texts(selection, "tagPatternList").All(pattern => Matches(pattern, tag)),
            _ => false,
        };

    // The only special character is *, for any characters and none.
    private static bool Matches(string pattern, string tag) =>
        Regex.IsMatch(tag, $"^{Regex.Escape(pattern).Replace(@"\*", ".*", StringComparison.Ordinal)}$", RegexOptions.NonBacktracking,
            TimeSpan.FromSeconds(1));

    private static IEnumerable<string> Texts(JsonElement selection, string name) =>
        selection.TryGetProperty(name, out JsonElement list) ? list.EnumerateArray().Select(text => text.GetString()!) : [];
}

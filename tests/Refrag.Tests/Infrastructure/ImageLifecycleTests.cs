using Refrag.Infrastructure;

namespace Refrag.Tests.Infrastructure;

public sealed class ImageLifecycleTests
{
    private const string Repository = "123456789012.dkr.ecr.us-east-1.amazonaws.com/refrag";

    // The form of the examples in the ECR User Guide.
    [Theory]
    [InlineData(""" "tagStatus": "any" """, ":1.0.0", true)]
    [InlineData(""" "tagStatus": "any" """, "@sha256:abc", true)]
    [InlineData(""" "tagStatus": "untagged" """, ":1.0.0", false)]
    [InlineData(""" "tagStatus": "tagged", "tagPrefixList": ["ci-", "1."] """, ":1.0.0",
        false)] // "only the images with all specified tags are selected"
    [InlineData(""" "tagStatus": "tagged", "tagPrefixList": ["1", "1.0"] """, ":1.0.0", true)]
    [InlineData(""" "tagStatus": "tagged", "tagPatternList": ["1*", "*.1"] """, ":1.0.0", false)]
    [InlineData(""" "tagStatus": "any", "storageClass": "archive" """, ":1.0.0", false)]
    [InlineData(""" "tagStatus": "tagged", "tagPrefixList": ["ci-"] """, ":1.0.0", false)]
    [InlineData(""" "tagStatus": "tagged", "tagPrefixList": ["1."] """, "@sha256:abc", false)]
    [InlineData(""" "tagStatus": "tagged", "tagPatternList": ["*.0"] """, ":1.0.0", true)]
    [InlineData(""" "tagStatus": "tagged", "tagPatternList": ["prod*web", "1.0"] """, ":1.0.0", false)]
    public void Warning_RuleOfTheRepository_NamesTheOneThatDeletesTheImage(string selection, string id, bool isDeleted)
    {
        string policy = $$"""
            { "rules": [
              { "rulePriority": 1, "selection": { "tagStatus": "tagged", "tagPrefixList": ["other-"], "countType": "sinceImagePushed",
                  "countUnit": "days", "countNumber": 14 }, "action": { "type": "expire" } },
              { "rulePriority": 7, "selection": { {{selection}}, "countType": "imageCountMoreThan", "countNumber": 30 },
                  "action": { "type": "expire" } }
            ] }
            """;
        string? warning = ImageLifecycle.Warning(policy, EcrImage.Parse(Repository + id)!);
        if (isDeleted) Assert.StartsWith("rule 7 of its repository's lifecycle policy deletes it (imageCountMoreThan 30)", warning);
        else Assert.Null(warning);
    }

    [Theory]
    [InlineData("expire", "deletes it")]
    [InlineData("transition", "archives it, and an archived image cannot be pulled")]
    [InlineData("somethingNew", null)]
    public void Warning_ActionOfTheRule_IsWhatItSays(string action, string? effect) => Assert.Equal(
        effect is null
            ? null
            : $"rule 3 of its repository's lifecycle policy {effect} (sinceImagePushed 9): push it under a tag that no rule selects",
        ImageLifecycle.Warning(
            $$"""
            { "rules": [{ "rulePriority": 3, "selection": { "tagStatus": "any", "countType": "sinceImagePushed", "countNumber": 9 },
              "action": { "type": "{{action}}" } }] }
            """,
            EcrImage.Parse(Repository + ":1.0.0")!));

    // "An image that matches the tagging requirements of a rule cannot be expired or archived by a rule with a lower priority."
    [Fact]
    public void Warning_SeveralRulesSelectTheImage_NamesTheFirstByPriority() => Assert.StartsWith("rule 2 ", ImageLifecycle.Warning(
        """
        { "rules": [
          { "rulePriority": 9, "selection": { "tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 1 },
              "action": { "type": "expire" } },
          { "rulePriority": 2, "selection": { "tagStatus": "tagged", "tagPrefixList": ["1"], "countType": "imageCountMoreThan",
              "countNumber": 1 },
            "action": { "type": "expire" } } ] }
        """,
        EcrImage.Parse(Repository + ":1.0.0")!));
}

using System.Text.Json.Serialization;

namespace Refrag.Dashboard.Problems;

/// <summary>A problem, as the page gets it.</summary>
internal sealed record PageProblem
{
    /// <summary>Its code, such as <c>RF8199</c>; of AWS's failures too.</summary>
    public required string Code { get; init; }

    /// <summary>What is wrong, in one sentence without a final full stop.</summary>
    public required string What { get; init; }

    /// <summary>Why; left out if the sentence says so already.</summary>
    public string? Cause { get; init; }

    /// <summary>What helps.</summary>
    public required string Cure { get; init; }

    public static PageProblem Of(Problem problem) =>
        new() { Code = problem.Code, What = problem.What, Cause = problem.Cause, Cure = problem.Cure };
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PageProblem))]
[JsonSerializable(typeof(IReadOnlyList<PageProblem>))]
internal sealed partial class ProblemJson : JsonSerializerContext;

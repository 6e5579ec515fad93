using Refrag.Diagnosis;

namespace Refrag.Dashboard.Details;

/// <summary>Why a job waits or failed, as its page shows it.</summary>
internal sealed record WhyReport
{
    /// <summary>The result in one sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>The causes, the most certain first.</summary>
    public required IReadOnlyList<WhyCause> Causes { get; init; }

    /// <summary>What could not be checked, and why.</summary>
    public required IReadOnlyList<string> NotChecked { get; init; }

    /// <summary>The part that is explained; null if it is the job itself.</summary>
    public string? Part { get; init; }

    public static WhyReport Of(Diagnosis.Diagnosis diagnosis, string? part) => new()
    {
        Summary = diagnosis.Summary,
        Causes = [.. diagnosis.Causes.Select(cause => new WhyCause(
            cause.Code, cause.What, Word(cause.Confidence), [.. cause.Evidence.Select(evidence => evidence.Text)],
            [.. cause.Cures.Select(cure => new WhyCure(cure.Text, cure.Command, cure.Checked))]))],
        NotChecked = diagnosis.NotChecked,
        Part = part,
    };

    private static string Word(Confidence confidence) => confidence switch
    {
        Confidence.Certain => "certain",
        Confidence.Likely => "likely",
        _ => "possible",
    };
}

/// <summary>A cause.</summary>
/// <param name="Code">Its stable name.</param>
/// <param name="What">The cause in one sentence.</param>
/// <param name="Confidence"><c>certain</c>, <c>likely</c> or <c>possible</c>.</param>
/// <param name="Evidence">What shows it.</param>
/// <param name="Cures">What helps.</param>
internal sealed record WhyCause(
    string Code, string What, string Confidence, IReadOnlyList<string> Evidence, IReadOnlyList<WhyCure> Cures);

/// <summary>What helps.</summary>
/// <param name="Text">What to do.</param>
/// <param name="Command">The same as a command; null if none does it.</param>
/// <param name="Checked">What a check of the changed state found; null if it was not checked.</param>
internal sealed record WhyCure(string Text, string? Command, string? Checked);

namespace Refrag.Submission;

/// <summary>
/// The name of one submission, made before anything is sent. It travels as a tag, so that a job whose id was lost with its answer can be
/// found.
/// </summary>
/// <param name="Value">The text: letters, digits and hyphens.</param>
public readonly record struct SubmissionId(string Value)
{
    /// <summary>The tag that a job carries its submission in.</summary>
    public const string Tag = "refrag:submission-id";

    /// <summary>A new one; ids made later sort later.</summary>
    /// <param name="time">The clock.</param>
    public static SubmissionId New(TimeProvider time) => new(Guid.CreateVersion7(time.GetUtcNow()).ToString());

    /// <summary>The text.</summary>
    public override string ToString() => Value;
}

using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Diagnosis;

namespace Refrag.Cli.Commands.Diagnose;

/// <summary>
/// The object of <c>refrag why --json</c>, and a line of <c>refrag doctor --json</c> for each queue with its definition: what was found.
/// </summary>
internal sealed record DiagnosisReport
{
    /// <summary>The job's id; left out if no job was named.</summary>
    public string? JobId { get; init; }

    /// <summary>The job's state, as AWS names it; left out if no job was named.</summary>
    public string? Status { get; init; }

    /// <summary>Whether no cause was found.</summary>
    public required bool Healthy { get; init; }

    /// <summary>The result in one sentence, without a full stop.</summary>
    public required string Summary { get; init; }

    /// <summary>The causes, the most certain first; empty if none was found.</summary>
    public required IReadOnlyList<FoundCause> Causes { get; init; }

    /// <summary>What could not be checked, and why.</summary>
    public required IReadOnlyList<string> NotChecked { get; init; }

    /// <summary>When the job is expected to start; left out if it does not wait, or the server does not say, such as AWS.</summary>
    public ExpectedStart? ExpectedStart { get; init; }

    public static DiagnosisReport Of(string? jobId, string? status, Diagnosis.Diagnosis diagnosis, ExpectedStart? start = null) => new()
    {
        JobId = JsonOutput.Text(jobId),
        Status = JsonOutput.Text(status),
        Healthy = diagnosis.IsHealthy,
        Summary = diagnosis.Summary,
        Causes = [.. diagnosis.Causes.Select(FoundCause.Of)],
        NotChecked = [.. diagnosis.NotChecked],
        ExpectedStart = start,
    };
}

/// <summary>Why a job waits, failed or would not start.</summary>
internal sealed record FoundCause
{
    /// <summary>The cause's stable name: <c>queue-disabled</c>.</summary>
    public required string Code { get; init; }

    /// <summary>The cause in one sentence, without a full stop.</summary>
    public required string What { get; init; }

    /// <summary>How sure it is: <c>certain</c>, <c>likely</c> or <c>possible</c>.</summary>
    public required string Confidence { get; init; }

    /// <summary>What was seen that shows it.</summary>
    public required IReadOnlyList<string> Evidence { get; init; }

    /// <summary>The evidence as values; empty if it is words alone.</summary>
    public required IReadOnlyList<FoundFact> Facts { get; init; }

    /// <summary>What helps, the best first.</summary>
    public required IReadOnlyList<FoundCure> Cures { get; init; }

    public static FoundCause Of(Cause cause) => new()
    {
        Code = cause.Code,
        What = cause.What,
        Confidence = Word(cause.Confidence),
        Evidence = [.. cause.Evidence.Select(e => e.Text)],
        Facts = [.. cause.Evidence.SelectMany(e => e.Facts).Select(FoundFact.Of)],
        Cures = [.. cause.Cures.Select(cure => new FoundCure
        {
            Text = cure.Text,
            Command = JsonOutput.Text(cure.Command),
            Checked = JsonOutput.Text(cure.Checked),
        })],
    };

    public static string Word(Confidence confidence) => confidence switch
    {
        Diagnosis.Confidence.Certain => "certain",
        Diagnosis.Confidence.Likely => "likely",
        _ => "possible",
    };
}

/// <summary>A value that was read and shows a cause.</summary>
internal sealed record FoundFact
{
    /// <summary>
    /// What it is of: <c>job</c>, <c>otherJob</c>, <c>log</c>, <c>jobQueue</c>, <c>computeEnvironment</c>, <c>instanceType</c>,
    /// <c>jobDefinition</c>, <c>consumableResource</c>, <c>quota</c>, <c>role</c>, <c>image</c> or <c>logGroup</c>.
    /// </summary>
    public required string Source { get; init; }

    /// <summary>The name of the resource, the id of the other job, or the instance type; left out for the job itself.</summary>
    public string? Subject { get; init; }

    /// <summary>The member, as AWS's API names it: <c>statusReason</c>; of instance types <c>memoryMiB</c> and the like.</summary>
    public required string Member { get; init; }

    /// <summary>Its value; left out if it has none, or if the resource does not exist.</summary>
    public string? Value { get; init; }

    /// <summary>What is needed of it, in the same unit; left out if nothing is compared.</summary>
    public string? Needed { get; init; }

    public static FoundFact Of(Fact fact) => new()
    {
        Source = fact.Source,
        Subject = JsonOutput.Text(fact.Subject),
        Member = fact.Member,
        Value = JsonOutput.Text(fact.Value),
        Needed = JsonOutput.Text(fact.Needed),
    };
}

/// <summary>What helps against a cause.</summary>
internal sealed record FoundCure
{
    /// <summary>What to do, as a sentence.</summary>
    public required string Text { get; init; }

    /// <summary>The same as a command; left out if no command does it.</summary>
    public string? Command { get; init; }

    /// <summary>What a check of the changed state found; left out if it was not checked.</summary>
    public string? Checked { get; init; }
}

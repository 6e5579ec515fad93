using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Refrag.Policies;

/// <summary>
/// What a policy wants done. It has an identity: the same observation gives the same one in every host, so that whoever acts later finds
/// what was done already.
/// </summary>
/// <param name="Subject">What it concerns: the id of a job, or the name of a compute environment.</param>
/// <param name="Attempt">The attempt, from 1, or the observation, after which it is wanted.</param>
/// <param name="Step">The step of the policy, as in <see cref="FallbackPolicy"/>.</param>
public abstract record PolicyAction(string Subject, int Attempt, string Step)
{
    // Enough for any number of actions, and short enough for a tag that people read.
    private const int IdLength = 32;

    /// <summary>Why, in one sentence for people.</summary>
    public string Reason { get; init; } = "";

    /// <summary>
    /// The identity: a hash of what it does, to what, after which attempt, by which step and with which parameters. Letters, digits and
    /// hyphens. The reason is not part of it.
    /// </summary>
    public string Id
    {
        get
        {
            StringBuilder content = new();
            string attempt = Attempt.ToString(CultureInfo.InvariantCulture);
            // With their lengths, so that no two lists read alike.
            foreach (string part in (string[])[Kind, Subject, attempt, Step, .. Parameters])
                content.Append(CultureInfo.InvariantCulture, $"{part.Length}:{part}");
            return "move-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content.ToString())))[..IdLength];
        }
    }

    /// <summary>The kind of action.</summary>
    protected abstract string Kind { get; }

    /// <summary>What it is done with.</summary>
    protected abstract IReadOnlyList<string> Parameters { get; }

    /// <summary>A number as a part of an identity.</summary>
    private protected static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Submit an ended job again, as its successor.</summary>
/// <param name="Subject">The job that has ended.</param>
/// <param name="Attempt">How many attempts it had.</param>
/// <param name="Step">The step of the policy.</param>
/// <param name="Queue">The queue of the successor.</param>
/// <param name="Attempts">The most attempts of the successor, 1 to 10; null for as many as the job has.</param>
/// <param name="Reclaimed">How many attempts of the chain have lost their host, this job's included.</param>
public sealed record SubmitSuccessor(string Subject, int Attempt, string Step, string Queue, int? Attempts, int Reclaimed)
    : PolicyAction(Subject, Attempt, Step)
{
    /// <summary>The successor's region; null for that of the job.</summary>
    public string? Region { get; init; }

    /// <inheritdoc/>
    protected override string Kind => "submit";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Parameters =>
        [Queue, Attempts is { } attempts ? Text(attempts) : "", .. Region is { } region ? (string[])[region] : []];
}

/// <summary>End a job where it is, so that it may be submitted elsewhere.</summary>
/// <param name="Subject">The job.</param>
/// <param name="Attempt">How many attempts it had.</param>
/// <param name="Step">The step of the policy.</param>
public sealed record EndJob(string Subject, int Attempt, string Step) : PolicyAction(Subject, Attempt, Step)
{
    /// <summary>The region that it is to be submitted to.</summary>
    public required string Region { get; init; }

    /// <inheritdoc/>
    protected override string Kind => "end";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Parameters => [Region];
}

/// <summary>Set the minimum of a compute environment.</summary>
/// <param name="Subject">The compute environment.</param>
/// <param name="Attempt">The number of the observation.</param>
/// <param name="Step">The step of the policy.</param>
/// <param name="VCpus">The minimum, in vCPUs.</param>
public sealed record SetMinimum(string Subject, int Attempt, string Step, int VCpus) : PolicyAction(Subject, Attempt, Step)
{
    /// <inheritdoc/>
    protected override string Kind => "minimum";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Parameters => [Text(VCpus)];
}

/// <summary>Set the maximum of a compute environment.</summary>
/// <param name="Subject">The compute environment.</param>
/// <param name="Attempt">The number of the observation.</param>
/// <param name="Step">The step of the policy.</param>
/// <param name="VCpus">The maximum, in vCPUs.</param>
public sealed record SetMaximum(string Subject, int Attempt, string Step, int VCpus) : PolicyAction(Subject, Attempt, Step)
{
    /// <inheritdoc/>
    protected override string Kind => "maximum";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Parameters => [Text(VCpus)];
}

/// <summary>Set how long instances of a compute environment stay after their last job.</summary>
/// <param name="Subject">The compute environment.</param>
/// <param name="Attempt">The number of the observation.</param>
/// <param name="Step">The step of the policy.</param>
/// <param name="Minutes">The time, in minutes.</param>
public sealed record SetScaleDownDelay(string Subject, int Attempt, string Step, int Minutes) : PolicyAction(Subject, Attempt, Step)
{
    /// <inheritdoc/>
    protected override string Kind => "scale-down-delay";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Parameters => [Text(Minutes)];
}

/// <summary>Do nothing, and report why.</summary>
/// <param name="Subject">What it concerns.</param>
/// <param name="Attempt">The attempt or the observation.</param>
/// <param name="Step">The step of the policy that cannot be taken.</param>
public sealed record Warn(string Subject, int Attempt, string Step) : PolicyAction(Subject, Attempt, Step)
{
    /// <inheritdoc/>
    protected override string Kind => "warn";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Parameters => [Reason];
}

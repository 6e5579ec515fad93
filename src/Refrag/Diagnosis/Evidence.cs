using System.Globalization;
using Refrag.Scheduling.Fitting;

namespace Refrag.Diagnosis;

/// <summary>What shows a cause: a value that was read, or words.</summary>
/// <param name="Text">For people, without a final full stop.</param>
/// <param name="Facts">The same for programs; empty where it is no value that was read.</param>
public sealed record Evidence(string Text, IReadOnlyList<Fact> Facts)
{
    /// <summary>Words alone.</summary>
    public static implicit operator Evidence(string text) => new(text, []);

    /// <summary>A member of a resource or of the job as Batch gives it.</summary>
    internal static Evidence Of(string source, string? subject, string member, string? value, string? text = null) =>
        new(text ?? $"{member}: {value ?? "none"}", [new Fact(source, subject, member, value)]);

    /// <summary>A member that is a number.</summary>
    internal static Evidence Of(string source, string? subject, string member, long value, string? text = null) =>
        Of(source, subject, member, value.ToString(CultureInfo.InvariantCulture), text);

    /// <summary>A line of the job's log.</summary>
    internal static Evidence Log(string line) => Of(FactSource.Log, null, "message", line, $"log: {line}");

    /// <summary>What the job asks for.</summary>
    internal static Evidence Needs(Requirement needs) =>
        Of(FactSource.Job, null, "requirements", needs.ToString(), $"needs {needs}");

    /// <summary>What a type of an environment lacks.</summary>
    internal static Evidence Lacks(string environment, TypeFit miss) => new(
        $"{environment}, {miss.Type.Name}: {string.Join("; ", miss.Shortfalls)}",
        [.. miss.Shortfalls.Select(lack => new Fact(FactSource.InstanceType, miss.Type.Name, Member(lack.Dimension),
            lack.Offered.ToString(CultureInfo.InvariantCulture), lack.Needed.ToString(CultureInfo.InvariantCulture)))]);

    private static string Member(Dimension dimension) => dimension switch
    {
        Dimension.VCpus => "milliVCpus",
        Dimension.Memory => "memoryMiB",
        Dimension.Gpus => "gpus",
        _ => "architecture",
    };

    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>One value that was read.</summary>
/// <param name="Source">What it is of: one of <see cref="FactSource"/>.</param>
/// <param name="Subject">The name of the resource, or the instance type; null for the job itself.</param>
/// <param name="Member">The member, as AWS's API names it where it has one.</param>
/// <param name="Value">Its value; null if it has none, or the resource does not exist.</param>
/// <param name="Needed">What is needed of it, in the same unit; null if nothing is compared.</param>
public sealed record Fact(string Source, string? Subject, string Member, string? Value, string? Needed = null);

/// <summary>What facts are of.</summary>
public static class FactSource
{
    /// <summary>The job, as DescribeJobs gives it, or the planned submission.</summary>
    public const string Job = "job";

    /// <summary>Another job of the queue, or one that the job depends on.</summary>
    public const string OtherJob = "otherJob";

    /// <summary>The job's log.</summary>
    public const string Log = "log";

    /// <summary>A job queue.</summary>
    public const string JobQueue = "jobQueue";

    /// <summary>A compute environment.</summary>
    public const string ComputeEnvironment = "computeEnvironment";

    /// <summary>An instance type of an environment, of what jobs can have of it.</summary>
    public const string InstanceType = "instanceType";

    /// <summary>A job definition.</summary>
    public const string JobDefinition = "jobDefinition";

    /// <summary>A consumable resource.</summary>
    public const string ConsumableResource = "consumableResource";

    /// <summary>An EC2 quota, by its code.</summary>
    public const string Quota = "quota";

    /// <summary>A role or an instance profile.</summary>
    public const string Role = "role";

    /// <summary>An image in ECR.</summary>
    public const string Image = "image";

    /// <summary>A log group.</summary>
    public const string LogGroup = "logGroup";
}

using System.Text.Json.Nodes;
using Refrag.Aws.Batch;

namespace Refrag.Tests.Diagnosis;

/// <summary>A set-up with its faults, read from a file: none for a healthy one.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Codes">The codes of its faults, the one that must be named first before the others.</param>
internal sealed record Setup(string Name, IReadOnlyList<string> Codes)
{
    /// <summary>How the account differs from a healthy one, as <see cref="SetupAccount"/> reads it.</summary>
    public JsonObject Account { get; init; } = [];

    /// <summary>The job to diagnose, as <see cref="SetupJobs"/> reads it; null for a planned submission.</summary>
    public JsonObject? Job { get; init; }

    /// <summary>The planned submission, if there is no job.</summary>
    public SubmitJobRequest Submit { get; init; } =
        new() { JobName = "train", JobQueue = FakeAccount.Cpu, JobDefinition = "refrag-cpu-job-def" };

    /// <summary>The end of the job's log.</summary>
    public IReadOnlyList<string> Log { get; init; } = [];

    /// <summary>Changes a healthy account to the one of this set-up.</summary>
    /// <returns>The job to diagnose; null for a planned submission.</returns>
    public JobDetail? Apply(FakeAccount account)
    {
        SetupAccount.Apply(Account, account);
        return Job is null ? null : SetupJobs.Read(Job, "job");
    }

    public override string ToString() => Name;
}

using Refrag.Jobs;

namespace Refrag.BatchSubmitter;

/// <summary>What the batch submitter reads from environment variables; <see cref="SubmitterVariables"/> reads them.</summary>
public sealed record SubmitterSettings
{
    /// <summary>ECR_IMAGE: the container image. Required.</summary>
    public required string Image { get; init; }

    /// <summary>USE_GPU and GPU_COUNT: whole GPUs; 0 for the CPU queue.</summary>
    public required Gpus Gpus { get; init; }

    /// <summary>JOB_QUEUE: the queue; by default refrag-cpu-job-queue or refrag-gpu-job-queue.</summary>
    public required string Queue { get; init; }

    /// <summary>JOB_DEFINITION_NAME: the definition that gets a revision; by default refrag-cpu-job-def or refrag-gpu-job-def.</summary>
    public required string Definition { get; init; }

    /// <summary>JOB_NAME: the job's name; by default refrag-cpu-job or refrag-gpu-job.</summary>
    public required string JobName { get; init; }

    /// <summary>VCPUS: whole vCPUs; by default 4 for CPU work, 8 for GPU work.</summary>
    public required VCpus VCpus { get; init; }

    /// <summary>MEMORY: MiB; by default 8192 for CPU work, 32768 for GPU work.</summary>
    public required MebiBytes Memory { get; init; }

    /// <summary>COMMAND: the container's command; empty for the image's own.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>TIMEOUT: the longest that one attempt may take; null for no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>TAGS: tags beside refrag's own.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>JOB_ROLE_ARN, EXECUTION_ROLE_ARN and LOG_GROUP: null for what the active revision says.</summary>
    public DefinitionChanges Changes { get; init; } = new();

    /// <summary>AWS_REGION: the region; null for what the profile says.</summary>
    public string? Region { get; init; }
}

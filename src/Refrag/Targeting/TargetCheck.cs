using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Jobs;

namespace Refrag.Targeting;

/// <summary>What Batch says of a target.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Definition">The newest active revision of the definition, or the very revision that was named.</param>
public sealed record CheckedTarget(JobQueueDetail Queue, JobDefinition Definition);

/// <summary>Asks Batch whether a target can take a job, before one is sent.</summary>
public static class TargetCheck
{
    // What a list of suggestions may cost: one page of each.
    private const int Suggestions = 100;

    /// <summary>
    /// The queue and the definition, or everything that is wrong with them. Throws <see cref="BatchException"/> where Batch fails.
    /// </summary>
    public static async Task<Result<CheckedTarget>> CheckAsync(
        IAwsTransport transport, JobSpec spec, Target target, CancellationToken cancellationToken)
    {
        Place? place = PlaceOf(spec, spec.Queues, target.Queue, "job_queue");
        Task<Result<JobQueueDetail>> queue = QueueAsync(transport, target.Queue, place, cancellationToken);
        Task<Result<JobDefinition>> definition = DefinitionAsync(transport, spec, target.Definition, cancellationToken);
        await Task.WhenAll(queue, definition);
        (Result<JobQueueDetail> q, Result<JobDefinition> d) = (await queue, await definition);
        if (spec.Kind == EnvironmentKind.Slurm && !q.IsSuccess)
            return Result<CheckedTarget>.Failure([await NoPartitionAsync(transport, target.Queue, place, cancellationToken)]);
        return q.IsSuccess && d.IsSuccess
            ? new CheckedTarget(q.Value, d.Value)
            : Result<CheckedTarget>.Failure([.. q.Problems, .. d.Problems]);
    }

    /// <summary>The queue, or why it takes no jobs.</summary>
    internal static async Task<Result<JobQueueDetail>> QueueAsync(
        IAwsTransport transport, string name, Place? place, CancellationToken cancellationToken)
    {
        DescribeJobQueuesResponse found = await transport.SendAsync(
            BatchOperations.DescribeJobQueues, new DescribeJobQueuesRequest { JobQueues = [name] }, cancellationToken);
        if (found.JobQueues is not [{ } queue, ..]) return await NoQueueAsync(transport, name, place, cancellationToken);
        // A state that is newer than this program is AWS's to judge.
        if (queue.State == JQState.Disabled)
        {
            return new Problem
            {
                Code = "RF2041",
                What = $"Job queue {name} is {queue.State} and takes no jobs",
                Cure = $"Enable it (aws batch update-job-queue --job-queue {name} --state ENABLED), or name another with env.job_queue.",
                Place = place,
            };
        }
        return queue.Status is JQStatus.Invalid or JQStatus.Deleting or JQStatus.Deleted
            ? new Problem
            {
                Code = "RF2042",
                What = $"Job queue {name} is {queue.Status} and cannot run jobs",
                Cause = queue.StatusReason,
                Cure = $"Look at its compute environments (aws batch describe-job-queues --job-queues {name}), or name another with "
                    + "env.job_queue.",
                Place = place,
            }
            : queue;
    }

    private static async Task<Problem> NoPartitionAsync(
        IAwsTransport transport, string name, Place? place, CancellationToken cancellationToken)
    {
        DescribeJobQueuesResponse all =
            await transport.SendAsync(BatchOperations.DescribeJobQueues, new DescribeJobQueuesRequest(), cancellationToken);
        string? state = (all.JobQueues ?? []).FirstOrDefault(one => one.JobQueueName == name)?.StatusReason;
        string[] names = [.. (all.JobQueues ?? []).Where(one => one.State == JQState.Enabled).Select(one => one.JobQueueName)];
        return new Problem
        {
            Code = "RF8216",
            What = state is null ? $"There is no partition {name}" : $"Partition {name} takes no jobs: {state}",
            Cause = names.Length == 0 ? null : $"There are: {string.Join(", ", names.Take(10))}",
            Cure = $"Name one of these with env.job_queue, or in conf/env/slurm.yaml.{Suggestion.Sentence(name, names)}",
            Place = place,
        };
    }

    private static async Task<Result<JobQueueDetail>> NoQueueAsync(
        IAwsTransport transport, string name, Place? place, CancellationToken cancellationToken)
    {
        DescribeJobQueuesResponse all = await transport.SendAsync(
            BatchOperations.DescribeJobQueues, new DescribeJobQueuesRequest { MaxResults = Suggestions }, cancellationToken);
        List<string> names = [.. (all.JobQueues ?? []).Select(q => q.JobQueueName)];
        return new Problem
        {
            Code = "RF2040",
            What = $"There is no job queue {name}",
            Cause = names.Count == 0 ? "This account has no job queue in this region" : $"There are: {string.Join(", ", names.Take(10))}",
            Cure = "Name one of these, create it (infra/terraform), or check env.region and "
                + $"env.profile.{Suggestion.Sentence(name, names)}",
            Place = place,
        };
    }

    private static async Task<Result<JobDefinition>> DefinitionAsync(
        IAwsTransport transport, JobSpec spec, string name, CancellationToken cancellationToken)
    {
        JobDefinition? newest = await NewestAsync(transport, name, cancellationToken);
        Place? place = PlaceOf(spec, spec.Definitions, name, "job_definition_name");
        if (newest is { Status: JobDefinitionStatus.Active })
        {
            // What a launch sends, and what is derived, speaks of one container. (API SubmitJob containerOverrides)
            return newest.ContainerProperties is not null
                ? newest
                : new Problem
                {
                    Code = "RF2045",
                    What = $"Job definition {name} is of type {newest.Type} without container properties, and refrag cannot override it",
                    Cure = "Name a definition of one container; for several nodes set env.nodes, and refrag derives the multi-node "
                        + "definition itself.",
                    Place = place,
                };
        }
        if (newest is not null)
        {
            return new Problem
            {
                Code = "RF2044",
                What = $"Job definition {name} has no active revision",
                Cause = $"Its revision {newest.Revision} is {newest.Status}",
                Cure = "Register a new revision, or name another definition with env.job_definition_name.",
                Place = place,
            };
        }
        DescribeJobDefinitionsResponse all = await transport.SendAsync(
            BatchOperations.DescribeJobDefinitions,
            new DescribeJobDefinitionsRequest { Status = JobDefinitionStatus.Active, MaxResults = Suggestions },
            cancellationToken);
        List<string> names = [.. (all.JobDefinitions ?? []).Select(d => d.JobDefinitionName).Distinct(StringComparer.Ordinal)];
        return new Problem
        {
            Code = "RF2043",
            What = $"There is no job definition {name}",
            Cause = names.Count == 0
                ? "This account has no job definition in this region"
                : $"There are: {string.Join(", ", names.Take(10))}",
            Cure = "Name one of these, create it (infra/terraform), or check env.region and "
                + $"env.profile.{Suggestion.Sentence(name, names)}",
            Place = place,
        };
    }

    /// <summary>The newest revision, active ones before others; the very revision where one is named; null if there is none.</summary>
    internal static async Task<JobDefinition?> NewestAsync(IAwsTransport transport, string name, CancellationToken cancellationToken)
    {
        bool exact = name.Contains(':', StringComparison.Ordinal);
        DescribeJobDefinitionsRequest request = exact ? new() { JobDefinitions = [name] } : new() { JobDefinitionName = name };
        return await transport.ItemsAsync(BatchOperations.DescribeJobDefinitions, request, page => page.JobDefinitions, cancellationToken)
            .MaxByAsync(
                definition => (definition.Status == JobDefinitionStatus.Active, definition.Revision), cancellationToken: cancellationToken);
    }

    // The place of the key from which the name came.
    private static Place? PlaceOf(JobSpec spec, NameChoice names, string name, string key)
    {
        if (names.Manual == name) return spec.Places.Of($"env.{key}");
        if (spec.Nodes > 1 && names.Distributed == name) return spec.Places.Of($"env.distributed_{key}");
        return spec.Places.Of(name == names.Gpu && spec.Requirements.Gpus.Value > 0 ? $"env.gpu_{key}" : $"env.cpu_{key}");
    }
}

using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.CodeArchives;
using Refrag.Jobs;
using Refrag.Policies;
using Refrag.Results;
using Refrag.Submission;
using Refrag.Targeting;

namespace Refrag.Launching;

/// <summary>Turns a job and its target into requests. Pure: the same job, target and submitter give the same bytes.</summary>
public static class LaunchPlanner
{
    /// <summary>The plan, or what cannot be said to Batch.</summary>
    public static Result<LaunchPlan> Plan(JobSpec spec, Target target, Submitter submitter)
    {
        if (!ContainerCommand.Of(spec).TryGet(out IReadOnlyList<string>? command, out IReadOnlyList<Problem> problems))
            return Result<LaunchPlan>.Failure(problems);
        ContainerOverrides overrides = Overrides(spec, command);
        LaunchPlan plan = Build(spec, target, DefinitionDerivation.For(spec, target), submitter, overrides);
        problems = [.. OverrideSize.Check(overrides, spec), .. BatchLimits.Check(BatchOperations.SubmitJob, plan.Sent)];
        return problems.Count > 0 ? Result<LaunchPlan>.Failure(problems) : plan;
    }

    /// <summary>The plan with a derivation and overrides that were made already, unchecked.</summary>
    internal static LaunchPlan Build(
        JobSpec spec, Target target, DefinitionDerivation? derivation, Submitter submitter, ContainerOverrides overrides)
    {
        var submit = new SubmitJobRequest
        {
            JobName = spec.Name,
            JobQueue = target.Queue,
            JobDefinition = derivation?.Name ?? target.Definition,
            ContainerOverrides = spec.Nodes > 1 ? null : overrides,
            NodeOverrides = spec.Nodes > 1 ? AllNodes(spec, overrides) : null,
            ArrayProperties = spec.ArraySize is { } size ? new ArrayProperties { Size = size } : null,
            DependsOn = spec.DependsOn.Count > 0 ? [.. spec.DependsOn.Select(id => new JobDependency { JobId = id })] : null,
            RetryStrategy = Retries.Strategy(Retries.Attempts(spec)),
            Timeout = spec.Timeout is { } timeout ? new JobTimeout { AttemptDurationSeconds = (int)timeout.TotalSeconds } : null,
            ShareIdentifier = spec.ShareIdentifier,
            SchedulingPriorityOverride = spec.Priority ?? SharePriority(spec),
            PropagateTags = true,
            Parameters = spec.Slurm?.Parameters,
            Tags = LaunchTags.For(
                spec.App.Name, spec.Tags, submitter.User, spec.CodeReference,
                [.. JobPolicy.Of(spec)?.Tags ?? [], .. RegionMoves.Of(spec, derivation?.Name ?? target.Definition)?.Tags ?? []]),
        };
        return new LaunchPlan(target, derivation, submit, submitter.Id);
    }

    // A class is a priority where a share has priorities; elsewhere it has chosen the queue.
    private static int? SharePriority(JobSpec spec) =>
        spec is { ShareIdentifier: not null, Capacity.Priority: { } priority } ? TargetChooser.SharePriority(priority) : null;

    internal static ContainerOverrides Overrides(JobSpec spec, IReadOnlyList<string> command) => new()
    {
        Command = command,
        ResourceRequirements = ResourceRequirements(spec.Requirements) is { Count: > 0 } requirements ? requirements : null,
        Environment = Variables(spec) is { Count: > 0 } variables
            ? [.. variables.Select(v => new Aws.Batch.KeyValuePair { Name = v.Key, Value = v.Value })]
            : null,
    };

    // What the user says of a variable that names the code or the results is not meant for this job.
    private static List<KeyValuePair<string, string>> Variables(JobSpec spec)
    {
        IReadOnlyList<KeyValuePair<string, string>> own = [.. CodeVariables.Of(spec.CodeReference), .. ResultVariables.Of(spec.Results)];
        return [.. spec.Environment.ExceptBy(own.Select(v => v.Key), v => v.Key), .. own];
    }

    /// <summary>The requirements that differ from the definition's: those that the user named, and GPUs where there are any.</summary>
    internal static IReadOnlyList<ResourceRequirement> ResourceRequirements(Requirements requirements)
    {
        List<ResourceRequirement> list = [];
        if (requirements.VCpus is { } vcpus) list.Add(new ResourceRequirement { Type = ResourceType.Vcpu, Value = vcpus.ToString() });
        if (requirements.Memory is { } memory) list.Add(new ResourceRequirement { Type = ResourceType.Memory, Value = memory.ToString() });
        if (requirements.Gpus.Value > 0)
            list.Add(new ResourceRequirement { Type = ResourceType.Gpu, Value = requirements.Gpus.ToString() });
        return list;
    }

    private static NodeOverrides AllNodes(JobSpec spec, ContainerOverrides overrides) => new()
    {
        // No definition says it there.
        NumNodes = spec.Kind == EnvironmentKind.Slurm ? spec.Nodes : null,
        NodePropertyOverrides = [new NodePropertyOverride { TargetNodes = NodeRange(spec.Nodes), ContainerOverrides = overrides }],
    };

    /// <summary>All nodes, as Batch writes a range.</summary>
    internal static string NodeRange(int nodes) => string.Create(CultureInfo.InvariantCulture, $"0:{nodes - 1}");
}

/// <summary>What is tried again, and what not.</summary>
internal static class Retries
{
    /// <summary>
    /// How many attempts a job has: of one that says what it may lose on Spot as many as that, and no more, so that what moves it comes
    /// next.
    /// </summary>
    public static int Attempts(JobSpec spec) =>
        spec.Capacity.Spot is SpotUse.First or SpotUse.Only ? JobPolicy.SpotAttemptsOf(spec) : spec.Retries + 1;

    /// <summary>
    /// Retries what is not the app's fault: a reclaimed Spot host, an image that could not be pulled, a container engine that did not
    /// answer in time. Everything else ends the job, for an app that failed once fails again and costs twice.
    /// (API EvaluateOnExit; UG job_retries)
    /// </summary>
    public static RetryStrategy Strategy(int attempts) => attempts == 1 ? new RetryStrategy { Attempts = 1 } : new RetryStrategy
    {
        Attempts = attempts,
        EvaluateOnExit =
        [
            new EvaluateOnExit { OnStatusReason = "Host EC2*", Action = RetryAction.Retry },
            new EvaluateOnExit { OnReason = "CannotPullContainer*", Action = RetryAction.Retry },
            new EvaluateOnExit { OnReason = "DockerTimeoutError*", Action = RetryAction.Retry },
            new EvaluateOnExit { OnReason = "*", Action = RetryAction.Exit },
        ],
    };
}

/// <summary>The tags of a job: who pays and who asked. The one that finds it again is added by <see cref="JobSubmitter"/>.</summary>
internal static class LaunchTags
{
    /// <summary>The tag with the hash of the code that the job brings.</summary>
    public const string Code = "refrag:code";

    /// <summary>The tag with the commit that the code was made from; absent outside of a Git repository.</summary>
    public const string Commit = "refrag:commit";

    /// <summary>The tag with the branch that was checked out.</summary>
    public const string Branch = "refrag:branch";

    /// <summary>The tag that says whether the code differs from the commit: true or false.</summary>
    public const string Dirty = "refrag:dirty";

    public static IReadOnlyDictionary<string, string> For(
        string app, IReadOnlyDictionary<string, string> own, string user, CodeReference? code = null,
        IReadOnlyList<KeyValuePair<string, string>>? policies = null)
    {
        Dictionary<string, string> tags = new(StringComparer.Ordinal)
        {
            ["project"] = "refrag",
            ["app"] = BatchLimits.TagValue(app),
            ["user"] = BatchLimits.TagValue(user),
        };
        if (code is not null) tags[Code] = code.Digest;
        if (code?.Git is { } git)
        {
            if (git.Commit is { } commit) tags[Commit] = commit;
            if (git.Branch is { } branch) tags[Branch] = BatchLimits.TagValue(branch);
            tags[Dirty] = git.IsDirty ? "true" : "false";
        }
        foreach ((string key, string value) in own) tags[key] = value;
        // What a host acts by is not overwritten by a tag of the same name.
        foreach ((string key, string value) in policies ?? []) tags[key] = value;
        return tags;
    }
}

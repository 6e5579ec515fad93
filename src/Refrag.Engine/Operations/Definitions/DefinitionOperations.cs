using Refrag.Aws.Batch;
using Refrag.Engine.Details;
using Refrag.Engine.Names;
using Refrag.Engine.Resources;
using Refrag.Engine.State;

namespace Refrag.Engine.Operations.Definitions;

/// <summary>RegisterJobDefinition, DescribeJobDefinitions, DeregisterJobDefinition.</summary>
internal static class DefinitionOperations
{
    public static RegisterJobDefinitionResponse Register(EngineState state, RegisterJobDefinitionRequest request)
    {
        DefinitionRules.Check(request);
        bool isEks = request.EksProperties is not null
            || request.NodeProperties?.NodeRangeProperties?.Any(range => range.EksProperties is not null) == true;
        JobDefinition added = state.Definitions.Add(new JobDefinition
        {
            JobDefinitionName = request.JobDefinitionName,
            Type = request.Type,
            SchedulingPriority = request.SchedulingPriority,
            Parameters = request.Parameters ?? new Dictionary<string, string>(),
            RetryStrategy = request.RetryStrategy,
            ContainerProperties = request.ContainerProperties,
            Timeout = request.Timeout,
            NodeProperties = request.NodeProperties,
            Tags = ResourceRules.Tags(request.Tags),
            PropagateTags = request.PropagateTags,
            PlatformCapabilities = request.PlatformCapabilities,
            EcsProperties = request.EcsProperties,
            EksProperties = request.EksProperties,
            ContainerOrchestrationType = isEks ? OrchestrationType.Eks : OrchestrationType.Ecs,
            ConsumableResourceProperties = request.ConsumableResourceProperties,
        });
        return new RegisterJobDefinitionResponse
        {
            JobDefinitionName = added.JobDefinitionName,
            JobDefinitionArn = added.JobDefinitionArn,
            Revision = added.Revision,
        };
    }

    public static DescribeJobDefinitionsResponse Describe(EngineState state, DescribeJobDefinitionsRequest request)
    {
        HashSet<string> names = [.. request.JobDefinitions ?? []];
        IEnumerable<JobDefinition> candidates = request.JobDefinitionName is { } only
            ? state.Definitions.Named(only)
            : state.Definitions.All;
        IEnumerable<JobDefinition> found = candidates
            .Where(one => names.Count == 0 || IsNamed(one, names))
            .Where(one => request.Status is null || one.Status == request.Status);
        var (page, next) = Page.Of(
            found, Key,
            $"DescribeJobDefinitions {request.JobDefinitionName} {request.Status} {string.Join(' ', request.JobDefinitions ?? [])}",
            request.NextToken, request.MaxResults, BatchLimits.Page);
        return new DescribeJobDefinitionsResponse { JobDefinitions = [.. page.Select(EmptyCollections.Fill)], NextToken = next };
    }

    public static DeregisterJobDefinitionResponse Deregister(EngineState state, DeregisterJobDefinitionRequest request)
    {
        // A revision must be named; a name alone would say nothing about which one.
        if (!LocalArn.NameOf(request.JobDefinition).Contains(':') || state.Definitions.Find(request.JobDefinition) is not { } definition)
            throw new Refusal($"There is no job definition {request.JobDefinition}. Name one with its revision, such as name:1.");
        state.Definitions.Put(definition with { Status = JobDefinitionStatus.Inactive });
        return new DeregisterJobDefinitionResponse();
    }

    // Names in their order, the newest revision of each first.
    private static string Key(JobDefinition one) => $"{one.JobDefinitionName}\0{Page.Key(int.MaxValue - (one.Revision ?? 0))}";

    private static bool IsNamed(JobDefinition definition, HashSet<string> names) =>
        names.Contains(definition.JobDefinitionArn) || names.Contains(LocalArn.NameOf(definition.JobDefinitionArn))
            || names.Contains(definition.JobDefinitionName);
}

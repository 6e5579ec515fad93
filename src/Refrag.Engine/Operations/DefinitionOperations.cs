using System.Text.RegularExpressions;
using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Loop;

namespace Refrag.Engine.Operations;

/// <summary>RegisterJobDefinition, DescribeJobDefinitions, DeregisterJobDefinition.</summary>
internal static partial class DefinitionOperations
{
    private const int MostPerPage = 100;

    public static RegisterJobDefinitionResponse Register(EngineState state, RegisterJobDefinitionRequest request)
    {
        if (!Name().IsMatch(request.JobDefinitionName))
            throw new Refusal($"\"{request.JobDefinitionName}\" is not a job definition name. Use at most 128 letters, digits, - and _.");
        bool isMultiNode = request.Type == JobDefinitionType.Multinode;
        if (!isMultiNode && request.Type != JobDefinitionType.Container) throw new Refusal($"The type {request.Type} is unknown. Use container or multinode.");
        if (isMultiNode ? request.NodeProperties is null : request.ContainerProperties is null)
            throw new Refusal($"A definition of type {request.Type} needs {(isMultiNode ? "nodeProperties" : "containerProperties")} here.");
        JobDefinition added = state.Definitions.Add(new JobDefinition
        {
            JobDefinitionName = request.JobDefinitionName,
            Type = request.Type,
            SchedulingPriority = request.SchedulingPriority,
            Parameters = request.Parameters,
            RetryStrategy = request.RetryStrategy,
            ContainerProperties = request.ContainerProperties,
            Timeout = request.Timeout,
            NodeProperties = request.NodeProperties,
            Tags = request.Tags,
            PropagateTags = request.PropagateTags,
            PlatformCapabilities = request.PlatformCapabilities ?? [PlatformCapability.Ec2],
            ContainerOrchestrationType = OrchestrationType.Ecs,
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
        IEnumerable<JobDefinition> found = state.Definitions.All
            .Where(one => request.JobDefinitions is not { Count: > 0 } names || names.Any(name => IsNamed(one, name)))
            .Where(one => request.JobDefinitionName is null || one.JobDefinitionName == request.JobDefinitionName)
            .Where(one => request.Status is null || one.Status == request.Status);
        var (page, next) = Paging.Take([.. found], request.NextToken, request.MaxResults, MostPerPage);
        return new DescribeJobDefinitionsResponse
        {
            JobDefinitions = page ?? throw new Refusal("The nextToken is not one of this engine's."),
            NextToken = next,
        };
    }

    public static DeregisterJobDefinitionResponse Deregister(EngineState state, DeregisterJobDefinitionRequest request)
    {
        // A revision must be named; a name alone would say nothing about which one.
        if (!LocalArn.NameOf(request.JobDefinition).Contains(':') || state.Definitions.Find(request.JobDefinition) is not { } definition)
            throw new Refusal($"There is no job definition {request.JobDefinition}. Name one with its revision, such as name:1.");
        state.Definitions.Deactivate(definition);
        return new DeregisterJobDefinitionResponse();
    }

    private static bool IsNamed(JobDefinition definition, string name) =>
        definition.JobDefinitionArn == name || LocalArn.NameOf(definition.JobDefinitionArn) == name || definition.JobDefinitionName == name;

    [GeneratedRegex("^[A-Za-z0-9_-]{1,128}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}

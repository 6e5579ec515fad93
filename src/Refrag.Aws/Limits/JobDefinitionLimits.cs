using System.Text.Json;

namespace Refrag.Aws.Batch;

/// <summary>What RegisterJobDefinition's members must fulfil together.</summary>
internal static class JobDefinitionLimits
{
    private const string Where = "RegisterJobDefinition ";

    public static IEnumerable<Problem> Check(RegisterJobDefinitionRequest request, long mostBytes) =>
    [
        .. mostBytes > BatchLimits.JobDefinitionBytes ? Size(request) : [],
        .. Properties(request),
        .. ContainerLimits.Check(request.ContainerProperties, $"{Where}containerProperties", IsFargate(request)),
        .. ContainerLimits.Check(request.EcsProperties, $"{Where}ecsProperties"),
        .. Nodes(request.NodeProperties),
    ];

    private static IEnumerable<Problem> Size(RegisterJobDefinitionRequest request)
    {
        if (JsonSerializer.SerializeToUtf8Bytes(
            request, BatchOperations.RegisterJobDefinition.RequestJson).Length is > BatchLimits.JobDefinitionBytes and var bytes)
            yield return LimitProblems.TooLarge(
                "RegisterJobDefinition", bytes, BatchLimits.JobDefinitionBytes, "Shorten the command, the environment and the tags.");
    }

    private static IEnumerable<Problem> Properties(RegisterJobDefinitionRequest request)
    {
        int single = (request.ContainerProperties is null ? 0 : 1) + (request.EcsProperties is null ? 0 : 1)
            + (request.EksProperties is null ? 0 : 1);
        if (request.Type == JobDefinitionType.Container && (single != 1 || request.NodeProperties is not null))
            yield return LimitProblems.Contradiction($"{Where}type is container",
                "Give exactly one of containerProperties, ecsProperties and eksProperties, and no nodeProperties.");
        if (request.Type == JobDefinitionType.Multinode && (single != 0 || request.NodeProperties is null))
            yield return LimitProblems.Contradiction(
                $"{Where}type is multinode", "Give nodeProperties, and none of containerProperties, ecsProperties and eksProperties.");
    }

    private static IEnumerable<Problem> Nodes(NodeProperties? nodes)
    {
        if (nodes is null) yield break;
        if (nodes.MainNode >= nodes.NumNodes)
        {
            yield return LimitProblems.Contradiction(
                $"{Where}nodeProperties.mainNode is {nodes.MainNode}, but there are {nodes.NumNodes} nodes, counted from 0",
                "Choose a main node among them.");
        }
        foreach ((int index, NodeRangeProperty range) in (nodes.NodeRangeProperties ?? []).Index())
        {
            string here = $"{Where}nodeProperties.nodeRangeProperties[{index}]";
            foreach (Problem problem in ContainerLimits.Check(range.Container, $"{here}.container", isFargate: false)
                .Concat(ContainerLimits.Check(range.EcsProperties, $"{here}.ecsProperties")))
                yield return problem;
        }
    }

    private static bool IsFargate(RegisterJobDefinitionRequest request) =>
        request.PlatformCapabilities?.Contains(PlatformCapability.Fargate, StringComparer.OrdinalIgnoreCase) == true;
}

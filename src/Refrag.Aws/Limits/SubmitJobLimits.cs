using System.Runtime.InteropServices;
using System.Text.Json;

namespace Refrag.Aws.Batch;

/// <summary>What SubmitJob's members must fulfil together.</summary>
internal static class SubmitJobLimits
{
    private const string Where = "SubmitJob ";

    public static IEnumerable<Problem> Check(SubmitJobRequest request, long mostBytes) =>
    [
        .. mostBytes > BatchLimits.ContainerOverridesBytes
            ? Sizes(JsonSerializer.SerializeToElement(request, BatchOperations.SubmitJob.RequestJson))
            : [],
        .. (request.DependsOn ?? []).SelectMany(Dependency),
        .. Shapes(request),
        .. ContainerLimits.Check(request.ContainerOverrides, $"{Where}containerOverrides"),
        .. ContainerLimits.Check(request.EcsPropertiesOverride, $"{Where}ecsPropertiesOverride"),
        .. (request.NodeOverrides?.NodePropertyOverrides ?? []).SelectMany(Node),
    ];

    private static IEnumerable<Problem> Sizes(JsonElement json)
    {
        if (json.TryGetProperty("containerOverrides", out JsonElement overrides)
            && Bytes(overrides) is > BatchLimits.ContainerOverridesBytes and var bytes)
        {
            yield return LimitProblems.TooLarge(
                $"{Where}containerOverrides", bytes, BatchLimits.ContainerOverridesBytes,
                "Shorten the command and the environment, or put them into a file that the image or S3 holds.");
        }
        if (Bytes(json) is > BatchLimits.SubmitJobBytes and var all)
            yield return LimitProblems.TooLarge(
                "SubmitJob", all, BatchLimits.SubmitJobBytes, "Shorten the overrides, the parameters and the tags.");
    }

    private static IEnumerable<Problem> Dependency(JobDependency dependency, int index)
    {
        string path = $"{Where}dependsOn[{index}]";
        if (dependency.Type == ArrayJobDependency.NToN && string.IsNullOrEmpty(dependency.JobId))
            yield return LimitProblems.Contradiction(
                $"{path} is of type N_TO_N, but has no jobId", "Name the array job whose children it waits for.");
        if (dependency.Type is null && string.IsNullOrEmpty(dependency.JobId))
            yield return LimitProblems.Contradiction($"{path} names neither a jobId nor a type", "Name the job to wait for.");
    }

    private static IEnumerable<Problem> Shapes(SubmitJobRequest request)
    {
        if (request.ArrayProperties is not null && request.NodeOverrides is not null)
            yield return LimitProblems.Contradiction(
                $"{Where}arrayProperties and nodeOverrides are both given", "A job is an array or a multi-node job, not both.");
        if (request.ContainerOverrides is not null && request.NodeOverrides is not null)
        {
            yield return LimitProblems.Contradiction(
                $"{Where}containerOverrides and nodeOverrides are both given",
                "For a multi-node job put the overrides into nodeOverrides.nodePropertyOverrides.");
        }
    }

    private static IEnumerable<Problem> Node(NodePropertyOverride node, int index)
    {
        string here = $"{Where}nodeOverrides.nodePropertyOverrides[{index}]";
        return ContainerLimits.Check(node.ContainerOverrides, $"{here}.containerOverrides")
            .Concat(ContainerLimits.Check(node.EcsPropertiesOverride, $"{here}.ecsPropertiesOverride"));
    }

    private static int Bytes(JsonElement json) => JsonMarshal.GetRawUtf8Value(json).Length;
}

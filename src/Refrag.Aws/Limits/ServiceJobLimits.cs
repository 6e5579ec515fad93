using System.Text;
using System.Text.Json;

namespace Refrag.Aws.Batch;

/// <summary>The sizes of SubmitServiceJob. (UG service_limits)</summary>
internal static class ServiceJobLimits
{
    public static IEnumerable<Problem> Check(SubmitServiceJobRequest request, long mostBytes)
    {
        if (mostBytes <= BatchLimits.ServicePayloadBytes) yield break;
        // A required member may be absent from a client's JSON; that is reported elsewhere.
        if (Encoding.UTF8.GetByteCount(request.ServiceRequestPayload ?? "") is > BatchLimits.ServicePayloadBytes and var payload)
        {
            yield return LimitProblems.TooLarge(
                "SubmitServiceJob serviceRequestPayload", payload, BatchLimits.ServicePayloadBytes,
                "Shorten the environment and the hyperparameters, or put them into a file in S3.");
        }
        if (JsonSerializer.SerializeToUtf8Bytes(
            request, BatchOperations.SubmitServiceJob.RequestJson).Length is > BatchLimits.SubmitServiceJobBytes and var all)
            yield return LimitProblems.TooLarge(
                "SubmitServiceJob", all, BatchLimits.SubmitServiceJobBytes, "Shorten the payload and the tags.");
    }
}

using System.Net;
using Refrag.Aws;
using Refrag.Aws.Batch;

namespace Refrag.Engine.Operations.Jobs;

/// <summary>
/// CancelJobs, TerminateJobs and TerminateServiceJobs: each job by an operation of its own, so that what is wrong with one keeps no other
/// from its end, and no request holds the writer loop for more than one job, which may be an array of 10,000. An id that no job has counts
/// as done. (API CancelJobs)
/// </summary>
internal static class BulkTermination
{
    // The one mistake that can be made here: an id that is none. (API CancelJobsErrorDetail.code)
    private const string InvalidId = "ValidationException";

    /// <summary>CancelJobs.</summary>
    public static async Task<CancelJobsResponse> CancelAsync(OperationCaller to, CancelJobsRequest request)
    {
        List<CancelJobsErrorDetail> errors = [];
        List<string> successful = await EachAsync(
            request.Jobs,
            id => to.Engine.SendAsync(BatchOperations.CancelJob, new CancelJobRequest { JobId = id, Reason = request.Reason }, to.Stop),
            (id, why) => errors.Add(new CancelJobsErrorDetail { Job = id, Code = InvalidId, Message = why }));
        return new CancelJobsResponse { Successful = successful, Errors = errors };
    }

    /// <summary>TerminateJobs.</summary>
    public static async Task<TerminateJobsResponse> TerminateAsync(OperationCaller to, TerminateJobsRequest request)
    {
        List<TerminateJobsErrorDetail> errors = [];
        List<string> successful = await EachAsync(
            request.Jobs,
            id => to.Engine.SendAsync(
                BatchOperations.TerminateJob, new TerminateJobRequest { JobId = id, Reason = request.Reason }, to.Stop),
            (id, why) => errors.Add(new TerminateJobsErrorDetail { Job = id, Code = InvalidId, Message = why }));
        return new TerminateJobsResponse { Successful = successful, Errors = errors };
    }

    /// <summary>TerminateServiceJobs.</summary>
    public static async Task<TerminateServiceJobsResponse> TerminateServiceAsync(OperationCaller to, TerminateServiceJobsRequest request)
    {
        List<TerminateServiceJobsErrorDetail> errors = [];
        List<string> successful = await EachAsync(
            request.Jobs,
            id => to.Engine.SendAsync(
                BatchOperations.TerminateServiceJob, new TerminateServiceJobRequest { JobId = id, Reason = request.Reason }, to.Stop),
            (id, why) => errors.Add(new TerminateServiceJobsErrorDetail { Job = id, Code = InvalidId, Message = why }));
        return new TerminateServiceJobsResponse { Successful = successful, Errors = errors };
    }

    // The ids of those that have ended or will.
    private static async Task<List<string>> EachAsync(IReadOnlyList<string> ids, Func<string, Task> end, Action<string, string> refused)
    {
        List<string> done = [];
        foreach (string id in ids)
        {
            try
            {
                await end(id);
                done.Add(id);
            }
            catch (InvalidRequestException invalid)
            {
                refused(id, invalid.Problems[0].What);
            }
            catch (BatchException fault) when (fault.StatusCode == HttpStatusCode.BadRequest)
            {
                refused(id, fault.Error.Message);
            }
        }
        return done;
    }
}

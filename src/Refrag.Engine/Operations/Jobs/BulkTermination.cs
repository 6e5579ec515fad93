using Refrag.Aws.Batch;
using Refrag.Engine.Names;

namespace Refrag.Engine.Operations.Jobs;

/// <summary>
/// CancelJobs, TerminateJobs and TerminateServiceJobs: each job by itself, so that what is wrong with one keeps no other from its end. An
/// id that no job has counts as done. (API CancelJobs)
/// </summary>
internal sealed class BulkTermination(JobTermination termination)
{
    // The one mistake that can be made here: an id that is none. (API CancelJobsErrorDetail.code)
    private const string InvalidId = "ValidationException";

    public CancelJobsResponse Cancel(CancelJobsRequest request)
    {
        List<CancelJobsErrorDetail> errors = [];
        return new CancelJobsResponse
        {
            Successful = Each(
                request.Jobs, id => termination.Cancel(new CancelJobRequest { JobId = id, Reason = request.Reason }),
                (id, why) => errors.Add(new CancelJobsErrorDetail { Job = id, Code = InvalidId, Message = why })),
            Errors = errors,
        };
    }

    public TerminateJobsResponse Terminate(TerminateJobsRequest request)
    {
        List<TerminateJobsErrorDetail> errors = [];
        return new TerminateJobsResponse
        {
            Successful = Each(
                request.Jobs, id => termination.Terminate(new TerminateJobRequest { JobId = id, Reason = request.Reason }),
                (id, why) => errors.Add(new TerminateJobsErrorDetail { Job = id, Code = InvalidId, Message = why })),
            Errors = errors,
        };
    }

    public TerminateServiceJobsResponse Terminate(TerminateServiceJobsRequest request)
    {
        List<TerminateServiceJobsErrorDetail> errors = [];
        return new TerminateServiceJobsResponse
        {
            Successful = Each(
                request.Jobs, id => termination.Terminate(new TerminateServiceJobRequest { JobId = id, Reason = request.Reason }),
                (id, why) => errors.Add(new TerminateServiceJobsErrorDetail { Job = id, Code = InvalidId, Message = why })),
            Errors = errors,
        };
    }

    private static List<string> Each(IReadOnlyList<string> ids, Action<string> end, Action<string, string> refused)
    {
        List<string> done = [];
        foreach (string id in ids)
        {
            try
            {
                if (string.IsNullOrWhiteSpace(id)) throw new Refusal("A job id must not be empty.");
                end(id);
                done.Add(id);
            }
            catch (Refusal refusal)
            {
                refused(id, refusal.Message);
            }
        }
        return done;
    }
}

using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Monitoring;

namespace Refrag.Diagnosis;

/// <summary>Which part of a job is explained.</summary>
public static class PartToExplain
{
    /// <summary>An array waits or fails through its children: the first that does. Any other job is explained itself.</summary>
    /// <param name="batch">Batch.</param>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<JobDetail> FindAsync(IAwsTransport batch, JobDetail job, CancellationToken cancellationToken)
    {
        if (job.ArrayProperties?.Size is not > 0 || job.Status is JobStatus.Succeeded
            || (job.Status == JobStatus.Pending && job.DependsOn is { Count: > 0 })) return job;
        var lister = new JobLister(batch);
        foreach (string status in job.Status == JobStatus.Failed ? (string[])[JobStatus.Failed]
            : [JobStatus.Failed, JobStatus.Runnable, JobStatus.Starting])
        {
            await foreach (JobSummary child in lister.ChildrenAsync(job.JobId, status, cancellationToken))
            {
                await foreach (JobDetail detail in lister.DescribeAsync([child.JobId], cancellationToken)) return detail;
            }
        }
        return job;
    }
}

using System.Text;
using Refrag.Aws.Batch;
using Refrag.Launching;
using Refrag.Submission;

namespace Refrag.Cli.Commands.Jobs;

/// <summary>The object of <c>refrag retry --dry-run</c>, a line for each job: the request of SubmitJob, in AWS's words.</summary>
internal static class RetryDryRun
{
    /// <summary>Prints it.</summary>
    public static void Print(Terminal.Terminal terminal, SubmitJobRequest request, Submitter submitter) =>
        terminal.Output(Encoding.UTF8.GetString(BatchOperations.SubmitJob.Write(JobSubmitter.WithId(request, submitter.Id))));
}

using Refrag.BatchSubmitter;
using Refrag.Cli.Configuration;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Following;
using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Submission;

namespace Refrag.Cli.Commands.Run;

/// <summary><c>refrag submit</c>.</summary>
internal sealed class SubmitRun(CliContext context)
{
    public async Task<int> RunAsync(bool json, CancellationToken cancellationToken)
    {
        if (!SubmitterVariables.Read(context.Variable).TryGet(out SubmitterSettings? settings, out IReadOnlyList<Problem> problems))
            return context.RefuseToSend(problems);
        using AwsConnection connection = AwsConnection.Open(context, new ConnectionSpec(settings.Region));
        Submitter submitter = JobComposer.Submitter(context);
        Result<Submitted> result = await new BatchSubmission(connection.Transport, context.Time, new SubmissionNotes(context.Terminal))
            .RunAsync(settings, submitter, cancellationToken);
        if (!result.TryGet(out Submitted? submitted, out problems))
            return context.RefuseToSend(problems);
        if (submitted.Outcome is SubmissionOutcome.Unknown unknown)
        {
            context.Terminal.Problems([unknown.Problem]);
            return ExitCodes.Unknown;
        }
        Print(json, settings, submitted, submitter);
        return ExitCodes.Success;
    }

    private void Print(bool json, SubmitterSettings settings, Submitted submitted, Submitter submitter)
    {
        RunReport report = new()
        {
            JobId = ((SubmissionOutcome.Submitted)submitted.Outcome).JobId,
            JobName = settings.JobName,
            JobQueue = submitted.Queue,
            JobDefinition = submitted.Definition,
            SubmissionId = submitter.Id.Value,
        };
        if (json)
        {
            context.Terminal.Output(report.ToJson());
            return;
        }
        context.Terminal.Output($"job id:         {report.JobId}");
        context.Terminal.Output($"job queue:      {report.JobQueue}");
        context.Terminal.Output($"job definition: {report.JobDefinition}{(submitted.IsNewRevision ? " (new revision)" : "")}");
    }
}

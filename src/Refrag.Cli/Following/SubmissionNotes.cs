using Refrag.Submission;

namespace Refrag.Cli.Following;

/// <summary>Prints why a submission takes longer than usual.</summary>
internal sealed class SubmissionNotes(Terminal.Terminal terminal) : IProgress<SubmissionEvent>
{
    public void Report(SubmissionEvent value)
    {
        if (value is SubmissionEvent.AnswerLost)
            terminal.Note(
                "The answer to the submission was lost. Looking for the job before sending it again; this takes up to half a minute.");
        if (value is SubmissionEvent.Found) terminal.Note("Found: the job had been submitted.");
    }
}

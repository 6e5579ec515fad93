using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Terminal;
using Refrag.Diagnosis;

namespace Refrag.Cli.Commands.Diagnose;

/// <summary>A diagnosis on the terminal, or as JSON.</summary>
internal static class DiagnosisOutput
{
    public static void Print(
        QuerySession session, string? jobId, string? status, Diagnosis.Diagnosis diagnosis, ExpectedStart? start = null)
    {
        if (session.Json)
        {
            session.Terminal.Output(
                JsonOutput.Line(DiagnosisReport.Of(jobId, status, diagnosis, start), DiagnoseJson.Default.DiagnosisReport));
            return;
        }
        session.Terminal.Output($"{(jobId is null ? "" : $"{jobId}{(status is null ? "" : $" is {status}")}. ")}{diagnosis.Summary}.");
        int number = 0;
        foreach (Cause cause in diagnosis.Causes)
        {
            string head = $"{++number}. {cause.What}";
            session.Terminal.Output("");
            session.Terminal.Output(
                [new Cell(head, cause.Confidence == Confidence.Certain ? Tone.Bad : Tone.Doubtful),
                    $"  [{FoundCause.Word(cause.Confidence)}: {cause.Code}]"]);
            foreach (Evidence evidence in cause.Evidence) session.Terminal.Output($"   seen: {evidence.Text}");
            foreach (Cure cure in cause.Cures)
            {
                session.Terminal.Output($"   cure: {cure.Text}{(cure.Checked is { } found ? $" ({found})" : "")}");
                if (cure.Command is { } command) session.Terminal.Output($"         {command}");
            }
        }
        if (start is not null) session.Terminal.Output($"\nExpected to start {start}.");
        foreach (string missing in diagnosis.NotChecked) session.Terminal.Note($"Not checked: {missing}.");
    }
}

using Refrag.Cli.Commands.Diagnose;
using Refrag.Cli.Context;
using Refrag.Diagnosis;

namespace Refrag.Cli.Tests.Commands.Diagnose;

public sealed class DiagnosisOutputTests
{
    private static readonly Refrag.Diagnosis.Diagnosis s_diagnosis = new(
        [
            new Cause("queue-disabled", "The queue is disabled", Confidence.Certain,
                [new Evidence("state: DISABLED", [new Fact("jobQueue", "q", "state", "DISABLED")])],
                [new Cure("Enable it", "aws batch update-job-queue") { Checked = "checked: it would start" }, new Cure("Wait")]),
            new Cause("no-spot-capacity", "There is no Spot capacity", Confidence.Possible, [], []),
        ],
        "The queue is disabled", ["the EC2 quota: AccessDenied"]);

    [Fact]
    public void Json_Causes_HaveTheDocumentedMembers() => Assert.Equal(
        """{"jobId":"id","status":"RUNNABLE","healthy":false,"summary":"The queue is disabled","causes":["""
            + """{"code":"queue-disabled","what":"The queue is disabled","confidence":"certain","evidence":["state: DISABLED"],"""
            + "\"facts\":" + """[{"source":"jobQueue","subject":"q","member":"state","value":"DISABLED"}],"cures":["""
            + """{"text":"Enable it","command":"aws batch update-job-queue","checked":"checked: it would start"},{"text":"Wait"}]},"""
            + """{"code":"no-spot-capacity","what":"There is no Spot capacity","confidence":"possible","evidence":[],"""
            + "\"facts\":[],\"cures\":[]}],"
            + "\"notChecked\":[\"the EC2 quota: AccessDenied\"]}",
        Json("id", "RUNNABLE", s_diagnosis));

    [Fact]
    public void Json_PlannedJobWithoutACause_IsHealthyAndHasNoId() => Assert.Equal(
        """{"healthy":true,"summary":"It would start","causes":[],"notChecked":[]}""",
        Json(null, null, new Refrag.Diagnosis.Diagnosis([], "It would start", [])));

    [Fact]
    public async Task Print_ForPeople_NumbersTheCausesAndNotesWhatWasNotChecked()
    {
        using TestProgram program = new();

        await program.InSessionAsync(session =>
        {
            DiagnosisOutput.Print(session, "id", "RUNNABLE", s_diagnosis);
            return Task.CompletedTask;
        });

        Assert.Equal(
            """
            id is RUNNABLE. The queue is disabled.

            1. The queue is disabled  [certain: queue-disabled]
               seen: state: DISABLED
               cure: Enable it (checked: it would start)
                     aws batch update-job-queue
               cure: Wait

            2. There is no Spot capacity  [possible: no-spot-capacity]

            """,
            program.Output);
        Assert.Equal("Not checked: the EC2 quota: AccessDenied.\n", program.Error);
    }

    [Fact]
    public async Task Print_Json_PrintsNothingElse()
    {
        using TestProgram program = new();

        await program.InSessionAsync(session =>
        {
            DiagnosisOutput.Print(session, "id", "RUNNABLE", s_diagnosis);
            return Task.CompletedTask;
        }, "--json");

        Assert.Equal(Json("id", "RUNNABLE", s_diagnosis) + "\n", program.Output);
        Assert.Empty(program.Error);
    }

    private static string Json(string? jobId, string? status, Refrag.Diagnosis.Diagnosis diagnosis) =>
        JsonOutput.Line(DiagnosisReport.Of(jobId, status, diagnosis), DiagnoseJson.Default.DiagnosisReport);
}

using System.Text.Json.Nodes;
using Refrag.Cli.Commands.Infra;
using Refrag.Cli.Context;
using Refrag.Infrastructure;

namespace Refrag.Cli.Tests.Commands.Infra;

public sealed class InfraOutputTests
{
    [Theory]
    [InlineData("""{"@message":"queue: Creation complete after 30s","type":"apply_complete"}""", "queue: Creation complete after 30s")]
    [InlineData("""{"@message":"drain: 1 job(s) left","type":"provision_progress"}""", "drain: 1 job(s) left")]
    [InlineData("""{"@message":"queue: Still creating...","type":"apply_progress"}""", null)]
    [InlineData("""{"@message":"half a li""", null)]
    [InlineData("Terraform v1.11", null)]
    public void Line_EventOfTerraform_IsALineWhereSomethingWasDone(string json, string? line) =>
        Assert.Equal(line, ApplyProgress.Line(json));

    [Fact]
    public void Of_Plan_HasCountsChangesAndFloor()
    {
        JsonNode json = JsonNode.Parse(InfraJson.Of(new PlanSummary
        {
            Changes = [new PlannedChange(PlannedAction.Replace, "aws_batch_compute_environment.cpu[0]", "refrag-cpu-compute-env")],
            Floor = [new FloorItem("1 KMS key", 1m), new FloorItem("4 vCPUs kept running", null)],
        }))!;
        Assert.Equal((0, 0, 1, 0), ((int)json["added"]!, (int)json["changed"]!, (int)json["replaced"]!, (int)json["destroyed"]!));
        Assert.Equal("replace", (string?)json["changes"]![0]!["action"]);
        Assert.Null(json["monthlyFloorUsd"]);
        Assert.Equal(1m, (decimal)json["floor"]![0]!["usd"]!);
    }

    [Fact]
    public void Of_Things_SaysWhatIsWrongWithWhich()
    {
        var problem = new Problem { Code = "RF6021", What = "it is closed", Cure = "Open it." };
        JsonNode json = JsonNode.Parse(InfraJson.Of([new VerifiedThing("queue a", null), new VerifiedThing("queue b", problem)]))!;
        Assert.False((bool)json["good"]!);
        Assert.Equal((true, "RF6021"), ((bool)json["things"]![0]!["good"]!, (string?)json["things"]![1]!["code"]));
    }

    [Theory]
    [InlineData("RF6004", ExitCodes.Credentials)]
    [InlineData("RF6003", ExitCodes.Unavailable)]
    [InlineData("RF6010", ExitCodes.Usage)]
    public void Fail_Problem_HasTheExitCodeOfItsKind(string code, int exit)
    {
        var said = new StringWriter();
        CliContext context = new()
        {
            Terminal = new Cli.Terminal.Terminal(TextWriter.Null, said, _ => null, false, false),
            Apps = new Refrag.Apps.AppRegistry([]),
            Time = TimeProvider.System,
            Variable = _ => null,
            WorkingDirectory = "/",
            Signals = new Signals(),
        };
        Assert.Equal(exit, context.Fail([new Problem { Code = code, What = "wrong", Cure = "Mend it." }]));
        Assert.Contains(code, said.ToString(), StringComparison.Ordinal);
    }
}

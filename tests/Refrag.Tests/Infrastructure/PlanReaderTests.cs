using Refrag.Infrastructure;

namespace Refrag.Tests.Infrastructure;

public sealed class PlanReaderTests
{
    private const string Types =
        """{ "types": { "m6i.xlarge": { "vcpus": 4, "usd_per_hour": 0.192 }, "z1.large": { "vcpus": 2, "usd_per_hour": null } } }""";

    private static string Plan(string actions, int kept = 0, string type = "m6i.xlarge") => $$"""
        {
          "resource_changes": [
            { "address": "aws_batch_job_queue.cpu_queue[0]", "change": { "actions": ["no-op"], "before": {}, "after": {} } },
            { "address": "aws_batch_compute_environment.cpu[0]",
                "change": { "actions": [{{actions}}], "before": null, "after": { "compute_environment_name": "refrag-cpu-compute-env" } } }
          ],
          "planned_values": { "root_module": { "resources": [
            { "type": "aws_batch_compute_environment", "values": { "compute_resources": [{ "min_vcpus": {{kept}},
                "instance_type": ["{{type}}"] }] } }
          ] } }
        }
        """;

    [Theory]
    [InlineData("\"create\"", PlannedAction.Add)]
    [InlineData("\"update\"", PlannedAction.Change)]
    [InlineData("\"create\", \"delete\"", PlannedAction.Replace)]
    [InlineData("\"delete\"", PlannedAction.Destroy)]
    public void Read_OneAction_IsThatChangeWithItsName(string actions, PlannedAction action)
    {
        PlanSummary summary = PlanReader.Read(Plan(actions), Types);
        Assert.Equal([new PlannedChange(action, "aws_batch_compute_environment.cpu[0]", "refrag-cpu-compute-env")], summary.Changes);
    }

    [Theory]
    [InlineData("aws_batch_job_queue.cpu_queue[0]", "replace_because_tainted", true)]
    [InlineData("aws_batch_job_queue.cpu_queue[0]", "replace_because_cannot_update", false)]
    [InlineData("aws_ecr_repository.jobs", "replace_because_tainted", false)]
    public void Read_Replacement_IsAdoptableWhereAnInterruptedRunLeftANamedOne(string address, string reason, bool adoptable)
    {
        PlanSummary plan = PlanReader.Read(
            $$"""{ "resource_changes": [{ "address": "{{address}}", "action_reason": "{{reason}}", "change": { "actions": ["create","""
                + $$""" "delete"] } }] }""", Types);
        Assert.Equal(adoptable, Assert.Single(plan.Changes).IsAdoptable);
        Assert.Equal(adoptable ? 0 : 1, plan.Replacements.Count);
    }

    [Theory]
    [InlineData("""{ "subnets": ["a"] }""", """{ "subnets": ["a", "b"] }""", "{}", "subnets")]
    [InlineData("""{ "subnets": ["a"] }""", "{}", """{ "subnets": true }""", "subnets")]
    [InlineData("""{ "launch_template": [{ "version": "1" }], "max_vcpus": 4 }""",
        """{ "launch_template": [{ "version": "2" }], "max_vcpus": 8 }""", "{}", "launch_template")]
    [InlineData("""{ "min_vcpus": 0, "max_vcpus": 4, "desired_vcpus": 2 }""", """{ "min_vcpus": 4, "max_vcpus": 8 }""",
        """{ "desired_vcpus": true }""", "")]
    public void Read_EnvironmentChangedUnderItsName_SaysWhatWouldEndJobs(string before, string after, string unknown, string edits)
    {
        foreach (string actions in (string[])["\"update\"", "\"create\", \"delete\""])
        {
            PlanSummary plan = PlanReader.Read(
                $$"""
                { "resource_changes": [{ "address": "aws_batch_compute_environment.cpu[\"a\"]", "change": {
                  "actions": [{{actions}}], "before": { "compute_resources": [{{before}}] }, "after": { "compute_resources": [{{after}}] },
                  "after_unknown": { "compute_resources": [{{unknown}}] } } }] }
                """,
                Types);
            Assert.Equal(edits, Assert.Single(plan.Changes).Edits);
        }
    }

    // Its replacement would differ in all that AWS fills in; but it is taken over, and not replaced.
    [Fact]
    public void Read_HalfMadeEnvironment_IsNoEdit()
    {
        PlanSummary plan = PlanReader.Read("""
            { "resource_changes": [{ "address": "aws_batch_compute_environment.cpu[\"env\"]", "action_reason": "replace_because_tainted",
              "change": { "actions": ["create", "delete"],
                "before": { "compute_resources": [{ "bid_percentage": 0, "image_id": "" }] },
                "after": { "compute_resources": [{ "bid_percentage": null, "image_id": null }] } } }] }
            """, Types);
        Assert.Empty(plan.EditedEnvironments);
    }

    [Fact]
    public void Read_KeptHosts_CostTheirShareOfTheMonth()
    {
        Assert.Equal(0.192m * 2 * 730, PlanReader.Read(Plan("\"update\"", kept: 8), Types).MonthlyFloor);
        Assert.Equal(0m, PlanReader.Read(Plan("\"update\""), Types).MonthlyFloor);
    }

    // Version 6 of the provider calls compute_environment_name name. (Its upgrade guide)
    [Theory]
    [InlineData("compute_environment_name")]
    [InlineData("name")]
    public void Read_OfEitherVersionOfTheProvider_HasTheNameOfAnEnvironment(string attribute)
    {
        PlanSummary plan = PlanReader.Read(
            $$"""
            { "planned_values": { "root_module": { "resources": [
              { "type": "aws_batch_compute_environment", "values": { "{{attribute}}": "env", "compute_resources": [{ "min_vcpus": 4,
                  "instance_type": ["m6i.xlarge"] }] } } ] } } }
            """, Types);
        Assert.StartsWith("4 vCPUs kept running in env,", Assert.Single(plan.Floor).What, StringComparison.Ordinal);
        var state = new StackState(
            $$"""
            { "values": { "root_module": { "resources": [
              { "address": "aws_batch_compute_environment.ce[0]", "type": "aws_batch_compute_environment", "name": "ce", "index": 0,
                "values": { "{{attribute}}": "env" } } ] } } }
            """);
        Assert.Equal(["env"], state.CurrentEnvironments);
    }

    [Fact]
    public void Read_WhatCostsWithoutJobs_IsListed()
    {
        const string Plan = """
            { "planned_values": { "root_module": { "resources": [
              { "type": "aws_vpc_endpoint", "values": { "vpc_endpoint_type": "Interface", "subnet_ids": ["a", "b"] } },
              { "type": "aws_vpc_endpoint", "values": { "vpc_endpoint_type": "Interface" } },
              { "type": "aws_vpc_endpoint", "values": { "vpc_endpoint_type": "Gateway" } },
              { "type": "aws_nat_gateway", "values": {} },
              { "type": "aws_nat_gateway", "values": {} },
              { "type": "aws_eip", "values": {} },
              { "type": "aws_kms_key", "values": {} },
              { "type": "aws_cloudwatch_dashboard", "values": {} },
              { "type": "aws_cloudwatch_metric_alarm", "values": { "metric_query": [{ "metric": [] }, { "metric": [{}] },
                  { "metric": [{}] }] } },
              { "type": "aws_ecr_repository", "values": {} }
            ] } } }
            """;
        PlanSummary summary = PlanReader.Read(Plan, Types);
        Assert.Equal(
            [
                new FloorItem("2 interface endpoints, 5 zones together", 36.5m), new FloorItem("2 NAT gateways", 65.7m),
                new FloorItem("1 public IPv4 address", 3.65m), new FloorItem("1 KMS key", 1m),
                new FloorItem("1 CloudWatch dashboard", 3m), new FloorItem("1 CloudWatch alarm, 2 metrics", 0.2m),
            ],
            summary.Floor);
        Assert.Contains("about 110.05 USD a month", summary.ToString());
        Assert.Contains("\n     36.50 USD  2 interface endpoints", summary.ToString());
    }

    [Fact]
    public void Read_KeptHostsWithoutAPrice_SayThatTheFloorIsNotKnown()
    {
        PlanSummary summary = PlanReader.Read(Plan("\"update\"", kept: 8, "z1.large"), Types);
        Assert.Null(summary.MonthlyFloor);
        Assert.Contains("not known", summary.ToString());
    }
}

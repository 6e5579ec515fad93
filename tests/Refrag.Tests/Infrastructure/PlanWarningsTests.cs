using Refrag.Aws.Ec2;
using Refrag.Infrastructure;
using Refrag.Quotas;

namespace Refrag.Tests.Infrastructure;

public sealed class PlanWarningsTests
{
    private const string Types = """{ "types": {} }""";

    [Theory]
    [InlineData("""{ "alarm_name": "a", "alarm_actions": [] }""", "{}", true)]
    [InlineData("""{ "alarm_name": "a", "alarm_actions": null }""", "{}", true)]
    [InlineData("""{ "alarm_name": "a", "alarm_actions": ["arn:topic"] }""", "{}", false)]
    [InlineData("""{ "alarm_name": "a" }""", """{ "alarm_actions": true }""", false)] // the topic is made by the same plan
    public void Read_AlarmWithoutAction_CannotRing(string after, string unknown, bool isWarned)
    {
        PlanSummary plan = Plan("aws_cloudwatch_metric_alarm.queue_depth[0]", after, unknown);
        Assert.Equal(isWarned ? ["the alarm a has no subscriber: set batch_notifications = true and alert_emails"] : [], plan.Warnings);
        Assert.Equal(isWarned, plan.ToString().Contains("warning: the alarm a", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public void Read_SubscriptionNotConfirmed_IsNamed(string pending, bool isWarned) => Assert.Equal(
        isWarned ? 1 : 0,
        Plan("aws_sns_topic_subscription.email[0]",
            $$"""{ "endpoint": "team@example.com", "pending_confirmation": {{pending}} }""").Warnings.Count(w => w
            .StartsWith("team@example.com has not", StringComparison.Ordinal)));

    [Fact]
    public void Read_OnDemandFallback_NamesTheSum()
    {
        PlanSummary plan = PlanReader.Read($$"""
            { "resource_changes": [ {{Environment("cpu", "refrag-cpu-compute-env", "SPOT", "no-op")}},
                {{Environment("cpu_on_demand", "refrag-cpu-on-demand-compute-env", "EC2", "create")}},
              {{Environment("cpu", "refrag-cpu-compute-env-old", "SPOT", "no-op")}} ],
              "planned_values": { "outputs": { "batch_retained_environment_names": { "value": ["refrag-cpu-compute-env-old"] } } },
                  "variables": { "region": { "value": "eu-west-1" } } }
            """, Types);
        Assert.Equal(["refrag-cpu-compute-env and its on-demand fallback may start 64 vCPUs together: 32 Spot and 32 on-demand"],
            plan.Warnings);
        Assert.Equal("eu-west-1", plan.Region);
    }

    [Fact]
    public void Warnings_QuotaAndTypes_AreSentencesWithTheCure()
    {
        PlanSummary plan = PlanReader.Read($$"""{ "resource_changes": [ {{Environment("cpu", "env", "SPOT", "create")}} ] }""", Types);
        var quotas = new QuotaValues(new Dictionary<InstanceQuota, double> { [InstanceQuota.Of("m6i.large", spot: true)!] = 5 }, null);
        IReadOnlyList<string> warnings = PlanVerification
            .Warnings(plan.Demands, [new InstanceTypeInfo("m6i.large", 2, 8192, 0)], quotas, "eu-west-1");
        Assert.Equal("EC2 does not offer c6i.large in eu-west-1, which env lists", warnings[0]);
        Assert.Contains("env may start 32 vCPUs, and the account 5: ask for more with `aws service-quotas request-service-quota-increase",
            warnings[1]);
        Assert.Equal(2, warnings.Count);
    }

    private static PlanSummary Plan(string address, string after, string unknown = "{}") => PlanReader.Read(
        $$"""{ "resource_changes": [{ "address": "{{address}}", "change": { "actions": ["create"], "after": {{after}}, "after_unknown": """
            + $$"""{{unknown}} } }] }""", Types);

    private static string Environment(string resource, string name, string type, string action) => $$"""
        { "address": "aws_batch_compute_environment.{{resource}}[\"{{name}}\"]", "change": { "actions": ["{{action}}"], "after": {
          "compute_environment_name": "{{name}}",
              "compute_resources": [{ "type": "{{type}}", "max_vcpus": 32, "instance_type": ["m6i.large", "c6i.large"] }] } } }
        """;
}

using System.Text.Json;
using Refrag.Infrastructure;

namespace Refrag.Tests.Infrastructure;

/// <summary>
/// Terraform as it is after a run that was interrupted: AWS has made a queue and the state does not know it, so that its creation is
/// refused. (seen with provider 5.100 and an interrupt during CreateJobQueue)
/// </summary>
public sealed class LostCreationsTests : IDisposable
{
    private const string Queue = "aws_batch_job_queue.gpu_queue[0]";
    private const string Arn = "arn:aws:batch:eu-west-1:123456789012:job-queue/gpus";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private string _imports = "";
    private string _tags = """{ "project": "refrag", "managed-by": "terraform" }""";
    private string _said = "operation error Batch: CreateJobQueue, ClientException: Job queue gpus already exists";
    private string _address = Queue;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public LostCreationsTests() => File.WriteAllText(Path.Combine(_folder.FullName, "instance_types.json"), """{ "types": {} }""");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task ApplyPlan_QueueOfAnInterruptedRun_IsImportedByTheNextPlan()
    {
        Deployment stack = await PlannedAsync();

        Problem problem = Assert.Single(await stack.ApplyPlanAsync(onLine: null, Stop));
        Result<PlanSummary> next = await stack.PlanAsync([], Stop);

        Assert.Equal("RF6048", problem.Code);
        Assert.Contains($"to = {Queue}", _imports, StringComparison.Ordinal);
        Assert.Contains($"id = \"{Arn}\"", _imports, StringComparison.Ordinal);
        // Not empty: an import alone is to be applied too.
        Assert.Equal((PlannedAction.Change, Queue), Assert.Single(next.Value.Changes.Select(c => (c.Action, c.Address))));
        Assert.Empty(_folder.GetFiles("*.tf"));
    }

    [Theory]
    [InlineData("""{ "project": "other", "managed-by": "terraform" }""")]
    [InlineData("{}")]
    public async Task ApplyPlan_QueueOfSomebodyElse_IsLeftAsItIs(string tags)
    {
        _tags = tags;
        Deployment stack = await PlannedAsync();

        await stack.ApplyPlanAsync(onLine: null, Stop);
        Result<PlanSummary> next = await stack.PlanAsync([], Stop);
        _imports = "";
        await stack.PlanAsync([], Stop);

        Assert.Equal("RF6049", Assert.Single(next.Problems).Code);
        Assert.Empty(_imports);
    }

    [Fact]
    public async Task Plan_AfterARunThatWasKilled_ImportsNothingOfIt()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "refrag_taken_over.tf"), "import {}");

        await PlannedAsync();

        Assert.Empty(_imports);
    }

    [Fact]
    public async Task ApplyPlan_AnotherFault_ImportsNothing()
    {
        _said = "operation error Batch: CreateJobQueue, AccessDenied";

        Assert.Equal("RF6005", Assert.Single(await ApplyAsync()).Code);
    }

    [Fact]
    public async Task ApplyPlan_ResourceWithoutANameOfItsOwn_IsNotGuessed()
    {
        _address = "aws_security_group.jobs";

        Assert.Equal("RF6049", Assert.Single(await ApplyAsync()).Code);
    }

    private async Task<IReadOnlyList<Problem>> ApplyAsync() => await (await PlannedAsync()).ApplyPlanAsync(onLine: null, Stop);

    private async Task<Deployment> PlannedAsync()
    {
        var stack = new Deployment(new FakeTerraform(this), _folder.FullName, []);
        await stack.PlanAsync([], Stop);
        return stack;
    }

    private sealed class FakeTerraform(LostCreationsTests test) : ITerraform
    {
        public ITerraform In(string workspace) => throw new NotSupportedException();

        public Task<TerraformRun> RunAsync(
            IReadOnlyList<string> arguments, Action<string>? onLine, CancellationToken cancellationToken) =>
            Task.FromResult(arguments switch
            {
                ["plan", ..] => Read(),
                ["apply", ..] => Refused(),
                ["show", "-json"] => new TerraformRun(0, State, ""),
                ["show", ..] => new TerraformRun(0, Plan(), ""),
                _ => new TerraformRun(0, "", ""),
            });

        private TerraformRun Read()
        {
            test._imports = string.Concat(test._folder.GetFiles("*.tf").Select(file => File.ReadAllText(file.FullName)));
            return new TerraformRun(0, "", "");
        }

        private TerraformRun Refused() => new(1, $$"""
            { "@level": "error", "diagnostic": { "severity": "error", "summary": "creating Batch Job Queue (gpus)",
              "detail": {{JsonSerializer.Serialize(test._said)}}, "address": "{{test._address}}" } }
            """.ReplaceLineEndings(" "), "");

        private string Plan()
        {
            string how = test._imports.Length == 0
                ? """ "actions": ["create"], "before": null """
                : $$""" "actions": ["no-op"], "importing": { "id": "x" }, "before": { "tags_all": {{test._tags}} } """;
            return $$"""
                { "resource_changes": [{ "address": "{{test._address}}", "change": { {{how}},
                  "after": { "name": "gpus", "tags_all": { "project": "refrag", "managed-by": "terraform" } } } }] }
                """;
        }

        private static string State => """
            { "values": { "root_module": { "resources": [
              { "address": "aws_iam_role_policy.submit", "type": "aws_iam_role_policy", "name": "submit",
                "values": { "policy": "arn:aws:batch:*:*:job-definition/*" } },
              { "address": "aws_batch_compute_environment.gpu", "type": "aws_batch_compute_environment", "name": "gpu", "values": {
                "arn": "arn:aws:batch:eu-west-1:123456789012:compute-environment/gpus-1" } }] } } }
            """;
    }
}

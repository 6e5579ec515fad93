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
    private readonly List<string> _calls = [];
    private string _tags = """{ "project": "refrag", "managed-by": "terraform" }""";
    private string _said = "operation error Batch: CreateJobQueue, ClientException: Job queue gpus already exists";
    private string _type = "aws_batch_job_queue";
    private bool _isKnown;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public LostCreationsTests() => File.WriteAllText(Path.Combine(_folder.FullName, "instance_types.json"), """{ "types": {} }""");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task ApplyPlan_QueueOfAnInterruptedRun_IsInTheStateAndTheRestIsToBeApplied()
    {
        Problem problem = Assert.Single(await ApplyAsync());

        Assert.Equal("RF6048", problem.Code);
        Assert.True(_isKnown);
        Assert.Contains($"import -no-color -input=false -var=region=eu-west-1 -var=kept={{}} {Queue} {Arn}", _calls);
    }

    [Fact]
    public async Task ApplyPlan_QueueOfSomebodyElse_IsLeftAsItIs()
    {
        _tags = """{ "project": "other", "managed-by": "terraform" }""";

        Problem problem = Assert.Single(await ApplyAsync());

        Assert.Equal("RF6049", problem.Code);
        Assert.False(_isKnown);
        Assert.Contains($"state rm -no-color {Queue}", _calls);
    }

    [Fact]
    public async Task ApplyPlan_WithoutTags_IsLeftAsItIs()
    {
        _tags = "{}";

        Assert.Equal("RF6049", Assert.Single(await ApplyAsync()).Code);
        Assert.False(_isKnown);
    }

    [Fact]
    public async Task ApplyPlan_AnotherFault_ImportsNothing()
    {
        _said = "operation error Batch: CreateJobQueue, AccessDenied";

        Assert.Equal("RF6005", Assert.Single(await ApplyAsync()).Code);
        Assert.DoesNotContain(_calls, call => call.StartsWith("import", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ApplyPlan_ResourceWithoutANameOfItsOwn_IsNotGuessed()
    {
        _type = "aws_security_group";

        Assert.Equal("RF6049", Assert.Single(await ApplyAsync()).Code);
        Assert.DoesNotContain(_calls, call => call.StartsWith("import", StringComparison.Ordinal));
    }

    private async Task<IReadOnlyList<Problem>> ApplyAsync()
    {
        var stack = new Deployment(new FakeTerraform(this), _folder.FullName, ["-var=region=eu-west-1"]);
        await stack.PlanAsync(["-var=kept={}", "-target=x"], Stop);
        return await stack.ApplyPlanAsync(onLine: null, Stop);
    }

    private sealed class FakeTerraform(LostCreationsTests test) : ITerraform
    {
        public ITerraform In(string workspace) => throw new NotSupportedException();

        public Task<TerraformRun> RunAsync(IReadOnlyList<string> arguments, Action<string>? onLine, CancellationToken cancellationToken)
        {
            test._calls.Add(string.Join(' ', arguments));
            return Task.FromResult(arguments switch
            {
                ["apply", ..] => Refused(),
                ["show", "-json"] => new TerraformRun(0, State(), ""),
                ["show", ..] => new TerraformRun(0, Plan(), ""),
                ["import", ..] => Know(true),
                ["state", "rm", ..] => Know(false),
                _ => new TerraformRun(0, "", ""),
            });
        }

        private TerraformRun Know(bool isKnown)
        {
            test._isKnown = isKnown;
            return new TerraformRun(0, "", "");
        }

        private TerraformRun Refused() => new(1, $$"""
            { "@level": "error", "diagnostic": { "severity": "error", "summary": "creating Batch Job Queue (gpus)",
              "detail": {{JsonSerializer.Serialize(test._said)}}, "address": "{{Queue}}" } }
            """.ReplaceLineEndings(" "), "");

        private string Plan() => $$"""
            { "resource_changes": [{ "address": "{{Queue}}", "type": "{{test._type}}", "name": "gpu_queue", "change": {
              "actions": ["create"], "after": { "name": "gpus", "tags_all": { "project": "refrag", "managed-by": "terraform" } } } }] }
            """;

        private string State()
        {
            string queue = test._isKnown
                ? $$"""
                    , { "address": "{{Queue}}", "type": "aws_batch_job_queue", "name": "gpu_queue",
                    "values": { "name": "gpus", "arn": "{{Arn}}", "tags_all": {{test._tags}} } }
                    """
                : "";
            return $$"""
                { "values": { "root_module": { "resources": [
                  { "address": "aws_iam_role_policy.submit", "type": "aws_iam_role_policy", "name": "submit",
                    "values": { "policy": "arn:aws:batch:*:*:job-definition/*" } },
                  { "address": "aws_batch_compute_environment.gpu", "type": "aws_batch_compute_environment", "name": "gpu", "values": {
                    "arn": "arn:aws:batch:eu-west-1:123456789012:compute-environment/gpus-1" } }{{queue}}] } } }
                """;
        }
    }
}

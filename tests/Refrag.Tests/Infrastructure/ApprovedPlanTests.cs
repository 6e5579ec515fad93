using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Infrastructure;

namespace Refrag.Tests.Infrastructure;

/// <summary>Batch as documented: a new environment whose role is not usable yet becomes INVALID and stays so until it is updated, and a job
/// queue is created on VALID environments only. (UG invalid_compute_environment; API CreateJobQueue)</summary>
public sealed class ApprovedPlanTests : IDisposable
{
    private const string NotUsable =
        "waiting for Batch Compute Environment (env) create: unexpected state 'INVALID', wanted target 'VALID'. "
        + "last error: CLIENT_ERROR - User: arn:aws:sts::1:assumed-role/batch is not authorized to perform: ecs:ListClusters";

    private const string NotValid = "creating Batch Job Queue (queue): operation error Batch: CreateJobQueue, https response error "
        + "StatusCode: 400, ClientException: arn:aws:batch:eu-west-1:1:compute-environment/env is not in VALID state";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly PassingTime _time = new();
    private readonly List<string> _regions = [];
    private readonly List<string> _updates = [];
    private string? _planRegion = "eu-west-1";
    private string _status = "";
    private int _looksUntilUsable = 1;
    private bool _hasQueue;
    private bool _hasRights = true;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ApprovedPlanTests() => File.WriteAllText(Path.Combine(_folder.FullName, "instance_types.json"), """{ "types": {} }""");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task ApplyAsync_FirstEnvironmentBecomesInvalid_IsValidBeforeItsQueueIsCreated(int looksUntilUsable)
    {
        _looksUntilUsable = looksUntilUsable;
        Assert.Empty(await ApplyAsync());
        Assert.True(_hasQueue);
        Assert.Equal(Enumerable.Repeat("env ENABLED", looksUntilUsable), _updates);
        // The first apply has no state that could name a region.
        Assert.Equal(["eu-west-1"], _regions.Distinct());
    }

    [Fact]
    public async Task ApplyAsync_RunAgainAfterItGaveUp_IsValidBeforeItsQueueIsCreated()
    {
        _status = "INVALID";
        Assert.Empty(await ApplyAsync());
        Assert.True(_hasQueue);
        Assert.DoesNotContain(_time.Waits, wait => wait >= Transient.Pause);
    }

    [Fact]
    public async Task ApplyAsync_NeitherStateNorPlanNamesARegion_AsksNoRegion()
    {
        _planRegion = null;
        Problem problem = Assert.Single(await ApplyAsync());
        Assert.Equal("RF6042", problem.Code);
        // The same answer after two minutes is seldom one of a new role.
        Assert.EndsWith("in 8 attempts", problem.What, StringComparison.Ordinal);
        Assert.StartsWith("Likely the role lacks the right", problem.Cure, StringComparison.Ordinal);
        Assert.Empty(_regions);
    }

    [Fact]
    public async Task ApplyAsync_NoRightToAskBatch_LeavesTheResultToTerraform()
    {
        _hasRights = false;
        Assert.Equal("RF6042", Assert.Single(await ApplyAsync()).Code);
        Assert.NotEmpty(_regions);
    }

    [Theory]
    [InlineData("create", "create", true)]
    [InlineData("create", "update", true)] // created, and not yet as planned
    [InlineData("create", "create+delete", true)] // tainted
    [InlineData("create", "delete+create", true)] // tainted
    [InlineData("create", "deposed", true)] // tainted, and replaced but for the end
    [InlineData("create", "imported+no-op", true)] // taken over
    [InlineData("create", "imported+update", true)]
    [InlineData("create", "imported+delete+create", false)]
    [InlineData("create", "delete", false)]
    [InlineData("update", "update", true)]
    [InlineData("update", "delete+create", false)]
    [InlineData("update", "delete", false)]
    [InlineData("delete+create", "create", true)]
    [InlineData("create+delete", "deposed", true)]
    [InlineData("create+delete", "update", true)]
    [InlineData("delete", "delete", true)]
    [InlineData("delete", "create", false)]
    [InlineData("no-op", "update", false)]
    [InlineData("no-op", "create", false)]
    [InlineData("create", "read", true)] // a data source, which changes nothing
    [InlineData("create", "no-op", true)]
    public void Further_OfAResource_IsWhatThePlanDidNotSay(string agreed, string rest, bool isRest)
    {
        IReadOnlyList<PlannedChange> further = ApprovedPlan.Further(Read(agreed), Read(rest));
        Assert.Equal(isRest ? 0 : 1, further.Count);
    }

    private static PlanSummary Read(string actions)
    {
        bool isDeposed = actions == "deposed", isImported = actions.StartsWith("imported+", StringComparison.Ordinal);
        if (isImported) actions = actions["imported+".Length..];
        string list = string.Join(", ", (isDeposed ? "delete" : actions).Split('+').Select(a => $"\"{a}\""));
        string importing = isImported ? "\"importing\": { \"id\": \"x\" }, " : "";
        string deposed = isDeposed ? "\"deposed\": \"0a1b2c3d\", " : "";
        return PlanReader.Read(
            $$"""
            { "resource_changes": [{ "address": "aws_security_group.jobs", {{deposed}}"change": { {{importing}}"actions": [{{list}}] } }] }
            """,
            """{ "types": {} }""");
    }

    private async Task<IReadOnlyList<Problem>> ApplyAsync()
    {
        var stack = new Deployment(new FakeTerraform(this), _folder.FullName, []);
        PlanSummary plan = (await stack.PlanAsync([], Stop)).Value;
        var environments = new EnvironmentRevalidation(stack, region =>
        {
            _regions.Add(region);
            return new FakeBatch(this);
        }, _time);
        return await new ApprovedPlan(stack, plan, environments, _time)
            .ApplyAsync(() => stack.PlanToApplyAsync([], Stop), onLine: null, static _ => { }, Stop);
    }

    private sealed class FakeTerraform(ApprovedPlanTests test) : ITerraform
    {
        public ITerraform In(string workspace) => throw new NotSupportedException();

        public Task<TerraformRun> RunAsync(IReadOnlyList<string> arguments, Action<string>? onLine, CancellationToken cancellationToken) =>
            Task.FromResult(arguments switch
            {
                ["apply", ..] => Apply(),
                ["show", "-json"] => new TerraformRun(0, State(), ""),
                ["show", ..] => new TerraformRun(0, Plan(), ""),
                _ => new TerraformRun(0, "", ""),
            });

        private TerraformRun Apply()
        {
            string error = test._status switch
            {
                "" => NotUsable,
                "VALID" => "",
                _ => NotValid,
            };
            if (test._status.Length == 0) test._status = "INVALID";
            test._hasQueue = error.Length == 0;
            return new TerraformRun(error.Length == 0 ? 0 : 1, "", error);
        }

        // What was interrupted while it was created has no ARN.
        private string State() => test._status.Length == 0 ? "{}" : """
            { "values": { "root_module": { "resources": [
              { "address": "aws_batch_compute_environment.cpu[\"env\"]", "type": "aws_batch_compute_environment", "name": "cpu",
                "index": "env", "values": { "arn": null } } ] } } }
            """;

        private string Plan()
        {
            string[] addresses = [.. test._status.Length == 0 ? ["aws_batch_compute_environment.cpu[\\\"env\\\"]"] : Array.Empty<string>(),
                .. test._hasQueue ? [] : new[] { "aws_batch_job_queue.cpu_queue[0]" }];
            string changes = string.Join(", ", addresses.Select(a => $$"""{ "address": "{{a}}", "change": { "actions": ["create"] } }"""));
            string variables = test._planRegion is { } region ? $$"""{ "region": { "value": "{{region}}" } }""" : "{}";
            return $$"""{ "variables": {{variables}}, "resource_changes": [{{changes}}] }""";
        }
    }

    private sealed class FakeBatch(ApprovedPlanTests test) : IAwsTransport
    {
        public Task<TResponse> SendAsync<TRequest, TResponse>(
            AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
            where TRequest : class
            where TResponse : class
        {
            if (!test._hasRights) throw BatchException.Client(operation.Name, "not authorized to perform this");
            return Task.FromResult((TResponse)Answer(request));
        }

        private object Answer(object request)
        {
            if (request is not UpdateComputeEnvironmentRequest update)
                return new DescribeComputeEnvironmentsResponse { ComputeEnvironments = test._status.Length == 0 ? [] : [Environment()] };
            test._updates.Add($"{update.ComputeEnvironment} {update.State}");
            if (--test._looksUntilUsable <= 0) test._status = "VALID";
            return new UpdateComputeEnvironmentResponse();
        }

        private ComputeEnvironmentDetail Environment() => new()
        {
            ComputeEnvironmentName = "env",
            ComputeEnvironmentArn = "arn",
            EcsClusterArn = "cluster",
            State = "ENABLED",
            Status = test._status,
        };
    }
}

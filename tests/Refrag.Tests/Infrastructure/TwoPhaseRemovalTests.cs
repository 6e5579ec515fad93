using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Ecs;
using Refrag.Infrastructure;

namespace Refrag.Tests.Infrastructure;

public sealed class TwoPhaseRemovalTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly FakeAws _aws = new();
    private readonly List<string> _plans = [];
    private readonly List<string> _regions = [];
    private string? _region = "us-west-2";
    private string _furtherChanges = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public TwoPhaseRemovalTests() => File.WriteAllText(Path.Combine(_folder.FullName, "instance_types.json"), """{ "types": {} }""");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task PlanAsync_OldEnvironmentStillInAQueue_KeepsItOpenAndRemovesNothing()
    {
        _aws.Used.Add("old");
        TwoPhasePlan plan = (await Removal().PlanAsync(Stop)).Value;
        Assert.Equal(["old"], plan.Retained.Select(e => e.Name));
        Assert.Empty(plan.Removed);
        Assert.Equal(["-var=batch_retained_environments={\"new\" = \"ENABLED\", \"old\" = \"ENABLED\"}"], _plans);
    }

    [Fact]
    public async Task PlanAsync_OldEnvironmentWithAJob_KeepsIt()
    {
        _aws.Tasks["old"] = 1;
        Assert.Equal("old: 1 job left", Assert.Single((await Removal().PlanAsync(Stop)).Value.Retained).ToString());
    }

    [Fact]
    public async Task PlanAsync_OldEnvironmentIsEmpty_RemovesIt()
    {
        TwoPhasePlan plan = (await Removal().PlanAsync(Stop)).Value;
        Assert.Equal((0, "old"), (plan.Retained.Count, Assert.Single(plan.Removed).Name));
        Assert.Equal("-var=batch_retained_environments={\"new\" = \"ENABLED\"}", _plans[^1]);
    }

    [Fact]
    public async Task PlanAsync_RetainedBeforeThisApply_IsKeptClosed()
    {
        _aws.Tasks["old"] = 1;
        await Removal(retained: "\"old\"").PlanAsync(Stop);
        Assert.Equal("-var=batch_retained_environments={\"new\" = \"ENABLED\", \"old\" = \"DISABLED\"}", _plans[^1]);
    }

    [Theory]
    [InlineData("aws_vpc_endpoint.s3[0]")]
    [InlineData("aws_route_table_association.own[1]")]
    [InlineData("aws_internet_gateway.own[0]")]
    public async Task PlanAsync_NetworkGoesWhileAJobRuns_Refuses(string address)
    {
        (_aws.Tasks["old"], _furtherChanges) = (2, Changed(address, """ "actions": ["delete"] """));
        Problem problem = Assert.Single((await Removal().PlanAsync(Stop)).Problems);
        Assert.Equal(("RF6038", "old: 2 jobs"), (problem.Code, problem.Cause));
        Assert.Contains(address, problem.What, StringComparison.Ordinal);
    }

    // An endpoint and a way serve the jobs of every environment, that of today's settings and the single one of old too.
    [Theory]
    [InlineData("new")]
    [InlineData("single")]
    public async Task PlanAsync_NetworkGoesUnderAnEnvironmentThatStays_Refuses(string environment)
    {
        (_aws.Tasks[environment], _furtherChanges) = (1, Changed("aws_vpc_endpoint.interface[\"sts\"]", """ "actions": ["delete"] """));
        Problem problem = Assert.Single((await Removal().PlanAsync(Stop)).Problems);
        Assert.Equal(("RF6038", $"{environment}: 1 job"), (problem.Code, problem.Cause));
    }

    // What leads running hosts another way is taken away too; tags, additions and what is only taken into the state are not.
    [Theory]
    [InlineData("aws_route_table_association.own[0]", """ "actions": ["update"], "before": {}, "after": {} """, true)]
    [InlineData("aws_route.internet[0]", """ "actions": ["update"], "before": {}, "after": {} """, true)]
    [InlineData(
        "aws_vpc_endpoint.s3[0]",
        """ "actions": ["update"], "before": { "route_table_ids": ["a", "b"] }, "after": { "route_table_ids": ["b", "c"] } """, true)]
    [InlineData(
        "aws_vpc_endpoint.s3[0]",
        """ "actions": ["update"], "before": { "route_table_ids": ["a"] }, "after": { "route_table_ids": ["a", "b"] } """, false)]
    [InlineData(
        "aws_vpc_endpoint.s3[0]",
        """ "actions": ["update"], "before": { "tags": { "a": "b" } }, "after": { "tags": {} } """, false)]
    [InlineData("aws_route.internet[0]", """ "actions": ["no-op"], "importing": { "id": "r" } """, false)]
    [InlineData("aws_vpc_endpoint.interface[\"sts\"]", """ "actions": ["create"] """, false)]
    [InlineData("aws_vpc.own[0]", """ "actions": ["update"], "before": { "tags": {} }, "after": { "tags": { "a": "b" } } """, false)]
    public async Task PlanAsync_NetworkIsChangedInPlaceWhileAJobRuns_RefusesWhatTakesAWayAway(
        string address, string change, bool isRefused)
    {
        (_aws.Tasks["new"], _furtherChanges) = (1, Changed(address, change));
        Assert.Equal(isRefused, (await Removal().PlanAsync(Stop)).Problems.Any(problem => problem.Code == "RF6038"));
    }

    [Fact]
    public async Task PlanAsync_NetworkGoesAndNothingRuns_RemovesTheOldEnvironmentWithIt()
    {
        _aws.Used.Add("old");
        _furtherChanges = """, { "address": "aws_vpc.own[0]", "change": { "actions": ["delete"] } }""";
        Assert.Equal("old", Assert.Single((await Removal().PlanAsync(Stop)).Value.Removed).Name);
    }

    [Fact]
    public async Task PlanCleanupAsync_EmptyEnvironment_NamesItAndItsDrainAlone()
    {
        TwoPhasePlan plan = (await Removal().PlanCleanupAsync(Stop)).Value;
        Assert.Equal("old", Assert.Single(plan.Removed).Name);
        Assert.EndsWith("-target=aws_batch_compute_environment.cpu[\"old\"] -target=terraform_data.drain_environment[\"old\"]", _plans[^1]);
    }

    [Fact]
    public async Task PlanCleanupAsync_OtherChangesComeAlong_Refuses()
    {
        _furtherChanges = """, { "address": "aws_ecr_repository.jobs", "change": { "actions": ["create"] } }""";
        Assert.Equal("RF6039", Assert.Single((await Removal().PlanCleanupAsync(Stop)).Problems).Code);
    }

    // What the user has not seen is not removed.
    [Fact]
    public async Task PlanRestAsync_EnvironmentBecameEmptyMeanwhile_Stays()
    {
        _aws.Tasks["old"] = 1;
        TwoPhasePlan plan = (await Removal().PlanAsync(Stop)).Value;
        _aws.Tasks["old"] = 0;
        Assert.DoesNotContain(
            (await Removal().PlanRestAsync(plan, isCleanup: false, Stop)).Value.Changes, c => c.Action == PlannedAction.Destroy);
        Assert.Contains("\"old\" = ", _plans[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PlanRestAsync_EnvironmentWasToGo_PlansTheSame(bool isCleanup)
    {
        TwoPhasePlan plan = (isCleanup ? await Removal().PlanCleanupAsync(Stop) : await Removal().PlanAsync(Stop)).Value;
        string planned = _plans[^1];
        PlanSummary rest = (await Removal().PlanRestAsync(plan, isCleanup, Stop)).Value;
        Assert.Equal(planned, _plans[^1]);
        Assert.Empty(ApprovedPlan.Further(plan.Plan, rest));
    }

    // The apply may have failed before the queue turned, or another stack's queue may use it.
    [Fact]
    public async Task CloseAsync_OneThatAQueueStillUses_StaysOpen()
    {
        _aws.Used.Add("used");
        await Removal().CloseAsync(Retaining("free", "used"), Stop);
        Assert.Equal(["free DISABLED"], _aws.Updates);
    }

    // Environments of the same names in another region belong to another stack.
    [Fact]
    public async Task CloseAsync_NeitherStateNorPlanNamesARegion_AsksNoRegion()
    {
        _region = null;
        Assert.Empty(await Removal().CloseAsync(Retaining("free"), Stop));
        Assert.Empty((await Removal().PlanAsync(Stop)).Value.Removed);
        Assert.Empty(_regions);
    }

    [Fact]
    public async Task PlanAsync_StateNamesNoRegion_AsksThatOfThePlan()
    {
        Assert.Single((await Removal().PlanAsync(Stop)).Value.Removed);
        Assert.Equal(["us-west-2"], _regions.Distinct());
    }

    private static string Changed(string address, string change) =>
        $$""", { "address": "{{address.Replace("\"", "\\\"", StringComparison.Ordinal)}}", "change": { {{change}} } }""";

    private TwoPhasePlan Retaining(params string[] names) => new(
        PlanSummary.Nothing with { Region = _region }, [.. names.Select(name => new RetainedEnvironment(name, true, false, 1))], []);

    private TwoPhaseRemoval Removal(string retained = "") => new(
        new Deployment(new FakeTerraform(this), _folder.FullName, []),
        new StackState($$"""
            { "values": {
              "outputs": { "batch_retained_environment_names": { "value": [{{retained}}] } },
              "root_module": { "resources": [
                { "type": "aws_batch_compute_environment", "name": "cpu", "index": "old", "values": {} },
                { "type": "aws_batch_compute_environment", "name": "cpu", "index": "new", "values": {} },
                { "type": "aws_batch_compute_environment", "name": "ce", "index": 0,
                  "values": { "compute_environment_name": "single" } }
              ] } } }
            """),
        region =>
        {
            _regions.Add(region);
            return _aws;
        });

    private sealed class FakeTerraform(TwoPhaseRemovalTests test) : ITerraform
    {
        public ITerraform In(string workspace) => throw new NotSupportedException();

        public Task<TerraformRun> RunAsync(IReadOnlyList<string> arguments, Action<string>? onLine, CancellationToken cancellationToken)
        {
            if (arguments[0] == "plan")
                test._plans.Add(
                    string.Join(' ',
                        arguments.Where(
                            a => a.StartsWith("-var=", StringComparison.Ordinal) || a.StartsWith("-target=", StringComparison.Ordinal))));
            return Task.FromResult(new TerraformRun(0, arguments[0] == "show" ? Plan() : "", ""));
        }

        private string Plan()
        {
            bool keeps = test._plans[^1].Contains("\"old\" = ", StringComparison.Ordinal);
            string removal = """
                { "address": "aws_batch_compute_environment.cpu[\"old\"]", "change": { "actions": ["delete"] } },
                { "address": "terraform_data.drain_environment[\"old\"]", "change": { "actions": ["delete"] } }
                """;
            string changes = keeps ? test._furtherChanges.TrimStart(',') : removal + test._furtherChanges;
            return $$"""
                { "variables": { "region": { "value": {{(test._region is { } region ? $"\"{region}\"" : "null")}} } },
                  "resource_changes": [{{changes}}],
                  "planned_values": { "outputs": { "batch_retained_environment_names": { "value": [{{(keeps ? "\"old\"" : "")}}] } },
                      "root_module": { "resources": [] } } }
                """;
        }
    }

    private sealed class FakeAws : IAwsTransport
    {
        public HashSet<string> Used { get; } = [];

        public List<string> Updates { get; } = [];

        public Dictionary<string, int> Tasks { get; } = [];

        public Task<TResponse> SendAsync<TRequest, TResponse>(
            AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
            where TRequest : class
            where TResponse : class => Task.FromResult((TResponse)Answer(request));

        private object Answer(object request)
        {
            if (request is UpdateComputeEnvironmentRequest update) Updates.Add($"{update.ComputeEnvironment} {update.State}");
            return request switch
            {
                DescribeJobQueuesRequest => new DescribeJobQueuesResponse { JobQueues = [Queue()] },
                DescribeComputeEnvironmentsRequest asked => new DescribeComputeEnvironmentsResponse
                {
                    ComputeEnvironments = [.. asked.ComputeEnvironments!.Select(name => new ComputeEnvironmentDetail
                    {
                        ComputeEnvironmentName = name, ComputeEnvironmentArn = $"arn/{name}", State = "ENABLED", EcsClusterArn =
                            $"cluster/{name}",
                    })],
                },
                ListTasksRequest tasks => new ListTasksResponse
                {
                    TaskArns =
                        [.. Enumerable.Range(0, Tasks.GetValueOrDefault(tasks.Cluster!["cluster/".Length..])).Select(i => $"task/{i}")],
                },
                _ => new UpdateComputeEnvironmentResponse(),
            };
        }

        private JobQueueDetail Queue() => new()
        {
            JobQueueName = "queue",
            JobQueueArn = "arn/queue",
            State = "ENABLED",
            Priority = 1,
            ComputeEnvironmentOrder = [.. Used.Append("new")
                .Select((name,
                index) =>
                    new ComputeEnvironmentOrder
                    {
                        Order = index,
                        ComputeEnvironment = $"arn:aws:batch:us-east-1:123456789012:compute-environment/{name}",
                    })],
        };
    }
}

using System.Text.RegularExpressions;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Infrastructure;

namespace Refrag.Tests.Infrastructure;

public sealed class DerivedDefinitionsTests : IAwsTransport
{
    private readonly List<string> _deregistered = [];
    private string _active = "own";
    private string _refused = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DeregisterAsync_DefinitionsOfSeveralStacks_RemovesThoseDerivedFromThisOne()
    {
        DeregisteredDefinitions done = await new DerivedDefinitions(this)
            .DeregisterAsync(["refrag-cpu-job-def", "refrag-gpu-job-def"], prefix: null, Stop);
        Assert.Equal(["by-name", "by-revision", "by-arn"], _deregistered);
        Assert.Equal(new DeregisteredDefinitions(3, null), done);
    }

    [Fact]
    public async Task DeregisterAsync_NothingWasDeployed_AsksNothing() =>
        Assert.Equal(0, (await new DerivedDefinitions(new NoBatch()).DeregisterAsync([], prefix: null, Stop)).Count);

    // An earlier destroy was interrupted after it had removed the stack's own definitions.
    [Fact]
    public async Task DeregisterAsync_StackWasRemovedEarlier_FindsThemByTheNamesOfTheStack()
    {
        await new DerivedDefinitions(this).DeregisterAsync([], "refrag", Stop);
        Assert.Equal(["by-name", "by-revision", "by-arn"], _deregistered);
    }

    // Another state holds a stack of the same name, or a stack whose name begins alike.
    [Theory]
    [InlineData("refrag", "refrag-cpu-job-def", "by-revision")]
    [InlineData("ref", "", "")]
    public async Task DeregisterAsync_DefinitionIsStillActive_LeavesWhatWasDerivedFromIt(string prefix, string active, string deregistered)
    {
        _active = active;
        await new DerivedDefinitions(this).DeregisterAsync([], prefix, Stop);
        Assert.Equal(deregistered, string.Join(',', _deregistered));
    }

    [Fact]
    public async Task DeregisterAsync_AwsRefusesOne_SaysWhatIsLeftAndHowToRemoveIt()
    {
        _refused = "by-revision";
        DeregisteredDefinitions done = await new DerivedDefinitions(this).DeregisterAsync([], "refrag", Stop);
        Assert.Equal((1, "RF6045"), (done.Count, done.Problem!.Code));
        Assert.EndsWith("by-revision:1, by-arn:1", done.Problem.What, StringComparison.Ordinal);
        Assert.Contains("not authorized", done.Problem.Cause, StringComparison.Ordinal);
        // The next destroy continues.
        _refused = "";
        Assert.Equal(new DeregisteredDefinitions(2, null), await new DerivedDefinitions(this).DeregisterAsync([], "refrag", Stop));
    }

    [Fact]
    public async Task DeregisterAsync_AwsRefusesToList_SaysThatItIsNotKnown()
    {
        _refused = "list";
        Problem problem = (await new DerivedDefinitions(this).DeregisterAsync([], "refrag", Stop)).Problem!;
        Assert.EndsWith("is not known", problem.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Suffixes_DefinitionsOfTheStack_AreTheirNames()
    {
        string text = string.Concat(Directory.GetFiles(Path.Combine(Root(), "infra", "terraform"), "*.tf").Select(File.ReadAllText));
        IEnumerable<string> names = Regex.Matches(
            text, """resource "aws_batch_job_definition".*?\n\s+name\s+= "\$\{var\.name_prefix\}(?<suffix>[a-z-]+)\x22""",
            RegexOptions.Singleline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10)).Select(m => m.Groups["suffix"].Value);
        Assert.Equal(DerivedDefinitions.Suffixes.Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
    }

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "refrag.slnx"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    public Task<TResponse> SendAsync<TRequest,
        TResponse>(AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class => Task.FromResult((TResponse)Answer(request));

    private object Answer(object request)
    {
        if (request is DeregisterJobDefinitionRequest deregister)
        {
            if (deregister.JobDefinition == _refused) throw BatchException.Client("DeregisterJobDefinition", "not authorized");
            _deregistered.Add(deregister.JobDefinition);
            return new DeregisterJobDefinitionResponse();
        }
        if (_refused == "list") throw BatchException.Client("DescribeJobDefinitions", "not authorized");
        var describe = (DescribeJobDefinitionsRequest)request;
        Assert.Equal("ACTIVE", describe.Status);
        return describe.NextToken is null
            ? new DescribeJobDefinitionsResponse
            {
                NextToken = "2",
                JobDefinitions = Active([Derived("by-name", "refrag-cpu-job-def"), Derived("of-others", "team-cpu-job-def"),
                Derived(_active, null)]),
            }
            : new DescribeJobDefinitionsResponse
            {
                JobDefinitions = Active(
                [
                    Derived("by-revision", "refrag-gpu-job-def:7"),
                    Derived("by-arn", "arn:aws-us-gov:batch:us-gov-west-1:123456789012:job-definition/refrag-cpu-job-def:2"),
                ]),
            };
    }

    private JobDefinition[] Active(JobDefinition[] all) => [.. all.Where(d => !_deregistered.Contains(d.JobDefinitionArn))];

    private static JobDefinition Derived(string arn, string? from) => new()
    {
        JobDefinitionName = arn,
        JobDefinitionArn = arn,
        Revision = 1,
        Type = "container",
        Tags = from is null ? null : new Dictionary<string, string>(StringComparer.Ordinal) { ["refrag:derived-from"] = from },
    };

    private sealed class NoBatch : IAwsTransport
    {
        public Task<TResponse> SendAsync<TRequest,
            TResponse>(AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
            where TRequest : class
            where TResponse : class => throw new NotSupportedException();
    }
}

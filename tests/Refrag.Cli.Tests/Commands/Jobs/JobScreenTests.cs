using Refrag.Aws.Batch;
using Refrag.Cli.Commands.Jobs;
using Refrag.Cli.Terminal;

namespace Refrag.Cli.Tests.Commands.Jobs;

public sealed class JobScreenTests : IDisposable
{
    private static readonly JobDetail s_job = new()
    {
        JobId = "id",
        JobName = "train",
        JobQueue = "arn:aws:batch:us-east-1:123456789012:job-queue/cpu",
        JobDefinition = "arn:aws:batch:us-east-1:123456789012:job-definition/def:3",
        Status = "RUNNING",
        Container = new ContainerDetail { Image = "image", Command = ["sh", "-c", "echo it's"] },
    };

    private readonly TestProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task Lines_RunningJob_ShowNamesAndItsCommandAsAShellTakesIt()
    {
        string[] lines = await LinesAsync(s_job);

        Assert.Equal("train  RUNNING", lines[0]);
        Assert.Contains("  queue       cpu", lines);
        Assert.Contains("  definition  def:3", lines);
        Assert.Contains("  command     sh -c 'echo it'\\''s'", lines);
        Assert.DoesNotContain(lines, line => line.Contains("refrag why", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("RUNNABLE", "`refrag why id` says what it waits for.")]
    [InlineData("PENDING", "`refrag why id` says what it waits for.")]
    [InlineData("FAILED", "`refrag why id` says why it failed.")]
    public async Task Lines_JobThatWaitsOrFailed_EndWithTheCommandThatSaysWhy(string status, string last) =>
        Assert.Equal(last, (await LinesAsync(s_job with { Status = status }))[^1]);

    [Fact]
    public async Task Lines_Array_CountTheStatesThatChildrenAreIn()
    {
        string[] lines = await LinesAsync(s_job with
        {
            ArrayProperties = new ArrayPropertiesDetail
            {
                Size = 4,
                StatusSummary = new Dictionary<string, int> { ["RUNNING"] = 1, ["FAILED"] = 0, ["SUCCEEDED"] = 3 },
            },
            StatusReason = "a reason",
            DependsOn = [new JobDependency { JobId = "other" }, new JobDependency { Type = "SEQUENTIAL" }],
        });

        Assert.Equal("train  RUNNING: a reason", lines[0]);
        Assert.Contains("  children    4: 1 RUNNING, 3 SUCCEEDED", lines);
        Assert.Contains("  depends on  other, SEQUENTIAL", lines);
    }

    private async Task<string[]> LinesAsync(JobDetail job)
    {
        string[] lines = [];
        await _program.InSessionAsync(session =>
        {
            lines = [.. JobScreen.Lines(session, job, cost: null, usage: null).Select(line => Cell.TextOf(line))];
            return Task.CompletedTask;
        });
        return lines;
    }
}

using System.Text;
using Refrag.Aws;
using Refrag.Slurm.Commands;
using Refrag.Slurm.Jobs;
using Refrag.Slurm.Scripts;

namespace Refrag.Slurm.Tests.Jobs;

public sealed class ClusterReaderTests
{
    private const string Id = "01a22e9d-9256-7064-ba7c-9c40ffa500d1";

    // A row that came half may be half of the queue; the rest would count as ended.
    [Theory]
    [InlineData($"7|N/A|RUNNING|cpu|1|1|1|n1|None|train.{Id}\n8|N/A|RUN", "")]
    [InlineData($"7|N/A|RUNNING|cpu|1|1|1|n1|None|train.{Id}", "")]
    public async Task View_OfAQueueThatIsCutOff_IsNoAnswer(string queue, string files)
    {
        using ClusterReader reader = new(new FixedCommands(queue, files), new SlurmPlace(null, "/j"));
        BackendException fault = await Assert.ThrowsAsync<BackendException>(
            () => reader.ViewAsync("ListJobs", null, TestContext.Current.CancellationToken));

        Assert.Equal(("RF8201", "the answer was cut off", true), (fault.Problem.Code, fault.Problem.Cause, fault.MayPass));
    }

    [Fact]
    public async Task View_OfAWholeQueue_HasItsJobs()
    {
        using ClusterReader reader = new(
            new FixedCommands($"7|N/A|RUNNING|cpu|1|1|1|n1|None|train.{Id}\n8|N/A|RUNNING|cpu|1|1|1|n1|None|other\n", ""),
            new SlurmPlace(null, "/j"));

        Assert.Equal("7", Assert.Single((await reader.ViewAsync("ListJobs", null, TestContext.Current.CancellationToken)).Rows[Id]).JobId);
    }

    private sealed class FixedCommands(string queue, string files) : ISlurmCommands
    {
        public string Where => "this machine";

        public Task<CommandAnswer> RunAsync(string script, string input, TimeSpan limit, CancellationToken cancellationToken) =>
            Task.FromResult(
                new CommandAnswer(0, Encoding.UTF8.GetBytes(script.StartsWith("squeue", StringComparison.Ordinal) ? queue : files), ""));
    }
}

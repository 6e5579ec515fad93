using Refrag.Slurm.Commands;
using Refrag.Slurm.Jobs;

namespace Refrag.Slurm.Tests.Jobs;

/// <summary>The script that reads the files of jobs, as a shell runs it.</summary>
public sealed class JobFileReaderTests : IDisposable
{
    private const string Id = "01a22e9d-9256-7064-ba7c-9c40ffa500d1";
    private const string Absent = "01a22e9d-9256-7064-ba7c-9c40ffa500d2";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Script_OfNamedJobs_ReadsThoseThatAreThere()
    {
        Write("slurm", "7\n");
        Write("request.json", "");
        CommandAnswer answer = await RunAsync("");

        Assert.Equal((0, $"./{Id}/slurm:7\n"), (answer.ExitCode, answer.Text));
    }

    // As on a file system whose server is away: the job is there, and nothing is known of it.
    [Theory]
    [InlineData("find() { echo 'find: Input/output error' >&2; return 1; }\n")]
    [InlineData("find() { command find \"$@\"; echo 'find: Stale file handle' >&2; return 1; }\n")]
    public async Task Script_OfANamedJobThatCannotBeRead_Fails(string fault)
    {
        Write("slurm", "7\n");
        CommandAnswer answer = await RunAsync(fault);

        Assert.Equal((1, ""), (answer.ExitCode, answer.Text));
        Assert.StartsWith("find: ", answer.FirstError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Script_OfAJobThatIsNotThere_IsAnAnswer()
    {
        Directory.CreateDirectory(_folder.Path);
        CommandAnswer answer = await new ShellCommands(null).RunAsync(
            JobFileReader.Script(_folder.Path, [Absent]), "", TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.Equal((0, "", ""), (answer.ExitCode, answer.Text, answer.Error));
    }

    private void Write(string name, string content)
    {
        Directory.CreateDirectory(_folder.At(Id));
        File.WriteAllText(_folder.At($"{Id}/{name}"), content);
    }

    private Task<CommandAnswer> RunAsync(string before) => new ShellCommands(null).RunAsync(
        before + JobFileReader.Script(_folder.Path, [Id, Absent]), "", TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
}

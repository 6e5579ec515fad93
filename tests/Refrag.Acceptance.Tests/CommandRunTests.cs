namespace Refrag.Acceptance.Tests;

/// <summary>The first hour: a command of one's own, in a folder where nothing is, by a user whose home is empty.</summary>
public sealed class CommandRunTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("refrag-command");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Run_Command_PrintsWhatItPrintsAndEndsAsItEnds()
    {
        Finished run = await Mine().RunAsync("run", "--", "sh", "-c", "echo \"$1 in $PWD\"; exit 3", "sh", "a ${b} 'c'");

        Assert.Equal(3, run.ExitCode);
        Assert.Equal($"a ${{b}} 'c' in {_folder.FullName}\n", run.Output);
    }

    [Fact]
    public async Task Run_ScriptOfThisFolderWithoutItsInterpreter_SaysWhatToWrite()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "train.py"), "");

        Finished run = await Mine().RunAsync("run", "--", "train.py");
        Assert.Equal(127, run.ExitCode);
        Assert.Contains("RF7007 The command train.py was not found", run.Error, StringComparison.Ordinal);
        Assert.Contains("Name what runs it: python train.py", run.Error, StringComparison.Ordinal);
    }

    // What a container gets whose entry point is refrag though the submission took its image for another's.
    [Fact]
    public async Task Program_CommandInPlaceOfAVerb_IsRunInAJobAlone()
    {
        string[] words = ["sh", "-c", "echo \"$0 $1\"; exit 7", "a", "b c"];

        Finished job = await Mine().With("AWS_BATCH_JOB_ID", "4b6a1f2c").RunAsync(words);
        Finished elsewhere = await Mine().RunAsync(words);

        Assert.Equal((7, "a b c\n"), (job.ExitCode, job.Output));
        Assert.Equal((64, ""), (elsewhere.ExitCode, elsewhere.Output));
    }

    [Fact]
    public async Task Run_SweepOfACommand_ResumesWithTheSameCommandLines()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "job.sh"), "echo \"$@\" >>log\n[ -e go ] || [ \"$1\" = x=1 ]\n");

        Finished first = await Mine().RunAsync("run", "-m", "--manifest", "m.jsonl", "--", "sh", "job.sh", "x=1,2", "--y=a,b", "$z", "p,q");
        Assert.NotEqual(0, first.ExitCode);
        Assert.Equal(["x=1 --y=a $z p,q", "x=1 --y=b $z p,q", "x=2 --y=a $z p,q", "x=2 --y=b $z p,q"], Log());

        File.Delete(Path.Combine(_folder.FullName, "log"));
        File.WriteAllText(Path.Combine(_folder.FullName, "go"), "");
        Finished resumed = await Mine().RunAsync("run", "--resume", "m.jsonl");
        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        Assert.Equal(["x=2 --y=a $z p,q", "x=2 --y=b $z p,q"], Log());
    }

    [Fact]
    public async Task Init_ThenRun_RunsTheCommand()
    {
        Finished init = await Mine().RunAsync("init", "--", "echo", "--word", "hi");
        Assert.True(init.ExitCode == 0, init.ToString());

        Assert.Equal("--word hi\n", (await Mine().RunAsync("run")).Output);
        Assert.Equal("--word you\n", (await Mine().RunAsync("run", "word=you")).Output);
    }

    [Fact]
    public async Task InfraInit_EmptyFolder_HasTheStackAsInTheRepository()
    {
        Finished init = await Mine().RunAsync("infra", "init", "stack");

        Assert.True(init.ExitCode == 0, init.ToString());
        string stack = Path.Combine(Repository.Root, "infra", "terraform");
        foreach (string file in Directory.EnumerateFiles(stack, "*.tf").Append(Path.Combine(stack, "scripts", "drain.sh")))
            Assert.Equal(
                File.ReadAllText(file), File.ReadAllText(Path.Combine(_folder.FullName, "stack", Path.GetRelativePath(stack, file))));
        Assert.Equal("stack is up to date\n", (await Mine().RunAsync("infra", "init", "stack")).Output);

        File.AppendAllText(Path.Combine(_folder.FullName, "stack", "batch.tf"), "# mine\n");
        Finished refused = await Mine().RunAsync("infra", "init", "stack");
        Assert.Equal(64, refused.ExitCode);
        Assert.Contains("RF6046 stack holds other files of the same names: batch.tf", refused.Error, StringComparison.Ordinal);
        Assert.Equal("wrote 1 file to stack\n", (await Mine().RunAsync("infra", "init", "stack", "--force")).Output);
    }

    [Theory]
    [InlineData("--version")]
    [InlineData("config", "show")]
    public async Task Output_FullDisk_IsAnError(params string[] words)
    {
        Finished run = await BuiltProgram.FinishAsync(
            Mine().StartProgram("sh", ["-c", "exec \"$@\" >/dev/full", "sh", BuiltProgram.Path, .. words]),
            TestContext.Current.CancellationToken);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("No space left on device", run.Error, StringComparison.Ordinal);
    }

    private string[] Log() => [.. File.ReadAllLines(Path.Combine(_folder.FullName, "log")).Order(StringComparer.Ordinal)];

    private BuiltProgram Mine() =>
        new BuiltProgram { WorkingDirectory = _folder.FullName }.With("HOME", _folder.FullName).With("USER", null);
}

namespace Refrag.Cli.Tests.Commands.Infra;

public sealed class InfraInitVerbTests : IDisposable
{
    private readonly TestProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task Init_Directory_HoldsTheStackAndNamesWhatIsNotOfIt()
    {
        Assert.Equal(0, await InitAsync("stack"));
        Assert.True(File.Exists(_program.Folder.At("stack/batch.tf")));
        Assert.True(File.Exists(_program.Folder.At("stack/scripts/drain.sh")));
        Assert.DoesNotContain("Not from this version", _program.Error, StringComparison.Ordinal);

        File.WriteAllText(_program.Folder.At("stack/moved.tf"), "");
        Assert.Equal(0, await InitAsync("stack"));
        Assert.Contains("stack is up to date", _program.Output, StringComparison.Ordinal);
        Assert.Contains(
            "Not from this version of refrag, and read by Terraform all the same: moved.tf.", _program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Init_WhereAFileIs_SaysThatItCannotBeWritten()
    {
        File.WriteAllText(_program.Folder.At("stack"), "mine");

        Assert.Equal(64, await InitAsync("stack"));
        Assert.Contains("RF6047 stack cannot be written", _program.Error, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(_program.Folder.At("stack")));
    }

    private Task<int> InitAsync(string directory) => RefragCommandLine.RunAsync(_program.Context, ["infra", "init", directory]);
}

using Refrag.Cli.Configuration;
using Refrag.Composition;

namespace Refrag.Cli.Tests.Configuration;

public sealed class ConfigurationsTests : IDisposable
{
    private readonly TestProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public void Folders_NoneIsNamed_IsConfIfItExists()
    {
        Assert.Empty(Configurations.Folders(_program.Context, []));
        Directory.CreateDirectory(_program.Folder.At("conf"));

        Assert.Equal([_program.Folder.At("conf")], Configurations.Folders(_program.Context, []));
    }

    [Fact]
    public void Folders_Named_AreAbsoluteAndTheUsualOneIsNotAmongThem()
    {
        Directory.CreateDirectory(_program.Folder.At("conf"));

        Assert.Equal([_program.Folder.At("mine"), "/etc/refrag"], Configurations.Folders(_program.Context, ["mine", "/etc/refrag"]));
    }

    [Theory]
    [InlineData("seed=1,2,3 lr=0.1,0.2", 6)]
    [InlineData("seed=1", 1)]
    [InlineData("", 1)]
    public void Sweep_Overrides_HaveAJobForEachCombination(string overrides, int jobs) =>
        Assert.Equal(jobs, Configurations.Sweep(Composer(), overrides.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Value.Count);

    [Fact]
    public void Sweep_SeveralOverridesCannotBeRead_AreAllReported() =>
        Assert.Equal(2, Configurations.Sweep(Composer(), ["seed=[1", "lr=1", "a={"]).Problems.Count);

    [Fact]
    public void Groups_OfTheBuiltInConfiguration_AreAppsAndEnvironments() =>
        Assert.Equal(["app", "env"], ConfigGroups.Of(Composer()).Order(StringComparer.Ordinal));

    private Composer Composer() => Configurations.Composer(_program.Context, []).Value;
}

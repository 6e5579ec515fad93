using Refrag.Composition.Tree;

namespace Refrag.Composition.Tests.Composing;

/// <summary>Packages of Python in <c>hydra.searchpath</c>: a project's own are folders below it, others cannot be seen.</summary>
public sealed class SearchPathSettingTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("refrag-pkg");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("pkg://lab.conf", "lab/conf")]
    [InlineData("pkg://lab.conf", "src/lab/conf")]
    [InlineData("pkg://lab/conf", "lab/conf")]
    public void Compose_PackageBelowTheWorkingDirectory_IsLookedIn(string path, string folder)
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, folder, "model"));
        File.WriteAllText(Path.Combine(_folder.FullName, folder, "model", "vit.yaml"), "name: vit\n");

        Composition composed = Compose(path).Value;

        Assert.Equal(ConfigScalar.Of("vit"), ((ConfigMapping)composed.Config["model"]!)["name"]);
    }

    [Fact]
    public void Compose_PackageThatIsInstalledElsewhere_IsNamedWhereSomethingIsMissing()
    {
        Problem problem = Assert.Single(Compose("pkg://lab.conf").Problems);

        Assert.Equal("RF1506", problem.Code);
        Assert.Contains(
            $"pkg://lab.conf (no folder {_folder.FullName}/lab/conf or {_folder.FullName}/src/lab/conf)", problem.Cause,
            StringComparison.Ordinal);
        Assert.Contains("ConfigStore", problem.Cure, StringComparison.Ordinal);
    }

    private Result<Composition> Compose(string path) => Files.Composer(
        new() { ["config.yaml"] = $"defaults: [{{model: vit}}, _self_]\nhydra: {{searchpath: ['{path}']}}\n" },
        new ComposerOptions { Job = new JobFacts { Directory = _folder.FullName } }).Compose("config", []);
}

using System.Xml.Linq;

namespace Refrag.Acceptance.Tests;

/// <summary>The arrows between the projects point down only.</summary>
public sealed class ArrowTests
{
    // A project may use those on the right of it. What is not here is not allowed.
    private static readonly Dictionary<string, string[]> s_allowed = new(StringComparer.Ordinal)
    {
        ["Refrag.Core"] = [],
        ["Refrag.Apps"] = ["Refrag.Core"],
        ["Refrag.Composition"] = ["Refrag.Core"],
        ["Refrag.Aws"] = ["Refrag.Core"],
        ["Refrag.Scheduling"] = ["Refrag.Core"],
        ["Refrag.Runners"] = ["Refrag.Core", "Refrag.Aws"],
        ["Refrag.Engine"] = ["Refrag.Core", "Refrag.Aws", "Refrag.Scheduling", "Refrag.Runners"],
        ["Refrag.Slurm"] = ["Refrag.Core", "Refrag.Aws"],
        ["Refrag.Server"] = ["Refrag.Core", "Refrag.Aws"],
        ["Refrag"] = ["Refrag.Core", "Refrag.Apps", "Refrag.Composition", "Refrag.Aws", "Refrag.Scheduling"],
        ["Refrag.Dashboard"] = ["Refrag.Core", "Refrag.Aws", "Refrag", "Refrag.Server"],
        ["Refrag.ShippedApps"] = ["Refrag.Core", "Refrag.Apps"],
        ["Refrag.Testcontainers"] = [],
        ["Refrag.Cli"] = ["Refrag", "Refrag.Dashboard", "Refrag.Engine", "Refrag.Server", "Refrag.ShippedApps", "Refrag.Slurm"],
    };

    [Fact]
    public void Projects_References_PointDownOnly()
    {
        string[] projects = [.. Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories),
            .. Directory.GetFiles(Path.Combine(Repository.Root, "apps"), "*.csproj", SearchOption.AllDirectories)];
        Assert.Equal(s_allowed.Keys.Order(StringComparer.Ordinal),
            projects.Select(p => Path.GetFileNameWithoutExtension(p)).Order(StringComparer.Ordinal));

        foreach (string project in projects)
        {
            IEnumerable<string> references = XDocument.Load(project).Descendants("ProjectReference")
                .Select(r => Path.GetFileNameWithoutExtension((string)r.Attribute("Include")!));
            Assert.Empty(references.Except(s_allowed[Path.GetFileNameWithoutExtension(project)]));
        }
    }
}

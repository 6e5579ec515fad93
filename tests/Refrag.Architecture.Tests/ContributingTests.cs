using System.Xml.Linq;

namespace Refrag.Architecture.Tests;

/// <summary>CONTRIBUTING.md shows the layout as it is.</summary>
public sealed class ContributingTests
{
    [Fact]
    public void Layout_EveryProjectOfTheProduct_IsNamed()
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "CONTRIBUTING.md"));
        IEnumerable<string> folders = XDocument.Load(Path.Combine(Repository.Root, "refrag.slnx")).Descendants("Project")
            .Select(project => Path.GetDirectoryName((string)project.Attribute("Path")!)!.Replace('\\', '/'))
            .Where(folder => folder.StartsWith("src/", StringComparison.Ordinal) || folder.StartsWith("apps/", StringComparison.Ordinal));

        Assert.DoesNotContain(folders, folder => !text.Contains($"    {folder} ", StringComparison.Ordinal));
    }
}

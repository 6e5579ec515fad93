namespace Refrag.Engine.Tests;

/// <summary>A folder for state that goes with the test.</summary>
public sealed class StateFolderFixture : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Path => _folder.Path;

    public void Dispose() => _folder.Dispose();
}

namespace Refrag.Engine.Tests;

/// <summary>A folder for state that goes with the test.</summary>
public sealed class StateFolderFixture : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("refrag-state-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

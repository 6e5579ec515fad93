namespace Refrag.ShippedApps.Tests;

internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("refrag-apps-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

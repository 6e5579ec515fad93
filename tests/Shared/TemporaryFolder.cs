using System.Globalization;

namespace Refrag.Testing;

/// <summary>A folder that goes with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Directory.CreateDirectory(Path);

    public string Path { get; } =
        System.IO.Path.Combine(System.IO.Path.GetTempPath(), "refrag-" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture));

    public string At(string name) => System.IO.Path.Combine(Path, name);

    public long Bytes => Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A program that the test has ended may write a last file; what stays is the system's to remove.
        }
    }
}

[assembly: AssemblyFixture(typeof(Refrag.Acceptance.Tests.ScratchFolder))]

namespace Refrag.Acceptance.Tests;

/// <summary>Where the programs under test keep what they keep; gone when all tests have ended.</summary>
public sealed class ScratchFolder : IDisposable
{
    private static readonly string s_root = Directory.CreateTempSubdirectory("refrag-scratch").FullName;

    /// <summary>A new folder in it.</summary>
    public static string Make(string name) => Directory.CreateDirectory(Path.Combine(s_root, $"{name}-{Guid.NewGuid():N}")).FullName;

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(s_root, recursive: true);
        }
        catch (IOException)
        {
            // A program that was left to run still writes into it.
        }
    }
}

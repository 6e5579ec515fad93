using Refrag.Stores;

namespace Refrag.Tests.Stores;

/// <summary>Folders of attempts that begin and end at once on one machine.</summary>
public sealed class HeldFolderTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("refrag-held");

    public void Dispose() => _root.Delete(recursive: true);

    // The jobs of a sweep share the folder for temporary files: one may remove what another has just listed.
    [Fact]
    public async Task Make_ManyAtOnce_AreMadeAndRemoved()
    {
        const int Attempts = 8;
        const int Times = 200;
        await Task.WhenAll(Enumerable.Range(0, Attempts).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < Times; i++)
            {
                HeldFolder mine = HeldFolder.Make(_root.FullName, "results");
                Assert.True(Directory.Exists(mine.Content));
                mine.Remove();
            }
        }, TestContext.Current.CancellationToken)));

        Assert.Empty(_root.EnumerateFileSystemInfos());
    }
}

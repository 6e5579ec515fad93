using Refrag.Stores;

namespace Refrag.Tests.Stores;

/// <summary>Folders of attempts that begin and end at once on one machine.</summary>
public sealed class HeldFolderTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("refrag-held");

    public void Dispose() => _root.Delete(recursive: true);

    // A sweep's jobs share the folder for temporary files: what one of them lists, another one has removed before it is looked at.
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

    [Fact]
    public async Task Restrict_FileThatComesAndGoes_IsNoFault()
    {
        string file = Path.Combine(_root.FullName, "file");
        using var over = new CancellationTokenSource();
        Task restrictions = Task.Run(() =>
        {
            while (!over.IsCancellationRequested) PrivateFiles.Restrict(file);
        }, TestContext.Current.CancellationToken);
        for (int i = 0; i < 2000; i++)
        {
            File.WriteAllText(file, "");
            File.Delete(file);
        }
        await over.CancelAsync();
        await restrictions;
    }

    [Fact]
    public async Task CheckFolder_FolderThatComesAndGoes_IsNoFault()
    {
        string folder = Path.Combine(_root.FullName, "folder");
        using var over = new CancellationTokenSource();
        Task checks = Task.Run(() =>
        {
            while (!over.IsCancellationRequested) Assert.Null(PrivateFiles.CheckFolder(folder));
        }, TestContext.Current.CancellationToken);
        for (int i = 0; i < 2000; i++)
        {
            PrivateFiles.CreateFolder(folder);
            Directory.Delete(folder);
        }
        await over.CancelAsync();
        await checks;
    }
}

namespace Refrag.Core.Tests;

/// <summary>Folders that other processes change meanwhile.</summary>
public sealed class SharedFolderTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("refrag-shared");

    public void Dispose() => _root.Delete(recursive: true);

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
    public async Task RemoveFolder_WhileAnotherAddsToIt_IsRemoved()
    {
        string folder = Path.Combine(_root.FullName, "folder");
        using var over = new CancellationTokenSource();
        Task adds = Task.Run(() =>
        {
            for (int i = 0; !over.IsCancellationRequested; i++)
            {
                try
                {
                    File.WriteAllText(Path.Combine(folder, $"{i}"), "");
                }
                catch (IOException)
                {
                    // It is gone for the moment.
                }
            }
        }, TestContext.Current.CancellationToken);
        for (int i = 0; i < 300; i++)
        {
            PrivateFiles.CreateFolder(folder);
            PrivateFiles.RemoveFolder(folder);
            Assert.False(Directory.Exists(folder));
        }
        await over.CancelAsync();
        await adds;
        PrivateFiles.RemoveFolder(folder);
        Assert.Empty(_root.EnumerateFileSystemInfos());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(99)]
    public void RemoveFolder_RemovalThatFailsForAWhile_IsTriedAgain(int failures)
    {
        string folder = _root.CreateSubdirectory("folder").FullName;
        int tries = 0;
        PrivateFiles.RemoveFolder(folder, path =>
        {
            if (tries++ < failures) throw new IOException("Directory not empty");
            Directory.Delete(path);
        });
        Assert.Equal(failures + 1, tries);
        Assert.Empty(_root.EnumerateFileSystemInfos());
    }

    [Fact]
    public void RemoveFolder_RemovalThatAlwaysFails_LeavesTheFolderUnderItsName()
    {
        string folder = _root.CreateSubdirectory("folder").FullName;
        Assert.Throws<IOException>(() => PrivateFiles.RemoveFolder(folder, _ => throw new IOException("Directory not empty")));
        Assert.Equal(["folder"], _root.EnumerateFileSystemInfos().Select(left => left.Name));
    }
}

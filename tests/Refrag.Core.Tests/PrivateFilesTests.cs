using System.Text.RegularExpressions;

namespace Refrag.Core.Tests;

/// <summary>Files with anything of jobs in them are for their owner alone.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed partial class PrivateFilesTests : IDisposable
{
    private const UnixFileMode File600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Folder700 = File600 | UnixFileMode.UserExecute;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("refrag-private");

    [Theory]
    [InlineData(FileMode.Create)]
    [InlineData(FileMode.OpenOrCreate)]
    [InlineData(FileMode.Append)]
    [InlineData(FileMode.Open)]
    public void Open_FileWithAWiderMode_IsRestricted(FileMode mode)
    {
        string file = In("file");
        File.WriteAllText(file, "");
        File.SetUnixFileMode(file, File600 | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        PrivateFiles.Open(file, mode, FileAccess.Write).Dispose();
        Assert.Equal(File600, File.GetUnixFileMode(file));
    }

    [Fact]
    public void Open_Device_KeepsItsMode()
    {
        UnixFileMode before = File.GetUnixFileMode("/dev/null");
        PrivateFiles.Open("/dev/null", FileMode.Append, FileAccess.Write, bufferSize: 0).Dispose();
        Assert.Equal(before, File.GetUnixFileMode("/dev/null"));
    }

    [Fact]
    public void CreateFolder_MissingParents_AreForTheOwnerAloneToo()
    {
        PrivateFiles.CreateFolder(In("a/b/c"));
        Assert.All((string[])[In("a"), In("a/b"), In("a/b/c")], folder => Assert.Equal(Folder700, File.GetUnixFileMode(folder)));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead | UnixFileMode.GroupExecute, true, true)]
    [InlineData(UnixFileMode.GroupWrite, false, true)]
    [InlineData(UnixFileMode.GroupWrite, true, false)]
    [InlineData(UnixFileMode.OtherWrite, true, false)]
    public void SecureFolder_OfThisUser_IsRestrictedUnlessOthersMayHaveFilledIt(UnixFileMode others, bool isFull, bool isTaken)
    {
        string folder = In("state");
        Directory.CreateDirectory(folder);
        if (isFull) File.WriteAllText(Path.Combine(folder, "state.db"), "");
        File.SetUnixFileMode(folder, Folder700 | others);
        Problem? problem = PrivateFiles.SecureFolder(folder);
        Assert.Equal(isTaken ? null : "RF4025", problem?.Code);
        Assert.Equal(isTaken ? Folder700 : Folder700 | others, File.GetUnixFileMode(folder));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.OtherExecute, true)]
    [InlineData(UnixFileMode.GroupWrite, false)]
    [InlineData(UnixFileMode.OtherWrite, false)]
    public void CheckFolder_OfThisUser_IsTrustedUnlessOthersMayWrite(UnixFileMode others, bool isTrusted)
    {
        string folder = In("runs");
        Assert.Null(PrivateFiles.CheckFolder(folder));
        Directory.CreateDirectory(folder);
        File.SetUnixFileMode(folder, Folder700 | others);
        Assert.Equal(isTrusted ? null : "RF4025", PrivateFiles.CheckFolder(folder)?.Code);
        Assert.Equal(Folder700 | others, File.GetUnixFileMode(folder));
    }

    [Fact]
    public void Sources_NoneCreatesFilesAnotherWay()
    {
        // Public prices, the project's own configuration and infrastructure, control groups of the kernel, a file that is removed before
        // anything is in it, a library without secrets, in a folder of its own, and a store that several users share.
        string[] allowed =
        [
            "PrivateFiles.cs", "CatalogueFolder.cs", "EnvironmentConfig.cs", "InitVerb.cs", "InfraInitVerb.cs", "CgroupFiles.cs",
            "UnnamedFile.cs", "CarriedLibrary.cs", "WholeFile.cs", "LostCreations.cs",
        ];
        string[] others = [.. Directory.EnumerateFiles(
            Path.Combine(RepositoryRoot(AppContext.BaseDirectory), "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !allowed.Contains(Path.GetFileName(file)) && Creates().IsMatch(File.ReadAllText(file)))];
        Assert.Empty(others);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [GeneratedRegex(
        @"\bFile\.(Create|WriteAll\w+|AppendAll\w+|OpenWrite|AppendText|CreateText)\(|\bDirectory\.CreateDirectory\("
            + @"|(new FileStream|File\.Open(Handle)?)\([^;]*FileMode\.(\w*Create\w*|Append)|new StreamWriter\([a-z]\w*[,)]",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Creates();

    private string In(string name) => Path.Combine(_folder.FullName, name);

    private static string RepositoryRoot(string folder) =>
        File.Exists(Path.Combine(folder, "refrag.slnx")) ? folder : RepositoryRoot(Path.GetDirectoryName(folder)!);
}

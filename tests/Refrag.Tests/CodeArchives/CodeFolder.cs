using System.Diagnostics;
using Refrag.Aws;
using Refrag.CodeArchives;

namespace Refrag.Tests.CodeArchives;

/// <summary>A folder with code, a store and a folder for temporary files, that go with the test.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
internal sealed class CodeFolder : IDisposable
{
    private readonly DirectoryInfo _all = Directory.CreateTempSubdirectory("refrag-code-tests");

    public CodeFolder()
    {
        Directory.CreateDirectory(Root);
        Directory.CreateDirectory(Temporary);
    }

    public string Root => Path.Combine(_all.FullName, "project");

    public string Store => Path.Combine(_all.FullName, "store");

    public string Temporary => Path.Combine(_all.FullName, "tmp");

    public string StoreUrl => new Uri(Store).AbsoluteUri;

    public ICodeStore OpenStore() => new FileCodeStore(Store, TimeProvider.System);

    /// <summary>Writes a file, and the folders above it.</summary>
    public CodeFolder With(string path, string text = "x", bool isExecutable = false)
    {
        string full = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        if (isExecutable) File.SetUnixFileMode(full, File.GetUnixFileMode(full) | UnixFileMode.UserExecute);
        return this;
    }

    public CodeFolder WithLink(string path, string target)
    {
        File.CreateSymbolicLink(Path.Combine(Root, path), target);
        return this;
    }

    /// <summary>Runs git in the folder of the code, with settings of no user.</summary>
    public CodeFolder Git(params string[] arguments)
    {
        RunGit(arguments);
        return this;
    }

    public string RunGit(params string[] arguments)
    {
        var start = new ProcessStartInfo(
            "git", ["-C", Root, "-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        using Process git = Process.Start(start)!;
        string output = git.StandardOutput.ReadToEnd();
        string errors = git.StandardError.ReadToEnd();
        git.WaitForExit();
        Assert.True(git.ExitCode == 0, errors);
        return output;
    }

    public CodeSource Source(int limit = CodeSource.DefaultLimit, params string[] include) => new(Root, StoreUrl, limit, include);

    public Task<Result<CodePackage>> PackAsync(CodeSource? source = null, CodeIndex? index = null) =>
        CodePackage.MakeAsync(source ?? Source(), "/", place: null, index, TestContext.Current.CancellationToken);

    /// <summary>The paths of the archive; the test fails if there is none.</summary>
    public async Task<string[]> PathsAsync(CodeSource? source = null)
    {
        Result<CodePackage> package = await PackAsync(source);
        Assert.True(package.IsSuccess, string.Join("\n", package.Problems));
        return [.. package.Value.Listing.Files.Select(file => file.Path)];
    }

    /// <summary>The one problem of the archive.</summary>
    public async Task<Problem> ProblemAsync(CodeSource? source = null) => Assert.Single((await PackAsync(source)).Problems);

    /// <summary>Archives the code, and unpacks it as a job does.</summary>
    public async Task<string> RoundTripAsync(CodeSource? source = null)
    {
        CodePackage package = (await PackAsync(source)).Value;
        Assert.Null(await package.UploadAsync(OpenStore(), TestContext.Current.CancellationToken));
        Result<string> folder = await CheckOutAsync(OpenStore().UrlOf(package.Digest), package.Digest);
        Assert.True(folder.IsSuccess, string.Join("\n", folder.Problems));
        return folder.Value;
    }

    public Task<Result<string>> CheckOutAsync(string url, string? digest) =>
        CodeCheckout.MakeAsync(url, digest, Temporary, new AwsClientOptions(), TestContext.Current.CancellationToken);

    public void Dispose() => _all.Delete(recursive: true);
}

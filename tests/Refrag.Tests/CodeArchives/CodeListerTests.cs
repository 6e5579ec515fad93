using Refrag.CodeArchives;

namespace Refrag.Tests.CodeArchives;

/// <summary>Which files are the code.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class CodeListerTests : IDisposable
{
    private readonly CodeFolder _code = new();

    public void Dispose() => _code.Dispose();

    [Fact]
    public async Task List_Repository_IsWhatGitTracksAndDoesNotIgnore()
    {
        _code.With(".gitignore", "*.bin\n").With("train.py").With("kept.bin").With("gone.py").Git("init", "-q")
            .Git("add", "-f", ".").Git("commit", "-qm", "first").With("new.py").With("data.bin").With("outputs/run/1.txt");
        File.Delete(Path.Combine(_code.Root, "gone.py"));

        Assert.Equal([".gitignore", "kept.bin", "new.py", "train.py"], await _code.PathsAsync());
    }

    [Fact]
    public async Task List_FoldersThatComeAndGo_IsNoFault()
    {
        _code.With("train.py");
        using var over = new CancellationTokenSource();
        Task changes = Task.Run(() =>
        {
            while (!over.IsCancellationRequested)
                Directory.Delete(Directory.CreateDirectory(Path.Combine(_code.Root, "temporary")).FullName);
        }, TestContext.Current.CancellationToken);
        for (int i = 0; i < 500; i++) Assert.Equal(["train.py"], await _code.PathsAsync());
        await over.CancelAsync();
        await changes;
    }

    [Fact]
    public async Task List_FolderOfARepository_IsThatFolderAlone()
    {
        _code.With("other.py").With("sub/a.py").With("sub/deep/b.py").Git("init", "-q").Git("add", ".");

        Assert.Equal(["a.py", "deep/b.py"], await _code.PathsAsync(_code.Source() with { Path = Path.Combine(_code.Root, "sub") }));
    }

    [Theory]
    [InlineData("sub", "")]
    [InlineData("", "sub")]
    public async Task List_LinkIntoARepository_IsListedByGit(string target, string below)
    {
        _code.With(".gitignore", "*.bin\n").With("sub/a.py").With("sub/data.bin").Git("init", "-q").Git("add", ".");
        string link = Path.Combine(_code.Temporary, "link");
        File.CreateSymbolicLink(link, Path.Combine(_code.Root, target));

        Assert.Equal(["a.py"], await _code.PathsAsync(_code.Source() with { Path = Path.Combine(link, below) }));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task List_StoreOfResults_IsLeftOut(bool isRepository)
    {
        const string Id = "5f0c4a52-6b9e-4b53-9a1c-0c4f4a2b7e11";
        _code.With("train.py").With($"store/{Id}/attempt-1/files/model").With($"store/{Id}/12/attempt-2/index.json")
            .With($"deep/store/{Id}/node-1/attempt-1/index.json").With($"results/{Id}/model").With("data/attempt-1/x");
        if (isRepository) _code.Git("init", "-q");

        Assert.Equal(["data/attempt-1/x", $"results/{Id}/model", "train.py"], await _code.PathsAsync());
    }

    [Fact]
    public async Task List_OwnIgnoreFile_HasTheLastWord()
    {
        _code.With(".gitignore", "*.bin\nbig/\n").With("train.py").With("doc/a.md").With("model.bin").With("big/x").With("big/y")
            .With("z.bin").With(".refragignore", "doc/\n!model.bin\n!/big/\n/big/y\n").Git("init", "-q").Git("add", ".");

        Assert.Equal([".gitignore", ".refragignore", "big/x", "model.bin", "train.py"], await _code.PathsAsync());
    }

    [Fact]
    public async Task List_RepositoryWithinARepository_IsListedByItsOwnRules()
    {
        _code.With("train.py").With("lib/.gitignore", "*.tmp\n").With("lib/a.py").With("lib/b.tmp").Git("init", "-q")
            .Git("init", "-q", "lib");

        Assert.Equal(["lib/.gitignore", "lib/a.py", "train.py"], await _code.PathsAsync());
    }

    [Fact]
    public async Task List_FolderOutsideOfARepository_IsWithoutTheUsual()
    {
        _code.With("train.py").With("pkg/m.py").With("pkg/__pycache__/m.pyc").With(".venv/bin/python").With("env2/pyvenv.cfg")
            .With("env2/x").With("node_modules/x/index.js").With("outputs/a").With("pkg/outputs/kept").With(".mypy_cache/x")
            .With(".DS_Store");

        Assert.Equal(["pkg/m.py", "pkg/outputs/kept", "train.py"], await _code.PathsAsync());
    }

    [Fact]
    public async Task List_RepositoriesBelowAFolderThatIsNone_AreListedByTheirOwnRules()
    {
        _code.With("train.py").With("lib/.gitignore", "*.tmp\n").With("lib/a.py").With("lib/b.tmp").With("tree/c.py")
            .Git("init", "-q", "lib").Git("init", "-q", "--separate-git-dir", Path.Combine(_code.Temporary, "tree.git"), "tree");
        Assert.True(File.Exists(Path.Combine(_code.Root, "tree", ".git")));

        Assert.Equal(["lib/.gitignore", "lib/a.py", "train.py", "tree/c.py"], await _code.PathsAsync());
    }

    [Fact]
    public async Task List_VirtualEnvironmentAndCaches_AreNotTakenFromARepositoryEither()
    {
        _code.With("train.py").With("env/pyvenv.cfg").With("env/x").With("a/__pycache__/x.pyc").Git("init", "-q").Git("add", "-f", ".");

        Assert.Equal(["train.py"], await _code.PathsAsync());
    }

    [Fact]
    public async Task List_UsualFolderThatIsTakenBack_IsTaken()
    {
        _code.With("train.py").With("outputs/model").With(".refragignore", "!outputs/\n");

        Assert.Equal([".refragignore", "outputs/model", "train.py"], await _code.PathsAsync());
    }

    [Theory]
    [InlineData(".env")]
    [InlineData("conf/prod.env")]
    [InlineData(".env.local")]
    [InlineData("certs/server.PEM")]
    [InlineData("id_rsa")]
    [InlineData(".aws/credentials")]
    [InlineData("service-account-7.json")]
    public async Task List_FileThatLooksLikeASecret_IsRefusedUnlessNamed(string secret)
    {
        _code.With("train.py").With(secret);

        Problem problem = await _code.ProblemAsync();
        Assert.Equal("RF8004", problem.Code);
        Assert.Contains(secret, problem.What, StringComparison.Ordinal);
        Assert.Contains(secret, await _code.PathsAsync(_code.Source(include: secret)));
    }

    [Theory]
    [InlineData(".env.example")]
    [InlineData("env.py")]
    [InlineData("keys.py")]
    [InlineData("environment.yaml")]
    public async Task List_FileThatLooksLikeNone_IsTaken(string file) => Assert.Equal([file], await _code.With(file).PathsAsync());

    [Fact]
    public async Task List_SecretThatGitIgnores_IsLeftOutUnlessNamed()
    {
        _code.With("train.py").With(".env").With(".gitignore", ".env\n").Git("init", "-q");

        Assert.Equal([".gitignore", "train.py"], await _code.PathsAsync());
        Assert.Equal([".env", ".gitignore", "train.py"], await _code.PathsAsync(_code.Source(include: ".env")));
        Assert.Equal("RF8012", (await _code.ProblemAsync(_code.Source(include: "none"))).Code);
        Assert.Equal("RF8012", (await _code.ProblemAsync(_code.Source(include: "../x"))).Code);
    }

    [Fact]
    public async Task List_TrackedFolderThatIsALinkNow_IsTheLinkAlone()
    {
        _code.With("old/deep/x").With("new/deep/x").Git("init", "-q").Git("add", ".");
        Directory.Delete(Path.Combine(_code.Root, "old"), recursive: true);
        _code.WithLink("old", "new");

        Assert.Equal(["new/deep/x", "old"], await _code.PathsAsync());
        Assert.Equal("x", File.ReadAllText(Path.Combine(await _code.RoundTripAsync(), "old/deep/x")));
        Assert.Equal("RF8012", (await _code.ProblemAsync(_code.Source(include: "old/deep/x"))).Code);
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../outside")]
    [InlineData("a/../../x")]
    [InlineData("a/..")]
    public async Task List_LinkThatLeavesTheFolder_IsRefused(string target)
    {
        _code.With("a/x").WithLink("link", target);

        Problem problem = await _code.ProblemAsync();
        Assert.Equal("RF8005", problem.Code);
        Assert.Contains($"link -> {target}", problem.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_NameThatIsNotUtf8_IsRefused()
    {
        _code.With("train.py");
        await ShellAsync("touch \"$0/$(printf 'a\\377b')\"");
        Problem[] problems = [await _code.ProblemAsync(), await _code.Git("init", "-q").ProblemAsync()];
        // .NET could not remove it.
        await ShellAsync("rm -f \"$0\"/a*");

        Assert.All(problems, problem => Assert.Equal("RF8006", problem.Code));
    }

    private async Task ShellAsync(string script)
    {
        using var shell = System.Diagnostics.Process.Start("sh", ["-c", script, _code.Root]);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task List_MoreThanTheLimit_NamesTheLargestAndTheCure()
    {
        _code.With("train.py").With("small.txt").With("data/large.bin", new string('x', (3 * 1024 * 1024) + 1));

        Problem problem = await _code.ProblemAsync(_code.Source(limit: 2));
        Assert.Equal("RF8007", problem.Code);
        Assert.StartsWith("The largest are data/large.bin (3.0 MiB), small.txt", problem.Cause, StringComparison.Ordinal);
        Assert.Contains("env.code_limit=4", problem.Cure, StringComparison.Ordinal);
        Assert.Equal(3, (await _code.PathsAsync(_code.Source(limit: 4))).Length);
    }

    [Fact]
    public async Task List_NothingThere_IsRefused()
    {
        Assert.Equal("RF8009", (await _code.ProblemAsync()).Code);
        Assert.Equal("RF8001", (await _code.ProblemAsync(_code.Source() with { Path = "/no/such/folder" })).Code);
    }

    [Fact]
    public async Task List_SeveralMistakes_AreReportedAtOnce()
    {
        _code.With(".env").WithLink("link", "/etc").With("x", new string('x', 2 * 1024 * 1024));

        IReadOnlyList<Problem> problems = (await _code.PackAsync(_code.Source(limit: 1))).Problems;
        Assert.Equal(["RF8004", "RF8005", "RF8007"], problems.Select(problem => problem.Code));
    }

    [Fact]
    public async Task List_Repository_KnowsCommitBranchAndChanges()
    {
        _code.With("train.py").Git("init", "-q");
        Assert.Equal(new GitState(null, "main", IsDirty: true), (await _code.PackAsync()).Value.Listing.Git);

        _code.Git("add", ".").Git("commit", "-qm", "first");
        string commit = _code.RunGit("rev-parse", "HEAD").Trim();
        Assert.Equal(new GitState(commit, "main", IsDirty: false), (await _code.PackAsync()).Value.Listing.Git);

        _code.With("new.py").Git("checkout", "-q", "--detach");
        Assert.Equal(new GitState(commit, null, IsDirty: true), (await _code.PackAsync()).Value.Listing.Git);
    }
}

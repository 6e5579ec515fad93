using System.CommandLine;

namespace Refrag.Cli.Tests;

/// <summary>Help, and a word where a command is expected.</summary>
public sealed class VerbHelpTests : IDisposable
{
    private readonly TestProgram _program = new();

    public static TheoryData<string> Verbs
    {
        get
        {
            using TestProgram program = new();
            return [.. Names(RootVerb.Create(program.Context), [])];
        }
    }

    public void Dispose() => _program.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("help")]
    [InlineData("--help")]
    public async Task Help_OfRefrag_NamesEveryCommandAndAnExample(string line)
    {
        Assert.Equal(0, await RefragCommandLine.RunAsync(_program.Context, line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

        foreach (Command verb in RootVerb.Create(_program.Context).Subcommands.Where(verb => !verb.Hidden))
            Assert.Contains($"\n  {verb.Name} ", _program.Output, StringComparison.Ordinal);
        Assert.Contains("refrag run -- python train.py", _program.Output, StringComparison.Ordinal);
        Assert.All(_program.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
        Assert.Empty(_program.Error);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Help_OfEachCommand_IsPrinted(string name)
    {
        string[] words = name.Split(' ');

        Assert.Equal(0, await RefragCommandLine.RunAsync(_program.Context, [.. words, "--help"]));
        Assert.Equal(0, await RefragCommandLine.RunAsync(_program.Context, ["help", .. words]));
        Assert.EndsWith("Guides and reference: docs/README.md in refrag's repository.\n", _program.Output, StringComparison.Ordinal);
        Assert.Empty(_program.Error);
    }

    [Theory]
    [InlineData("run", "[<override>...]")]
    [InlineData("config explain", "<key> [<override>...]")]
    [InlineData("wait", "[<job>...]")]
    [InlineData("shell", "[<job>...]")]
    [InlineData("terminate", "[<job>...]")]
    [InlineData("sweep show", "[<manifest>...]")]
    [InlineData("queues", "[<queue>...]")]
    [InlineData("envs", "[<environment>...]")]
    public async Task Help_OfACommand_NamesItsArgumentsForWhatTheyAre(string name, string arguments)
    {
        Assert.Equal(0, await RefragCommandLine.RunAsync(_program.Context, [.. name.Split(' '), "--help"]));
        Assert.Contains($" {name} {arguments} [options]\n", _program.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RF5006 refrag has no command jbos", "Did you mean jobs?", "jbos")]
    [InlineData("RF5006 refrag config has no command shwo", "Did you mean show?", "config", "shwo")]
    public async Task Run_UnknownCommand_IsAnsweredWithTheNearest(string what, string hint, params string[] words)
    {
        Assert.Equal(64, await RefragCommandLine.RunAsync(_program.Context, words));
        Assert.Contains(what, _program.Error, StringComparison.Ordinal);
        Assert.Contains(hint, _program.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train.py", false, "refrag run -- python train.py.")]
    [InlineData("train.py", true, "refrag run -- python train.py.")]
    [InlineData("a.sh", false, "refrag run -- sh a.sh.")]
    [InlineData("a.sh", true, "refrag run -- ./a.sh.")]
    [InlineData("/a.sh", true, "refrag run -- /")]
    public async Task Run_FileInPlaceOfACommand_IsAnsweredWithTheCommandLine(string name, bool isExecutable, string line)
    {
        string file = _program.Folder.At(name.TrimStart('/'));
        File.WriteAllText(file, "");
        if (isExecutable && !OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        Assert.Equal(64, await RefragCommandLine.RunAsync(_program.Context, [name.StartsWith('/') ? file : name]));
        Assert.Contains(line, _program.Error, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Names(Command above, string[] prefix) =>
        above.Subcommands.Where(verb => !verb.Hidden)
            .SelectMany(verb => Names(verb, [.. prefix, verb.Name]).Prepend(string.Join(' ', [.. prefix, verb.Name])));
}

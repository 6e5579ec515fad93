using System.CommandLine;
using Refrag.Apps;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;

namespace Refrag.Cli.Tests;

/// <summary>
/// What a command has at hand, without a process: its output is kept, it has the test's variables alone, keeps no runs unless they name a
/// folder for them, stands in an empty folder, and waits end at once.
/// </summary>
internal sealed class TestProgram : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly TemporaryFolder _folder = new();

    public TestProgram(params (string Name, string Value)[] variables)
    {
        Dictionary<string, string> known = new(StringComparer.Ordinal) { ["REFRAG_RUNS"] = "none" };
        foreach ((string name, string value) in variables) known[name] = value;
        Context = new CliContext
        {
            Terminal = new Cli.Terminal.Terminal(_output, _error, static _ => null, outputIsTerminal: false, errorIsTerminal: false),
            Apps = new AppRegistry(),
            Time = Time,
            Variable = known.GetValueOrDefault,
            WorkingDirectory = _folder.Path,
            Signals = new Signals(),
        };
    }

    public CliContext Context { get; init; }

    public PassingTime Time { get; } = new();

    /// <summary>The folder of <see cref="CliContext.WorkingDirectory"/>.</summary>
    public TemporaryFolder Folder => _folder;

    public string Output => _output.ToString();

    public string Error => _error.ToString();

    /// <summary>Runs code in the session that the words of a command line open.</summary>
    public Task InSessionAsync(Func<QuerySession, Task> use, params string[] words) =>
        InSessionAsync((session, _) => use(session), [], words);

    /// <summary>The same of a command with options of its own.</summary>
    public async Task InSessionAsync(Func<QuerySession, ParseResult, Task> use, Option[] own, params string[] words)
    {
        QueryOptions options = new();
        ParseResult parsed = options.Verb("look", "", own).Parse(words);
        Assert.Empty(parsed.Errors);
        int exit = await QuerySession.RunAsync(Context, options, parsed, async session =>
        {
            await use(session, parsed);
            return ExitCodes.Success;
        });
        Assert.True(exit == ExitCodes.Success, Error);
    }

    public void Dispose()
    {
        Context.Signals.Dispose();
        _folder.Dispose();
        _output.Dispose();
        _error.Dispose();
    }
}

using System.Text.RegularExpressions;
using Refrag.Cli.Context;
using Refrag.Composition;

namespace Refrag.Cli.Configuration;

/// <summary>
/// A command that runs a script of Hydra's, as far as it can be seen without running it. Its overrides are composed here as the script
/// will, so that a misspelt one does not wait for a machine first.
/// </summary>
/// <param name="Script">The script, as it was typed.</param>
internal sealed partial record HydraProgram(string Script)
{
    // Options of Hydra's that take the next word.
    private static readonly string[] s_withValue =
        ["--config-path", "-cp", "--config-name", "-cn", "--config-dir", "-cd", "--package", "-p", "--cfg", "-c", "--info", "-i"];

    private Composer? _composer;
    private string _configName = "config";
    private bool _isSweep;

    /// <summary>Why its overrides are not checked; null if they are.</summary>
    public string? Unchecked { get; private init; }

    /// <summary>The options of a group of the program's, for <c>glob(…)</c>.</summary>
    public IReadOnlyList<string> Options(string group) => _composer?.Options(group) ?? [];

    /// <summary>Finds it; null for a command that is not Hydra's.</summary>
    /// <param name="context">The process.</param>
    /// <param name="folders">Folders that were named with <c>--config-dir</c>, and are the program's; empty to read them from the
    /// script.</param>
    /// <param name="command">The program and its arguments.</param>
    public static HydraProgram? Find(CliContext context, IReadOnlyList<string> folders, IReadOnlyList<string> command)
    {
        if (Scripts(command).FirstOrDefault(script => File.Exists(Path.Combine(context.WorkingDirectory, script))) is not { } script
            || Read(Path.Combine(context.WorkingDirectory, script)) is not { } text
            || HydraMain().Match(text) is not { Success: true } main)
            return null;
        var program = new HydraProgram(script);
        if (MadeInPython().Match(text) is { Success: true } made)
            return program with { Unchecked = $"parts of its configuration are made in Python ({made.Value})" };
        IReadOnlyList<string> options = program.Arguments(command);
        string? path = Given(options, "--config-path", "-cp") ?? Literal(main, "config_path");
        string? name = Given(options, "--config-name", "-cn") ?? Literal(main, "config_name");
        string at = Path.GetDirectoryName(Path.Combine(context.WorkingDirectory, script))!;
        string[] used = folders.Count > 0 ? [.. folders.Select(folder => Path.Combine(context.WorkingDirectory, folder))]
            : path is null ? [] : [Path.Combine(at, path)];
        if (Given(options, "--config-dir", "-cd") is { } more) used = [.. used, Path.Combine(context.WorkingDirectory, more)];
        return program.Over(context.WorkingDirectory, [.. used.Select(Path.GetFullPath)], name, options);
    }

    /// <summary>What is wrong with the overrides of a command; empty if nothing is, or if they are not checked.</summary>
    /// <param name="command">The program and its arguments.</param>
    public IReadOnlyList<Problem> Check(IReadOnlyList<string> command)
    {
        if (_composer is null || Unchecked is not null) return [];
        IReadOnlyList<string> overrides = OverridesOf(Arguments(command));
        ComposeMode mode = _isSweep ? ComposeMode.Sweep : ComposeMode.Run;
        IReadOnlyList<Problem> problems = _composer.Compose(_configName, overrides, mode).Problems;
        // What does not stand in the user's words may be a limit of what can be seen from here: the program knows better.
        return problems.All(problem => problem.Place is ArgumentPlace) ? problems : [];
    }

    /// <summary>Whether the program's own configuration has a key or a group at its top level.</summary>
    public bool Has(string key) => _composer is not null
        && (_composer.Groups().Contains(key)
            || (_composer.Compose(_configName, [], ComposeMode.Sweep).TryGet(out Composition.Composition? all, out _)
                && all.Config[key] is not null));

    private HydraProgram Over(string directory, string[] folders, string? name, IReadOnlyList<string> options)
    {
        if (name is null || folders.Length == 0) return this with { Unchecked = "its script does not say where its configuration is" };
        if (!Array.TrueForAll(folders, Directory.Exists)) return this with { Unchecked = $"there is no folder {folders[0]}" };
        name = name.EndsWith(".yaml", StringComparison.Ordinal) ? name[..^".yaml".Length] : name;
        var composer = new Composer(SearchPath.FromDirectories(folders), new ComposerOptions
        {
            Hydra = HydraPart.BuiltIn,
            Job = new JobFacts { Name = Path.GetFileNameWithoutExtension(Script), Directory = directory },
        });
        IReadOnlyList<Problem> problems = composer.Compose(name, [], ComposeMode.Sweep).Problems;
        return problems.Count > 0
            ? this with { Unchecked = problems[0].What }
            : this with { _composer = composer, _configName = name, _isSweep = options.Any(word => word is "-m" or "--multirun") };
    }

    // What stands behind the script.
    private IReadOnlyList<string> Arguments(IReadOnlyList<string> command) =>
        [.. command.Skip(1 + Enumerable.Range(0, command.Count).FirstOrDefault(at => IsScript(command, at), command.Count))];

    private bool IsScript(IReadOnlyList<string> command, int at) => Scripts(command, at).Contains(Script);

    private static IEnumerable<string> Scripts(IReadOnlyList<string> command) =>
        Enumerable.Range(0, command.Count).SelectMany(at => Scripts(command, at));

    // The files that a word may run: itself, or a module as a file.
    private static IEnumerable<string> Scripts(IReadOnlyList<string> command, int at)
    {
        if (command[at].EndsWith(".py", StringComparison.Ordinal)) yield return command[at];
        if (at == 0 || command[at - 1] != "-m") yield break;
        string module = command[at].Replace('.', '/');
        yield return $"{module}.py";
        yield return $"{module}/__main__.py";
    }

    private static List<string> OverridesOf(IReadOnlyList<string> arguments)
    {
        List<string> overrides = [];
        for (int i = 0; i < arguments.Count; i++)
        {
            if (s_withValue.Contains(arguments[i])) i++;
            else if (!arguments[i].StartsWith('-')) overrides.Add(arguments[i]);
        }
        return overrides;
    }

    private static string? Given(IReadOnlyList<string> arguments, string name, string alias)
    {
        for (int i = 0; i < arguments.Count; i++)
        {
            if (arguments[i].StartsWith($"{name}=", StringComparison.Ordinal)) return arguments[i][(name.Length + 1)..];
            if (arguments[i].StartsWith($"{alias}=", StringComparison.Ordinal)) return arguments[i][(alias.Length + 1)..];
            if ((arguments[i] == name || arguments[i] == alias) && i + 1 < arguments.Count) return arguments[i + 1];
        }
        return null;
    }

    private static string? Literal(Match main, string argument)
    {
        Match found = Regex.Match(
            main.Groups["arguments"].Value, $"""\b{argument}\s*=\s*r?(?<quote>["'])(?<text>[^"']*)\k<quote>""",
            RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
        return found.Success ? found.Groups["text"].Value : null;
    }

    private static string? Read(string script)
    {
        try
        {
            return File.ReadAllText(script);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^\s*@\s*hydra\.main\s*\((?<arguments>[^)]*)\)", RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex HydraMain();

    [GeneratedRegex("ConfigStore|hydra_zen|SearchPathPlugin", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MadeInPython();
}

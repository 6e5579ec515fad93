using System.Text.Json;

namespace Refrag.Apps;

/// <summary>What <c>refrag exec</c> is asked to run.</summary>
public abstract record ExecTarget
{
    private protected ExecTarget() { }
}

/// <summary>A class app: <c>exec NAME [JSON]</c>.</summary>
/// <param name="Name">The app's name.</param>
/// <param name="Config">Its configuration.</param>
public sealed record ClassTarget(string Name, AppConfig Config) : ExecTarget;

/// <summary>A command: <c>exec -- COMMAND [ARGUMENT…]</c>.</summary>
/// <param name="Command">The program and its arguments; at least one word.</param>
public sealed record CommandTarget(IReadOnlyList<string> Command) : ExecTarget;

/// <summary>The arguments of <c>refrag exec</c>, written by the launcher and read in the container.</summary>
public static class ExecArguments
{
    private const string Usage = "Write: refrag exec NAME '{\"key\":\"value\"}', or refrag exec -- COMMAND ARGUMENTS";

    /// <summary>The container command for a class app, without the entry point.</summary>
    public static IReadOnlyList<string> ForClass(string name, JsonElement config) => ["exec", name, config.GetRawText()];

    /// <summary>The container command for a command, without the entry point.</summary>
    public static IReadOnlyList<string> ForCommand(IReadOnlyList<string> command) => ["exec", "--", .. command];

    /// <summary>Reads the arguments after <c>exec</c>; problems are RF7004 and RF7005.</summary>
    public static Result<ExecTarget> Parse(IReadOnlyList<string> arguments) => (string[])[.. arguments] switch
    {
        [] => Wrong("exec needs a class or a command to run", null),
        ["--"] => Wrong("exec -- has no command after it", new ArgumentPlace("--")),
        ["--", "", ..] => Wrong("The command's name is empty", new ArgumentPlace("")),
        ["--", .. var command] => new CommandTarget(command),
        ["" or ['-', ..], ..] => Wrong("exec has no options of its own", new ArgumentPlace(arguments[0])),
        [var name] => new ClassTarget(name, AppConfig.Empty),
        [var name, var json] => AppConfig.Parse(json).TryGet(out AppConfig? config, out IReadOnlyList<Problem> problems)
            ? new ClassTarget(name, config)
            : Result<ExecTarget>.Failure(problems),
        [var name, _, var extra, ..] =>
            Wrong($"exec {name} takes one argument, the configuration", new ArgumentPlace(extra, 1, Math.Max(1, extra.Length))),
    };

    private static Problem Wrong(string what, Place? place) => new() { Code = "RF7004", What = what, Cure = Usage, Place = place };
}

using System.Text.RegularExpressions;

namespace Refrag.Cli.Configuration;

/// <summary>What can be wrong with a command that stands in for an app, before it runs. RF5050 to RF5053.</summary>
internal static partial class CommandProblems
{
    /// <summary>Nothing stands behind <c>--</c>.</summary>
    public static Problem Empty() => new()
    {
        Code = "RF5050",
        What = "There is no command behind --",
        Cure = "Write the program and its arguments there: refrag run -- python train.py --lr 0.1.",
    };

    /// <summary>Everything that is wrong with one job's words; empty if nothing is.</summary>
    public static IReadOnlyList<Problem> Of(JobSource source, JobWords words, IReadOnlyList<string> command)
    {
        List<Problem> problems = [];
        problems.AddRange(words.Overrides.Where(word => App().IsMatch(word)).Select(Two));
        if (Assignment().IsMatch(command[0])) problems.Add(NoProgram(command[0]));
        Problem[] misplaced = source.Program is { Unchecked: null } program && !program.Has("env")
            ? [.. Misplaced(command).Select(word => Behind(word, program.Script, command))]
            : [];
        IEnumerable<Problem> found = source.Program?.Check(command) ?? [];
        return [.. problems, .. misplaced, .. found.Where(one => !Array.Exists(misplaced, other => IsOf(one, other)))];
    }

    /// <summary>Arguments of a program that look like refrag's own keys; empty where they were reported already.</summary>
    public static IReadOnlyList<Problem> Warnings(JobSource source, IReadOnlyList<string> command) =>
        source.Program is { Unchecked: null } ? [] : [.. Misplaced(command).Select(word => Behind(word, command[0], command))];

    private static IEnumerable<string> Misplaced(IReadOnlyList<string> command) => command.Skip(1).Where(word => OwnKey().IsMatch(word));

    private static bool IsOf(Problem one, Problem other) =>
        (one.Place as ArgumentPlace)?.Text == (other.Place as ArgumentPlace)?.Text;

    private static Problem Two(string app) => new()
    {
        Code = "RF5051",
        What = $"{app} and a command are given, and a job runs one of them",
        Cure = $"Remove {app}, or -- and the command.",
        Place = new ArgumentPlace(app, 1, app.Length),
    };

    private static Problem NoProgram(string word) => new()
    {
        Code = "RF5052",
        What = $"{word} stands where the program's name is expected",
        Cause = "What stands behind -- is a command: a program and its arguments",
        Cure = $"Put overrides before --. To set a variable for the job, write +env.environment.{word} before it.",
        Place = new ArgumentPlace(word, 1, word.Length),
    };

    private static Problem Behind(string word, string program, IReadOnlyList<string> command)
    {
        string rest = string.Join(' ', command.Where(other => other != word).Select(ShellWord.Quote));
        return new Problem
        {
            Code = "RF5053",
            What = $"{word} stands behind --, so it is an argument of {program} and changes nothing for refrag",
            Cure = $"If it is meant for refrag, put it before --: refrag run {word.TrimStart('+')} -- {rest}.",
            Place = new ArgumentPlace(word, 1, word.Length),
        };
    }

    // What chooses an app, or makes it one of another kind.
    [GeneratedRegex(@"^\+{0,2}app(\.(command|class)([.\[][^=]*)?)?=", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex App();

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_.]*=", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Assignment();

    [GeneratedRegex(@"^\+{0,2}(env|launcher)(=(awsbatch|aws_batch)$|\.(gpus|vcpus|memory|nodes|array_size|job_queue|job_name|image|timeout|"
        + "retries|region|profile|endpoint_url|depends_on)=)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OwnKey();
}

using Refrag.Jobs;

namespace Refrag.Cli.Following;

/// <summary>What can be wrong with a notification. RF807x. No problem has the whole target in it.</summary>
internal static class NotifyProblems
{
    /// <summary>The name of the option.</summary>
    public const string Option = "--notify";

    private static readonly ArgumentPlace s_place = new(Option, 1, Option.Length);

    public static Problem WrongUrl(string why) => new()
    {
        Code = "RF8070",
        What = $"{Option} names a URL that cannot be used: {why}",
        Cure = "Give a URL of the form https://HOST/PATH, or a command: --notify 'mail -s \"$REFRAG_NOTIFY_TEXT\" ann@example.com'.",
        Place = s_place,
    };

    public static Problem NoCommand(string program) => new()
    {
        Code = "RF8071",
        What = $"{Option} names a command that the shell does not find: {program}",
        Cure = "Give a program on PATH, the path of an executable file (./notify.sh), or a URL that begins with https://.",
        Place = s_place,
    };

    public static Problem Empty { get; } = new()
    {
        Code = "RF8072",
        What = $"{Option} names nothing",
        Cause = "Its value is empty, as that of a variable that is not set",
        Cure = "Give a URL or a command, or leave the option out.",
        Place = s_place,
    };

    public static Problem NeedsWatch(EnvironmentKind kind) => new()
    {
        Code = "RF8073",
        What = $"{Option} with env={(kind == EnvironmentKind.Slurm ? "slurm" : "awsbatch")} needs --watch",
        Cause = "Without it, refrag ends when the job is submitted",
        Cure = "Add --watch, or wait for the job later: `refrag wait ID --notify TARGET`.",
        Place = s_place,
    };

    public static Problem NotSent(NotifyTarget target, string why) => new()
    {
        Code = "RF8074",
        What = $"The notification to {target.Name} was not sent: {why}",
        Cause = "The exit code is not changed by it",
        Cure = "Send one by hand to see what is wrong, with `refrag wait ID --notify TARGET` for a job that has ended.",
    };
}

namespace Refrag.Runners.Processes;

/// <summary>
/// The command that runs an attempt which outlives the engine: a small shell that notes who it is, waits for the program, notes the exit
/// code and ends what is left of the group. docs/decisions/0009-attempts-that-outlive-the-engine.md says why a shell.
/// </summary>
internal static class LauncherScript
{
    /// <summary>The shell that runs it.</summary>
    public const string Shell = "/bin/sh";

    // $1 is the folder, $2 the machine's boot, $3 the control groups, $4 the umask that the program gets back, the rest the program's file
    // and arguments. The program is in the same group, so that one signal reaches both: the shell must survive it, and a trap, unlike an
    // ignored signal, does not pass on to the program. A SIGTERM that comes before the program does must end it all the same. Noclobber
    // makes `begun` by whoever comes first. The names of its variables are such that no job has them. Its own output is the null device; a
    // shell says there, and not in the job's log, that a signal ended the program: so the redirections stand inside the parentheses. The
    // space of the files `launcher` and `exit` was reserved before, and what is written goes over what is there, so that a full disk can
    // lose neither who the launcher is nor the exit code. Descriptor 9 is `exit`: it is open before `begun` exists and until the shell
    // ends, which proves to a later engine that this process belongs to this folder. Where the file system refuses even that, the shell
    // itself ends with the program's exit code, for an engine that is its parent.
    private const string Script = """
        _refrag_stat='' _refrag_asked='' _refrag_folder=$1
        trap : HUP INT QUIT USR1 USR2 ALRM
        trap '_refrag_asked=yes' TERM
        read -r _refrag_stat </proc/self/stat
        exec 9<>"$1/exit"
        set -C
        umask 077
        true >"$1/begun" || exit 125
        set +C
        echo "$$ $2 $_refrag_stat" 1<>"$1/launcher" || exit 125
        umask "$4"
        for _refrag_group in $3; do echo $$ >"$_refrag_group/cgroup.procs"; done
        shift 4
        ([ -z "$_refrag_asked" ] || exit 143; exec "$@" >>"$_refrag_folder/out" 2>>"$_refrag_folder/err" 9>&-)
        _refrag_code=$?
        echo $_refrag_code >&9 || exit $_refrag_code
        kill -s KILL 0
        """;

    // For an attempt that ends with the engine: joins its control groups before anything of it can start, and is the program from then on.
    private const string JoinScript = """
        for _refrag_group in $1; do echo $$ >"$_refrag_group/cgroup.procs"; done
        shift
        exec "$@"
        """;

    private const uint OwnerOnlyMask = 0x3f;

    // The system reports the umask only to a process that sets it: once, and strict for that moment.
    private static readonly string s_umask = ReadUmask();

    private const string EnvProgram = "/usr/bin/env";

    /// <summary>The command line for a program that joins control groups first and needs nothing else of a launcher.</summary>
    public static IReadOnlyList<string> Joining(
        IEnumerable<string> groups, string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment) =>
        [Shell, "-c", JoinScript, Shell, string.Join(' ', groups), .. Program(program, arguments, environment)];

    /// <summary>The whole command line for a program that outlives the engine.</summary>
    /// <param name="folder">The attempt's folder.</param>
    /// <param name="boot">Which run of the machine it is; the shell would read it a byte at a time.</param>
    /// <param name="groups">The control groups to join.</param>
    /// <param name="program">The program's file.</param>
    /// <param name="arguments">The program's arguments, its own name first.</param>
    /// <param name="environment">The environment: a variable whose name no shell can have is not passed on by some shells, and is set
    /// behind it.</param>
    public static IReadOnlyList<string> For(
        string folder, string boot, IEnumerable<string> groups, string program, IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string> environment) =>
        [Shell, "-c", Script, Shell, folder, boot, string.Join(' ', groups), s_umask, .. Program(program, arguments, environment)];

    /// <summary>Whether a shell can have a variable of this name. Any other stands with its value in the command line.</summary>
    /// <param name="name">The variable's name.</param>
    public static bool IsShellName(string name) =>
        name is [char first, ..] && !char.IsAsciiDigit(first) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static IEnumerable<string> Program(
        string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        // One without a name can be set by no program.
        string[] odd =
        [
            .. environment.Where(pair => pair.Key.Length > 0 && !IsShellName(pair.Key)).Select(pair => $"{pair.Key}={pair.Value}"),
        ];
        IEnumerable<string> before = odd.Length > 0 ? [EnvProgram, "--", .. odd] : [];
        return [.. before, program, .. arguments.Skip(1)];
    }

    private static string ReadUmask()
    {
        uint mask = LibC.SetUmask(OwnerOnlyMask);
        _ = LibC.SetUmask(mask);
        return Convert.ToString(mask, 8);
    }
}

using System.Runtime.InteropServices;

namespace Refrag.Apps;

/// <summary>Why a command did not replace the process.</summary>
internal sealed record FailedExec(Problem Problem, int ExitCode);

/// <summary>Replaces this process by a program with execve(2); what returns is a failure.</summary>
internal static partial class ReplacedProcess
{
    private const int Enoent = 2, E2Big = 7, Enoexec = 8, Eacces = 13, Enotdir = 20;
    private const int SigPipe = 13;
    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    // What the C library searches where PATH is not set.
    private const string DefaultPath = "/usr/local/bin:/usr/bin:/bin";

    public static FailedExec Replace(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment)
    {
        if (OperatingSystem.IsWindows()) return new(Unsupported(), AppExitCodes.NotExecutable);
        // .NET ignores SIGPIPE, and what is ignored stays so in the new program: `… | head` would never end it. Handled signals reset
        // themselves.
        Signal(SigPipe, 0);
        nint[] argv = Native(command);
        nint[] envp = Native(environment.Select(variable => $"{variable.Key}={variable.Value}"));
        int error = Enoent;
        foreach (string path in Candidates(command[0], environment.GetValueOrDefault("PATH")))
        {
            Execve(path, argv, envp);
            int latest = Marshal.GetLastPInvokeError();
            // As execvp(3): a file that may not be run is remembered while the search continues, anything unexpected ends it.
            if (latest is not (Enoent or Enotdir)) error = latest;
            if (latest is not (Enoent or Enotdir or Eacces)) break;
        }
        return Failure(command[0], error);
    }

    private static IEnumerable<string> Candidates(string name, string? path)
    {
        if (name.Contains('/')) return [name];
        // An empty entry is the current directory. (POSIX, PATH)
        return (path ?? DefaultPath).Split(':').Select(directory => directory.Length == 0 ? $"./{name}" : $"{directory}/{name}");
    }

    private static FailedExec Failure(string name, int error)
    {
        bool missing = error == Enoent && !(name.Contains('/') && File.Exists(name));
        return new(missing ? NotFound(name) : NotExecutable(name, error), missing ? AppExitCodes.NotFound : AppExitCodes.NotExecutable);
    }

    private static Problem NotFound(string name)
    {
        bool isPath = name.Contains('/');
        // A script beside the caller, as `refrag run -- train.py` means it.
        bool isHere = !isPath && File.Exists(name);
        bool isExecutable = isHere && !OperatingSystem.IsWindows() && (File.GetUnixFileMode(name) & AnyExecute) != UnixFileMode.None;
        return new()
        {
            Code = "RF7007",
            What = $"The command {name} was not found",
            Cause = isPath ? $"There is no such file; the current directory is {Directory.GetCurrentDirectory()}"
                : isHere ? "No directory of PATH has it; the current directory, which has a file of that name, is not searched"
                : "No directory of PATH has it",
            Cure = !isHere
                ? "Correct the app's command, or use an image that has the program"
                : Path.GetExtension(name) switch
                {
                    ".py" => $"Name what runs it: python {name}",
                    ".sh" => $"Name what runs it: sh {name}",
                    _ when isExecutable => $"Write ./{name}",
                    _ => $"Run chmod +x {name}, and write ./{name}",
                },
            Place = new ArgumentPlace(name, 1, name.Length),
        };
    }

    private static Problem NotExecutable(string name, int error) => new()
    {
        Code = "RF7008",
        What = $"The command {name} could not be run",
        Cause = error switch
        {
            Eacces => "It is a directory, or not marked as executable",
            Enoent => "The interpreter that its first line names is missing",
            Enoexec => "It is a program for another kind of machine, or a script whose first line is not #!INTERPRETER",
            E2Big => "Its arguments and environment are larger than the system allows",
            _ => Marshal.GetPInvokeErrorMessage(error),
        },
        Cure = error == Eacces
            ? $"chmod +x {name}, or name the interpreter: [sh, {name}]"
            : "Correct the program, or name its interpreter first",
        Place = new ArgumentPlace(name, 1, name.Length),
    };

    private static Problem Unsupported() => new()
    {
        Code = "RF7009",
        What = "A command cannot replace the process on Windows",
        Cure = "Run it in the Linux image, or call it without refrag exec",
    };

    // The memory is never freed: the process is replaced, or ends.
    private static nint[] Native(IEnumerable<string> texts) => [.. texts.Select(Marshal.StringToCoTaskMemUTF8), 0];

    [LibraryImport("libc", EntryPoint = "execve", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execve(string path, nint[] argv, nint[] envp);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Signal(int signal, nint handler);
}

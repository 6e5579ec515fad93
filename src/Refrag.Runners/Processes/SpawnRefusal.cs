using System.Globalization;
using Refrag.Runners.Attempts;

namespace Refrag.Runners.Processes;

/// <summary>Why a program cannot be started, as an attempt that has ended: the code that shells answer, the cause and the cure.</summary>
internal static class SpawnRefusal
{
    private const int NotFound = 127;
    private const int NotExecutable = 126;
    private const int BytesToLookAt = 256;

    /// <summary>What stands in the way, or null and the program's file.</summary>
    public static EndedAttempt? Of(AttemptStart start, out string path)
    {
        path = "";
        if (start.Command is not [{ Length: > 0 }, ..])
            return Refused(NotFound, "RF4001 there is no command, and a process has no image that would bring one. Give one.");
        if (!Directory.Exists(start.WorkingDirectory))
            return Refused(
                NotExecutable, $"RF4002 the working directory {start.WorkingDirectory} does not exist. Make it, or name another.");
        if (ProgramPath.Find(start.Command[0], start.Environment, start.WorkingDirectory) is not { } found) return NotFoundAnswer(start);
        path = found;
        return null;
    }

    /// <summary>
    /// Whether a file is a text without a first line that says whose. A shell would run it as a script of its own; the system would not,
    /// and neither would a container: asked before a shell is to run the program, for otherwise the system itself refuses it.
    /// </summary>
    public static bool IsPlainText(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            Span<byte> start = stackalloc byte[BytesToLookAt];
            start = start[..file.Read(start)];
            return start is not [(byte)'#', (byte)'!', ..] && !start.ContainsAnyInRange((byte)0, (byte)8)
                && !start.ContainsAnyInRange((byte)128, (byte)255);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A program that may be executed and not be read.
            return false;
        }
    }

    /// <summary>What an error of the system means.</summary>
    public static EndedAttempt For(string path, int error) =>
        Refused(error == LibC.NoSuchFile ? NotFound : NotExecutable, ErrorText(path, error));

    private static EndedAttempt Refused(int exitCode, string reason) =>
        new(new AttemptExit(exitCode, $"CannotStartContainerError: {reason}", Started: false));

    private static EndedAttempt NotFoundAnswer(AttemptStart start)
    {
        string program = start.Command[0];
        if (!program.Contains('/'))
            return Refused(NotFound,
                $"RF4001 no program named {program} is in PATH ({ProgramPath.SearchPath(start.Environment)}). Install it, or write its "
                    + "whole path.");
        string path = Path.Combine(start.WorkingDirectory, program);
        return File.Exists(path)
            ? Refused(NotExecutable, ErrorText(path, LibC.PermissionDenied))
            : Refused(
            NotFound, $"RF4001 there is no program {program} (relative paths count from {start.WorkingDirectory}). Check the path.");
    }

    private static string ErrorText(string path, int error) => error switch
    {
        LibC.NoSuchFile => $"RF4001 {path} names an interpreter in its first line that does not exist. Install it, or correct the line.",
        LibC.PermissionDenied => $"RF4003 {path} may not be executed. Set its x bit.",
        LibC.ExecFormatError =>
            $"RF4003 {path} is neither a program of this machine nor a script. Give a script a first line such as #!/bin/sh.",
        _ => string.Create(
            CultureInfo.InvariantCulture, $"RF4003 {path} could not be started (error {error}). Start it by hand to see why."),
    };
}

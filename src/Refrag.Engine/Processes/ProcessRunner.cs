using System.Globalization;
using Refrag.Engine.Runners;

namespace Refrag.Engine.Processes;

/// <summary>Runs attempts as child processes of this one, each in a session and process group of its own.</summary>
internal sealed class ProcessRunner(TimeProvider time) : IRunner
{
    // What shells answer, and what people look for.
    private const int NotFound = 127;
    private const int NotExecutable = 126;

    private readonly ChildWatch _children = new();
    private readonly OrphanGuard _guard = new();

    /// <inheritdoc/>
    public async Task<IRunningAttempt> StartAsync(AttemptStart start, IOutputSink output, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!Directory.Exists(start.WorkingDirectory))
            return Refused(NotExecutable, $"RF4002 the working directory {start.WorkingDirectory} does not exist. Make it, or name another.");
        if (ProgramPath.Find(start.Command[0], start.Environment, start.WorkingDirectory) is not { } path)
            return NotFoundAnswer(start);
        return await SpawnAsync(start, path, output);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _children.Dispose();
        await _guard.DisposeAsync();
    }

    private async Task<IRunningAttempt> SpawnAsync(AttemptStart start, string path, IOutputSink sink)
    {
        OutputPipe[] pipes = [new(OutputSource.Out, sink, time), new(OutputSource.Error, sink, time)];
        var (pid, error) = Spawner.Spawn(new SpawnRequest
        {
            Path = path,
            Arguments = start.Command,
            Environment = start.Environment,
            WorkingDirectory = start.WorkingDirectory,
            Output = pipes[0].ChildEnd,
            Error = pipes[1].ChildEnd,
        });
        foreach (OutputPipe pipe in pipes) pipe.CloseChildEnd();
        if (error == 0)
        {
            _guard.Add(pid);
            return new ProcessAttempt(pid, pipes, _children, _guard, time);
        }
        foreach (OutputPipe pipe in pipes) await pipe.DisposeAsync();
        return Refused(error == LibC.NoSuchFile ? NotFound : NotExecutable, SpawnErrorText(path, error));
    }

    private static EndedAttempt Refused(int exitCode, string reason) =>
        new(new AttemptExit(exitCode, $"CannotStartContainerError: {reason}", Started: false));

    private static EndedAttempt NotFoundAnswer(AttemptStart start)
    {
        string program = start.Command[0];
        if (!program.Contains('/'))
            return Refused(NotFound, $"RF4001 no program named {program} is in PATH ({ProgramPath.SearchPath(start.Environment)}). Install it, or write its whole path.");
        string path = Path.Combine(start.WorkingDirectory, program);
        return File.Exists(path)
            ? Refused(NotExecutable, SpawnErrorText(path, LibC.PermissionDenied))
            : Refused(NotFound, $"RF4001 there is no program {program} (relative paths count from {start.WorkingDirectory}). Check the path.");
    }

    private static string SpawnErrorText(string path, int error) => error switch
    {
        LibC.NoSuchFile => $"RF4001 {path} names an interpreter in its first line that does not exist. Install it, or correct the line.",
        LibC.PermissionDenied => $"RF4003 {path} may not be executed. Set its x bit.",
        LibC.ExecFormatError => $"RF4003 {path} is neither a program of this machine nor a script. Give a script a first line such as #!/bin/sh.",
        _ => string.Create(CultureInfo.InvariantCulture, $"RF4003 {path} could not be started (error {error}). Start it by hand to see why."),
    };
}

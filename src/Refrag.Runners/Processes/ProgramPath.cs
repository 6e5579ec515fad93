namespace Refrag.Runners.Processes;

/// <summary>Finds the program that a command names, as a container would: in the PATH of the job, not in ours.</summary>
internal static class ProgramPath
{
    private const string UsualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>The program's file, or null if there is none that can be executed.</summary>
    public static string? Find(string program, IReadOnlyDictionary<string, string> environment, string workingDirectory)
    {
        if (program.Contains('/')) return Executable(Path.Combine(workingDirectory, program));
        return SearchPath(environment).Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Executable(Path.Combine(workingDirectory, directory, program)))
            .FirstOrDefault(found => found is not null);
    }

    /// <summary>The directories that are searched, as PATH writes them.</summary>
    public static string SearchPath(IReadOnlyDictionary<string, string> environment) =>
        environment.TryGetValue("PATH", out string? path) && path.Length > 0 ? path : UsualPath;

    private static string? Executable(string file) => File.Exists(file) && LibC.Access(file, LibC.MayExecute) == 0 ? file : null;
}

using System.Diagnostics;

namespace Refrag.Cli.Context;

/// <summary>How this very program is started again, for the workers of a local run.</summary>
internal static class CurrentExecutable
{
    /// <summary>The program and the arguments that come before a verb.</summary>
    public static IReadOnlyList<string> Command { get; } =
        Find(Environment.ProcessPath, AppContext.BaseDirectory, Environment.GetCommandLineArgs()[0]);

    /// <summary>A further process of it.</summary>
    /// <param name="arguments">The verb and what belongs to it.</param>
    public static ProcessStartInfo Start(IEnumerable<string> arguments) =>
        new(Command[0], [.. Command.Skip(1), .. arguments]) { UseShellExecute = false };

    private static IReadOnlyList<string> Find(string? process, string directory, string entry)
    {
        if (process is null) throw new InvalidOperationException("The system does not say which program this is.");
        // Started as `dotnet refrag.dll` the process is dotnet, and the assembly says the rest.
        return Path.GetFileNameWithoutExtension(process) == "dotnet" ? [process, Path.GetFullPath(entry, directory)] : [process];
    }
}

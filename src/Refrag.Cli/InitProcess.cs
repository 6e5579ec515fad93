using Refrag.Cli.Context;

namespace Refrag.Cli;

/// <summary>
/// refrag as the first process of a container. There the .NET runtime collects every child that ends, before anyone can read its exit code;
/// so the work is done in a child of its own, and this process passes signals on and returns the child's exit code.
/// </summary>
internal static class InitProcess
{
    /// <summary>Whether this process is the first of a container.</summary>
    public static bool IsThis => Environment.ProcessId == 1;

    /// <summary>Runs the same command line in a child, to its end.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        using OwnChild child = new();
        return await child.RunAsync(args);
    }
}

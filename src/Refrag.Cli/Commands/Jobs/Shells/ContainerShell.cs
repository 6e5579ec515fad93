using System.ComponentModel;
using System.Diagnostics;
using Refrag.Cli.Context;

namespace Refrag.Cli.Commands.Jobs.Shells;

/// <summary>A shell in the container of a job on this machine, by the exec of the container engine's own program.</summary>
/// <param name="engine">The program and its first arguments: <c>docker</c>, or <c>podman</c> with its address.</param>
/// <param name="container">The container's id.</param>
internal sealed class ContainerShell(IReadOnlyList<string> engine, string container)
{
    // The label that the runner gives a container: the attempt's name, which is the id of its task.
    private const string Label = "refrag.attempt";

    /// <summary>The container of a task; null if no container engine that this user may ask has it.</summary>
    /// <param name="context">The process.</param>
    /// <param name="taskId">The id of the task.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<ContainerShell?> FindAsync(CliContext context, string taskId, CancellationToken cancellationToken)
    {
        foreach (IReadOnlyList<string> engine in Engines(context))
        {
            string[] question = [.. engine.Skip(1), "ps", "--quiet", "--no-trunc", "--filter", $"label={Label}={taskId}"];
            if (await AskAsync(engine[0], question, cancellationToken) is { Length: > 0 } id) return new ContainerShell(engine, id);
        }
        return null;
    }

    /// <summary>Runs a command in it, or a shell.</summary>
    /// <param name="command">The command; empty for a shell.</param>
    public Task<int> RunAsync(IReadOnlyList<string> command) =>
        AttachedProcess.RunOneAsync(new ProcessStartInfo(engine[0], Arguments(command)) { UseShellExecute = false });

    private IReadOnlyList<string> Arguments(IReadOnlyList<string> command)
    {
        IEnumerable<string> terminal = Console.IsInputRedirected || Console.IsOutputRedirected ? [] : ["--tty"];
        IEnumerable<string> program = command.Count == 0 ? ["sh", "-c", ProcessShell.Usual] : command;
        return [.. engine.Skip(1), "exec", "--interactive", .. terminal, container, .. program];
    }

    // docker reads DOCKER_HOST itself, podman has an option for it.
    private static IEnumerable<IReadOnlyList<string>> Engines(CliContext context)
    {
        yield return ["docker"];
        yield return context.Variable("DOCKER_HOST") is { Length: > 0 } host ? ["podman", "--url", host] : ["podman"];
    }

    // The first line of the answer; null if there is no such program, or it fails.
    private static async Task<string?> AskAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process? process = Process.Start(start);
            if (process is null) return null;
            process.StandardInput.Close();
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
            string answer = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await errors;
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? answer.Split('\n')[0].Trim() : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}

using System.Diagnostics;
using Refrag.Aws.Batch;
using Refrag.Cli.Context;
using Refrag.Jobs;

namespace Refrag.Cli.Commands.Jobs.Shells;

/// <summary>
/// A shell in the container of a job on AWS: ECS Exec, by the AWS CLI and its plug-in, which speak Session Manager's protocol.
/// </summary>
/// <param name="context">The process.</param>
/// <param name="connection">How AWS is reached.</param>
internal sealed class TaskShell(CliContext context, ConnectionSpec connection)
{
    /// <summary>The plug-in that the AWS CLI starts.</summary>
    public const string Plugin = "session-manager-plugin";

    /// <summary>Runs a command, or a shell; or reports what is missing. Session Manager does not pass the command's exit code on.</summary>
    /// <param name="job">The job, of one container.</param>
    /// <param name="command">The command; empty for a shell.</param>
    public async Task<int> RunAsync(JobDetail job, IReadOnlyList<string> command)
    {
        if (JobTask.Of(job) is not { IsOpen: true } task) return context.Refuse([ShellProblems.NotEnabled(job)]);
        Problem[] missing =
        [
            .. Missing("aws", "ECS Exec is a command of the AWS CLI"),
            .. Missing(Plugin, "The AWS CLI opens sessions with it"),
        ];
        if (missing.Length > 0) return context.Refuse(missing);
        var start = new ProcessStartInfo("aws", Arguments(task, connection, command)) { UseShellExecute = false };
        return await AttachedProcess.RunOneAsync(start);
    }

    /// <summary>The arguments of the AWS CLI.</summary>
    public static IReadOnlyList<string> Arguments(JobTask task, ConnectionSpec connection, IReadOnlyList<string> command)
    {
        // arn:aws:ecs:REGION:ACCOUNT:task/CLUSTER/ID
        string region = task.Arn.Split(':').ElementAtOrDefault(3) ?? "";
        IEnumerable<string> cluster = task.Arn.Split('/') is [_, { } named, _] ? ["--cluster", named] : [];
        IEnumerable<string> profile = connection.Profile is { } chosen ? ["--profile", chosen] : [];
        return
        [
            "ecs", "execute-command", "--interactive", "--region", region, .. profile, .. cluster, "--task", task.Arn,
            "--container", task.Container,
            "--command", command.Count == 0 ? "/bin/sh" : string.Join(' ', command.Select(ShellWord.Quote)),
        ];
    }

    private IEnumerable<Problem> Missing(string program, string what) =>
        (context.Variable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, program)))
            ? []
            : [ShellProblems.NoProgram(program, what)];
}

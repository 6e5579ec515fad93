using Refrag.Aws.Batch;
using Refrag.Jobs;

namespace Refrag.Cli.Commands.Jobs.Shells;

/// <summary>Why there is no shell in a job. RF808x.</summary>
internal static class ShellProblems
{
    /// <summary>The job has parts, and one of them is meant.</summary>
    public static Problem HasParts(JobDetail job, string parts, string first) => new()
    {
        Code = "RF8080",
        What = $"{job.JobName} {job.JobId} has {parts}, and a shell is in one of them",
        Cure = $"Name one: refrag shell {ShellWord.Quote(first)}.",
    };

    public static Problem NotRunning(JobDetail job) => new()
    {
        Code = "RF8081",
        What = $"{job.JobName} {job.JobId} does not run: it is {job.Status}",
        Cause = JobEnded(job) ? "Its process and its container are gone" : "It has no process and no container yet",
        Cure = JobEnded(job)
            ? $"Read what it printed: `refrag logs {job.JobId}`."
            : $"Try again when it is {JobStatus.Running}; `refrag why {job.JobId}` says why it waits.",
    };

    public static Problem SeveralContainers(JobDetail job) => new()
    {
        Code = "RF8082",
        What = $"{job.JobName} {job.JobId} is a task of several containers, and refrag opens shells in jobs of one",
        Cure = "Use the container engine's own exec, or on AWS: aws ecs execute-command --container NAME.",
    };

    public static Problem NotFound(JobDetail job) => new()
    {
        Code = "RF8083",
        What = $"The process of {job.JobName} {job.JobId} is not found on this machine",
        Cause = "A shell is opened by the user who runs the jobs, on the machine where they run; a simulated job has no process, and "
            + "without /proc none is found",
        Cure = "Call it as the user who started the job or its server, with DOCKER_HOST as the server has it.",
    };

    public static Problem OtherMachine(Uri? endpoint) => new()
    {
        Code = "RF8084",
        What = $"The job runs behind {endpoint?.Authority ?? "an endpoint"} that is neither this machine nor AWS",
        Cause = "A server takes no commands for the jobs that it runs",
        Cure = "Call refrag shell on the machine of that server.",
    };

    public static Problem NotEnabled(JobDetail job) => new()
    {
        Code = "RF8085",
        What = $"{job.JobName} {job.JobId} was started without ECS Exec",
        Cause = "Amazon ECS lets no command into a container whose job definition does not say enableExecuteCommand",
        Cure = "Submit it again with env.shell=true. Its job role needs ssmmessages:CreateControlChannel, CreateDataChannel, "
            + "OpenControlChannel and OpenDataChannel.",
    };

    public static Problem NoProgram(string program, string what) => new()
    {
        Code = "RF8086",
        What = $"{program} is not on PATH",
        Cause = what,
        Cure = program == TaskShell.Plugin
            ? "Install it: https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html"
            : "Install version 2 of the AWS CLI: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html",
    };

    private static bool JobEnded(JobDetail job) => JobStates.IsFinished(job.Status);
}

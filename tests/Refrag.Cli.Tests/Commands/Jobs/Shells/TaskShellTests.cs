using Refrag.Aws.Batch;
using Refrag.Cli.Commands.Jobs.Shells;
using Refrag.Jobs;

namespace Refrag.Cli.Tests.Commands.Jobs.Shells;

/// <summary>What ECS Exec is asked for. (AWS CLI: ecs execute-command)</summary>
public sealed class TaskShellTests
{
    private const string Task = "arn:aws:ecs:eu-west-1:123456789012:task/refrag-cpu_Batch_1234/0f1e2d3c4b5a69788796a5b4c3d2e1f0";

    private static readonly JobDetail s_job = new()
    {
        JobId = "id",
        Status = "RUNNING",
        Container = new ContainerDetail
        {
            TaskArn = Task,
            LogStreamName = "refrag-cpu-job-def/default/0f1e2d3c4b5a69788796a5b4c3d2e1f0",
            EnableExecuteCommand = true,
        },
    };

    [Fact]
    public void Arguments_NoCommand_OpenAShellInTheTask() => Assert.Equal(
        $"ecs execute-command --interactive --region eu-west-1 --cluster refrag-cpu_Batch_1234 --task {Task} --container default "
        + "--command /bin/sh",
        string.Join(' ', TaskShell.Arguments(JobTask.Of(s_job)!, new ConnectionSpec(), [])));

    [Fact]
    public void Arguments_CommandAndProfile_ArePassedOnInOneWord() => Assert.Equal(
        ["--profile", "lab", "--command", "sh -c 'echo $HOME'"],
        TaskShell.Arguments(JobTask.Of(s_job)!, new ConnectionSpec("eu-west-1", "lab"), ["sh", "-c", "echo $HOME"])
            .Where((word, at) => at is 5 or 6 or 13 or 14));

    [Fact]
    public void Of_JobOfOneContainerInATask_IsThatOfTheTask()
    {
        JobDetail job = s_job with
        {
            Container = null,
            EcsProperties = new EcsPropertiesDetail
            {
                TaskProperties =
                [
                    new EcsTaskDetails
                    {
                        TaskArn = Task,
                        Containers = [new TaskContainerDetails { Name = "main" }],
                        EnableExecuteCommand = true,
                    },
                ],
            },
        };

        Assert.Equal(new JobTask(Task, IsOpen: true, "main"), JobTask.Of(job));
    }

    [Fact]
    public void Of_DefinitionThatSaysNothing_IsNotOpen() =>
        Assert.False(JobTask.Of(s_job with { Container = s_job.Container! with { EnableExecuteCommand = null } })!.IsOpen);

    [Fact]
    public async Task RunAsync_NotOpenOrWithoutTheProgram_SaysWhatIsMissing()
    {
        using TestProgram program = new(("PATH", "/nonexistent"));
        TaskShell shell = new(program.Context, new ConnectionSpec());

        Assert.Equal(64, await shell.RunAsync(s_job with { Container = s_job.Container! with { EnableExecuteCommand = false } }, []));
        Assert.Contains("RF8085", program.Error, StringComparison.Ordinal);
        Assert.Contains("env.shell=true", program.Error, StringComparison.Ordinal);
        Assert.Equal(64, await shell.RunAsync(s_job, []));
        Assert.Contains("RF8086 aws is not on PATH", program.Error, StringComparison.Ordinal);
        Assert.Contains("RF8086 session-manager-plugin is not on PATH", program.Error, StringComparison.Ordinal);
    }
}

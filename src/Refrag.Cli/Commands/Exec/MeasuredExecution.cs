using Refrag.Cli.Context;
using Refrag.Runners.Usage;

namespace Refrag.Cli.Commands.Exec;

/// <summary>
/// <c>refrag exec</c> as the first process of a container: the worker runs in a child, and this process measures what it uses and passes
/// signals on.
/// </summary>
internal static class MeasuredExecution
{
    private const int FirstProcess = 1;

    /// <summary>Whether this process is what a container runs, and measuring is not turned off.</summary>
    public static bool IsWanted(CliContext context) => Environment.ProcessId == FirstProcess
        && UsageSetting.Read(context.Variable(UsageSetting.Variable)).Interval is not null;

    /// <summary>The worker's exit code.</summary>
    public static async Task<int> RunAsync(CliContext context, IReadOnlyList<string> arguments)
    {
        UsageReport? usage = UsageReport.Begin(context);
        using AttachedProcess child = new(received: _ => usage?.Write());
        int exit = await child.RunAsync(CurrentExecutable.Start(["exec", .. arguments]));
        if (usage is not null) await usage.DisposeAsync();
        return exit;
    }
}

namespace Refrag.ShippedApps.Hello;

/// <summary>
/// hello_dist: every worker of a job greets, rank 0 calls the roll. It shows that the nodes of a job start, find one another and are missed
/// when they are not there. Keys: <c>message</c> (text, default Hello), <c>gather_timeout</c> (seconds, default 60), <c>hold</c> (seconds,
/// default 0).
/// </summary>
public sealed class HelloDistApp : IApp
{
    /// <inheritdoc/>
    public string Name => "hello_dist";

    /// <inheritdoc/>
    public async Task<int> RunAsync(AppRun run, CancellationToken cancellationToken)
    {
        AppConfigReader read = run.Config.Read();
        HelloSettings settings = HelloSettings.Read(read);
        if (read.Problems.Count > 0) return run.Refuse(read.Problems);
        if (run.Worker.WorldSize == 1) return await AloneAsync(run, settings, cancellationToken);
        return run.Worker.IsMain
            ? await new MainNode(run, settings).RunAsync(cancellationToken)
            : await new OtherNode(run, settings).RunAsync(cancellationToken);
    }

    private static async Task<int> AloneAsync(AppRun run, HelloSettings settings, CancellationToken cancellationToken)
    {
        string child = run.Worker.ArrayIndex is { } index ? $" (array child {index})" : "";
        await run.Output.WriteLineAsync($"{Greeting.Of(run, settings)}{child}".AsMemory(), cancellationToken);
        await Task.Delay(settings.Hold, run.Time, cancellationToken);
        return AppExitCodes.Success;
    }
}

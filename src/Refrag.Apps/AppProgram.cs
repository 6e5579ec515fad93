namespace Refrag.Apps;

/// <summary>
/// A program with apps of its own, which <c>app.program</c> names. <c>refrag run</c> starts it as PROGRAM NAME JSON, on this machine and in
/// a container of AWS Batch: one process is one worker. The whole program is
/// <c>return await AppProgram.RunAsync(args, new MyApp());</c>.
/// </summary>
public static class AppProgram
{
    /// <summary>
    /// Runs the app that the arguments name, and gives the exit code of the process (<see cref="AppExitCodes"/>). Problems are RF7001 (no
    /// such app), RF7005 (a configuration that is not JSON), RF7006 (the variables of the worker) and RF8131 (other arguments).
    /// </summary>
    /// <param name="args">The arguments, without the program's name.</param>
    /// <param name="apps">The apps that can be run.</param>
    /// <exception cref="ArgumentException">Two apps have one name.</exception>
    public static Task<int> RunAsync(string[] args, params IEnumerable<IApp> apps) =>
        RunAsync(args, new AppRegistry(apps), ExecHost.OfThisProcess(), CancellationToken.None);

    /// <summary>The same with the process as values, for a test.</summary>
    /// <param name="args">The arguments, without the program's name.</param>
    /// <param name="apps">The apps that can be run.</param>
    /// <param name="host">The process.</param>
    /// <param name="cancellationToken">Ends the app as a signal does.</param>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> args, AppRegistry apps, ExecHost host, CancellationToken cancellationToken)
    {
        if (args is ["--help" or "-h"])
        {
            await host.Output.WriteLineAsync(Usage(apps).AsMemory(), cancellationToken);
            return AppExitCodes.Success;
        }
        if (args is not ([_] or [_, _])) return await RefuseAsync(host, [WrongArguments(args, apps)]);
        IApp? app = apps.Find(args[0]);
        Result<AppConfig> config = args.Count > 1 ? AppConfig.Parse(args[1]) : AppConfig.Empty;
        Result<Worker> worker = Worker.FromEnvironment(host.Environment);
        List<Problem> problems = [.. config.Problems, .. worker.Problems];
        if (app is null) problems.Insert(0, apps.Unknown(args[0]));
        return problems.Count > 0
            ? await RefuseAsync(host, problems)
            : await RunAsync(app!, config.Value, worker.Value, host, cancellationToken);
    }

    /// <summary>
    /// Runs one worker of the app in this process and gives its exit code. SIGTERM and SIGINT cancel the app's token; what it throws is
    /// written to the host's standard error and becomes <see cref="AppExitCodes.Failed"/>.
    /// </summary>
    /// <param name="app">The app.</param>
    /// <param name="config">The app's own keys.</param>
    /// <param name="worker">The worker's place in its job.</param>
    /// <param name="host">The process.</param>
    /// <param name="cancellationToken">Ends the app as a signal does.</param>
    public static async Task<int> RunAsync(
        IApp app, AppConfig config, Worker worker, ExecHost host, CancellationToken cancellationToken)
    {
        // For what the app starts itself; the app has the worker.
        foreach ((string name, string value) in worker.TorchVariables()) Environment.SetEnvironmentVariable(name, value);
        if (host.Environment.GetValueOrDefault(BatchVariables.SweepIndex) is { } index)
            Environment.SetEnvironmentVariable(BatchVariables.SweepIndex, index);
        using var signals = new StopSignals(cancellationToken);
        try
        {
            return await app.RunAsync(host.RunOf(config, worker), signals.Token);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            return signals.ExitCode;
        }
#pragma warning disable CA1031 // An app is a user's code: whatever it throws becomes a failed worker whose log says why.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            await host.Error.WriteLineAsync($"The app {app.Name} threw: {exception}".AsMemory(), CancellationToken.None);
            return AppExitCodes.Failed;
        }
    }

    private static Problem WrongArguments(IReadOnlyList<string> args, AppRegistry apps) => new()
    {
        Code = "RF8131",
        What = args.Count == 0 ? "The program needs the name of an app" : "The program takes an app's name and its configuration",
        Cause = $"It has {AppRegistry.Listed(apps.Names)}",
        Cure = "Start it with refrag run and app.program; or by hand: PROGRAM NAME '{\"key\":\"value\"}'",
        Place = args.Count > 2 ? new ArgumentPlace(args[2], 1, Math.Max(1, args[2].Length)) : null,
    };

    private static string Usage(AppRegistry apps) =>
        $"""
        Runs one worker of an app: {AppRegistry.Listed(apps.Names)}

        Usage: PROGRAM NAME ['JSON']

        JSON is an object with the keys of the app. `refrag run` writes it, and starts
        the program that app.program names, here and on AWS Batch.
        """;

    private static async Task<int> RefuseAsync(ExecHost host, IReadOnlyList<Problem> problems)
    {
        await host.Error.WriteLineAsync(ProblemText.Render(problems));
        return AppExitCodes.Refused;
    }
}

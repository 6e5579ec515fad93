namespace Refrag.Apps;

/// <summary>
/// <c>refrag exec</c>: runs one worker of an app in this process. A class app runs here; a command replaces the process, so that signals
/// and exit code are its own and nothing stays between it and Batch.
/// </summary>
/// <param name="apps">The class apps that can be named.</param>
/// <param name="host">The process.</param>
public sealed class Execution(AppRegistry apps, ExecHost host)
{
    /// <summary>
    /// Runs what the arguments after <c>exec</c> say and gives the exit code (<see cref="AppExitCodes"/>). Does not return where a command
    /// replaced the process. SIGTERM and SIGINT cancel the app's token while it runs.
    /// </summary>
    public Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        if (arguments is not [ArrayChild.Option, ..]) return RunOneAsync(arguments, cancellationToken);
        return ArrayChild.Find(arguments, host.Environment).TryGet(out ArrayChild? child, out IReadOnlyList<Problem> problems)
            ? new Execution(apps, host with { Environment = child.Environment }).RunOneAsync(child.Arguments, cancellationToken)
            : Task.FromResult(Report(problems, AppExitCodes.Refused));
    }

    private Task<int> RunOneAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        Result<ExecTarget> target = ExecArguments.Parse(arguments);
        Result<Worker> worker = Worker.FromEnvironment(host.Environment);
        List<Problem> problems = [.. target.Problems, .. worker.Problems];
        IApp? app = null;
        if (target is { IsSuccess: true, Value: ClassTarget named } && (app = apps.Find(named.Name)) is null)
            problems.Add(apps.Unknown(named.Name));
        if (problems.Count > 0) return Task.FromResult(Report(problems, AppExitCodes.Refused));
        return target.Value switch
        {
            CommandTarget command => Task.FromResult(Replace(command.Command, worker.Value)),
            ClassTarget chosen => RunAsync(app!, chosen.Config, worker.Value, cancellationToken),
            _ => throw new InvalidOperationException("An unknown kind of target."),
        };
    }

    private async Task<int> RunAsync(IApp app, AppConfig config, Worker worker, CancellationToken cancellationToken)
    {
        // For what the app starts itself; the app has the worker.
        foreach ((string name, string value) in worker.TorchVariables()) Environment.SetEnvironmentVariable(name, value);
        if (host.Environment.GetValueOrDefault(BatchVariables.SweepIndex) is { } index)
            Environment.SetEnvironmentVariable(BatchVariables.SweepIndex, index);
        using var signals = new StopSignals(cancellationToken);
        try
        {
            return await app.RunAsync(RunOf(config, worker), signals.Token);
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

    private AppRun RunOf(AppConfig config, Worker worker) => new()
    {
        Config = config,
        Worker = worker,
        Output = host.Output,
        Error = host.Error,
        Time = host.Time,
        WorkingDirectory = host.WorkingDirectory,
        OutputDirectory = host.Environment.GetValueOrDefault(BatchVariables.OutputDirectory) is { Length: > 0 } given
            ? Path.Combine(host.WorkingDirectory, given)
            : host.WorkingDirectory,
    };

    private int Replace(IReadOnlyList<string> command, Worker worker)
    {
        var environment = new Dictionary<string, string>(host.Environment, StringComparer.Ordinal);
        foreach ((string name, string value) in worker.TorchVariables()) environment[name] = value;
        host.Output.Flush();
        host.Error.Flush();
        FailedExec failure = ReplacedProcess.Replace(command, environment);
        return Report([failure.Problem], failure.ExitCode);
    }

    private int Report(IReadOnlyList<Problem> problems, int exitCode)
    {
        host.Error.WriteLine(ProblemText.Render(problems));
        return exitCode;
    }
}

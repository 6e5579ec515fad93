using Refrag.Aws;
using Refrag.CodeArchives;

namespace Refrag.Apps;

/// <summary>
/// <c>refrag exec</c>: runs one worker of an app in this process. A class app runs here; a command replaces the process, so that signals
/// and exit code are its own. In a container a first process stays above it, which measures what it uses.
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

    private async Task<int> RunOneAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        Result<ExecTarget> target = ExecArguments.Parse(arguments);
        Result<Worker> worker = Worker.FromEnvironment(host.Environment);
        List<Problem> problems = [.. target.Problems, .. worker.Problems];
        IApp? app = null;
        if (target is { IsSuccess: true, Value: ClassTarget named } && (app = apps.Find(named.Name)) is null)
            problems.Add(apps.Unknown(named.Name));
        if (problems.Count > 0) return Report(problems, AppExitCodes.Refused);
        if (host.Environment.GetValueOrDefault(CodeVariables.Url) is { Length: > 0 } code)
        {
            Result<ExecHost> inCode = await InCodeAsync(code, cancellationToken);
            return inCode.IsSuccess
                ? await new Execution(apps, inCode.Value).RunOneAsync(arguments, cancellationToken)
                : Report(inCode.Problems, AppExitCodes.Refused);
        }
        return target.Value switch
        {
            CommandTarget command => Replace(command.Command, worker.Value),
            ClassTarget chosen => await AppProgram.RunAsync(app!, chosen.Config, worker.Value, host, cancellationToken),
            _ => throw new InvalidOperationException("An unknown kind of target."),
        };
    }

    // The process moves into the code that was submitted. Its output directory stays where it was.
    private async Task<Result<ExecHost>> InCodeAsync(string url, CancellationToken cancellationToken)
    {
        Result<string> checkout = await CodeCheckout.MakeAsync(
            url, host.Environment.GetValueOrDefault(CodeVariables.Digest), Path.GetTempPath(), new AwsClientOptions { Time = host.Time },
            cancellationToken);
        if (!checkout.TryGet(out string? folder, out IReadOnlyList<Problem> problems)) return Result<ExecHost>.Failure(problems);
        (string Name, string? Value)[] changes =
        [
            // What this job submits brings code of its own, or none.
            (CodeVariables.Url, null),
            (CodeVariables.Folder, folder),
            (BatchVariables.OutputDirectory, host.OutputDirectory),
            // As a shell sets it that changes its directory.
            ("PWD", folder),
        ];
        var environment = new Dictionary<string, string>(host.Environment, StringComparer.Ordinal);
        foreach ((string name, string? value) in changes)
        {
            if (value is null) environment.Remove(name);
            else environment[name] = value;
            // For what a class app starts itself.
            Environment.SetEnvironmentVariable(name, value);
        }
        Directory.SetCurrentDirectory(folder);
        return host with { Environment = environment, WorkingDirectory = folder };
    }

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

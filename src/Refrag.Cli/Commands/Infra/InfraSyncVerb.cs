using System.CommandLine;
using Refrag.Cli.Context;
using Refrag.Infrastructure;

namespace Refrag.Cli.Commands.Infra;

/// <summary><c>refrag infra sync</c>: from the stack's outputs to an environment that <c>refrag run</c> composes.</summary>
internal static class InfraSyncVerb
{
    public static Command Create(CliContext context)
    {
        InfraOptions options = new(plans: false);
        Option<string?> name = new("--name") { Description = "The environment's name. Default: awsbatch- and the stack's region." };
        Option<string> folder = new("--config-dir") { Description = "Where your configuration is.", DefaultValueFactory = _ => "conf" };
        Option<bool> json = new("--json") { Description = "Print JSON alone on standard output." };
        Command verb = new(
            "sync", "Write the stack's names into conf/env/NAME.yaml, for `refrag run env=NAME`.\n"
            + "These are its queues, job definitions, region, image and stores.")
        {
            name,
            folder,
            json,
        };
        options.AddTo(verb);
        verb.SetAction((parsed, cancellationToken) => RunAsync(
            context, options.Read(parsed), parsed.GetValue(name), parsed.GetRequiredValue(folder), parsed.GetValue(json),
            cancellationToken));
        return verb;
    }

    private static async Task<int> RunAsync(
        CliContext context, StackChoice choice, string? name, string folder, bool json, CancellationToken cancellationToken)
    {
        context.Signals.Listen();
        if (!(await InfraStack.OpenAsync(context, choice, cancellationToken)).TryGet(
            out InfraStack? stack, out IReadOnlyList<Problem> problems)
            || !(await stack.Deployment.OutputsAsync(cancellationToken)).TryGet(out StackOutputs? outputs, out problems)
            || !(await EnvironmentConfig.WriteAsync(
            Path.GetFullPath(folder, context.WorkingDirectory), name ?? $"awsbatch-{outputs.Region}", outputs, cancellationToken))
                .TryGet(out WrittenEnvironment? written, out problems))
        {
            return context.Fail(problems);
        }
        string path = Path.GetRelativePath(context.WorkingDirectory, written.Path);
        if (json) context.Terminal.Output(InfraJson.Of(written));
        else context.Terminal.Output(
            $"{path} {(written.HasChanged ? "written" : "was up to date")}; use it with: refrag run env={written.Name}");
        return ExitCodes.Success;
    }
}

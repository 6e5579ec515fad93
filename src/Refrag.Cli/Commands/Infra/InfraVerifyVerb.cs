using System.CommandLine;
using Refrag.Aws;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Infrastructure;
using Refrag.Jobs;

namespace Refrag.Cli.Commands.Infra;

/// <summary><c>refrag infra verify</c>: whether what was deployed is there and usable.</summary>
internal static class InfraVerifyVerb
{
    public static Command Create(CliContext context)
    {
        InfraOptions options = new(plans: false);
        Option<bool> json = new("--json") { Description = "Print JSON alone on standard output." };
        Command verb = new(
            "verify",
            "Check that what was deployed is there and fits together.\n"
            + "Asks Batch, EC2, ECR, CloudWatch Logs and S3 about queues, environments, definitions, types, image, log group and bucket.")
            {
                json,
            };
        options.AddTo(verb);
        verb.SetAction((parsed, cancellationToken) => RunAsync(context, options.Read(parsed), parsed.GetValue(json), cancellationToken));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, StackChoice choice, bool json, CancellationToken cancellationToken)
    {
        context.Signals.Listen();
        if (!(await InfraStack.OpenAsync(context, choice, cancellationToken)).TryGet(
            out InfraStack? stack, out IReadOnlyList<Problem> problems)
            || !(await stack.Deployment.OutputsAsync(cancellationToken)).TryGet(out StackOutputs? outputs, out problems))
        {
            return context.Fail(problems);
        }
        using var aws = new StackAws(context);
        AwsClientOptions s3 = AwsConnection.OfOtherServices(context, new ConnectionSpec(outputs.Region));
        IReadOnlyList<VerifiedThing> things = await StackVerification.VerifyAsync(aws.In(outputs.Region), s3, outputs, cancellationToken);
        List<Problem> wrong = [.. things.Select(t => t.Problem).OfType<Problem>()];
        if (json) context.Terminal.Output(InfraJson.Of(things));
        else Print(context, things, wrong);
        return wrong.Count == 0 ? ExitCodes.Success : ExitCodes.Unfit;
    }

    private static void Print(CliContext context, IReadOnlyList<VerifiedThing> things, List<Problem> wrong)
    {
        foreach (VerifiedThing thing in things)
        {
            string word = thing.Problem?.Code ?? (thing.Warning is null ? "ok" : "warning");
            context.Terminal.Output($"{word,-8}{thing.Subject}{(thing.Warning is null ? "" : $": {thing.Warning}")}");
        }
        if (wrong.Count > 0) context.Fail(wrong);
    }
}

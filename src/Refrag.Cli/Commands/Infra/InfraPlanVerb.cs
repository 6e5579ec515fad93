using System.CommandLine;
using Refrag.Cli.Context;
using Refrag.Infrastructure;

namespace Refrag.Cli.Commands.Infra;

/// <summary><c>refrag infra plan</c>: what an apply would do, in a few lines.</summary>
internal static class InfraPlanVerb
{
    public static Command Create(CliContext context)
    {
        InfraOptions options = new(plans: true);
        Option<bool> json = new("--json") { Description = "Print JSON alone on standard output." };
        Command verb = new(
            "plan", "Print what an apply would add, change, replace and destroy, and the idle cost.")
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
            out InfraStack? stack, out IReadOnlyList<Problem> problems)) return context.Fail(problems);
        try
        {
            if (!(await stack.Deployment.StateAsync(cancellationToken)).TryGet(out StackState? state, out problems)
                || !(await stack.Deployment.PlanRetainingAsync(state, cancellationToken)).TryGet(out PlanSummary? plan, out problems))
            {
                return context.Fail(problems);
            }
            using var aws = new StackAws(context);
            IReadOnlyList<string> warnings = await PlanVerification.WarningsAsync(aws.In, plan, state.Region, cancellationToken);
            plan = plan with { Warnings = [.. plan.Warnings, .. warnings] };
            context.Terminal.Output(json ? InfraJson.Of(plan) : plan.ToString());
            return ExitCodes.Success;
        }
        finally
        {
            stack.Deployment.ForgetPlan();
        }
    }
}

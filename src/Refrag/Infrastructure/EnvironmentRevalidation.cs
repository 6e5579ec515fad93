using Refrag.Aws;

namespace Refrag.Infrastructure;

/// <summary>
/// Lets Batch check the environments of a stack again that are INVALID. An environment becomes INVALID if its roles are not yet usable when
/// it is created; Terraform finds nothing to change on it, and Batch creates no job queue on it.
/// </summary>
/// <param name="stack">The stack.</param>
/// <param name="aws">AWS in a region.</param>
/// <param name="time">The clock.</param>
/// <param name="pause">The longest wait between two looks; null for the default.</param>
public sealed class EnvironmentRevalidation(Deployment stack, Func<string, IAwsTransport> aws, TimeProvider time, TimeSpan? pause = null)
{
    /// <summary>Before an apply: mends what can be mended. What cannot be, the apply may mend, or else it reports it.</summary>
    /// <param name="plan">What is applied; names the region before the state does.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task TryAsync(PlanSummary plan, CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(plan, cancellationToken);
        }
        catch (AwsException)
        {
            // Without these rights, or without a connection, the apply still does what Terraform can do.
        }
    }

    /// <summary>Empty if all environments of the current settings are VALID now; else RF6022 for each.</summary>
    /// <param name="plan">What was applied; names the region if the state does not.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<IReadOnlyList<Problem>> RunAsync(PlanSummary plan, CancellationToken cancellationToken)
    {
        if (!(await stack.StateAsync(cancellationToken))
            .TryGet(out StackState? state, out IReadOnlyList<Problem> problems)) return problems;
        // Environments of the same names in another region belong to another stack.
        return (state.Region ?? plan.Region) is { } region
            ? await new SettledResources(aws(region), time, pause).RevalidateAsync(state.CurrentEnvironments, cancellationToken)
            : [];
    }
}

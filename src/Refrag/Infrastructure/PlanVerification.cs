using Refrag.Aws;
using Refrag.Aws.Ec2;

namespace Refrag.Infrastructure;

/// <summary>What AWS has against a plan: quotas below its maxima, types that the region lacks. Each costs no more than a warning: an apply
/// would succeed.</summary>
public static class PlanVerification
{
    /// <summary>One sentence each. What cannot be asked is one of them.</summary>
    /// <param name="aws">AWS in a region.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="stateRegion">The region that the state names; null before the first apply.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<IReadOnlyList<string>> WarningsAsync(Func<string, IAwsTransport> aws, PlanSummary plan, string? stateRegion,
        CancellationToken cancellationToken)
    {
        if ((plan.Region ?? stateRegion) is not { } region)
            return ["instance types and EC2 quotas were not checked: the plan names no region"];
        try
        {
            IAwsTransport ec2 = aws(region);
            IReadOnlyList<InstanceTypeInfo> offered = await DeployedStack
                .TypesAsync(ec2, plan.Demands.SelectMany(d => d.Listed), cancellationToken);
            return Warnings(plan.Demands, offered, await QuotaValues.ReadAsync(ec2, plan.Demands, offered, cancellationToken), region);
        }
        catch (AwsException failure)
        {
            return [$"instance types and EC2 quotas were not checked: {failure.Message}"];
        }
    }

    internal static IReadOnlyList<string> Warnings(IReadOnlyList<EnvironmentDemand> demands, IReadOnlyList<InstanceTypeInfo> offered,
        QuotaValues quotas, string? region) =>
    [
        .. from demand in demands
           let missing = demand.Missing(offered)
           where missing.Count > 0
           select $"EC2 does not offer {string.Join(", ", missing)} in {region ?? "this region"}, which {demand.Name} lists",
        .. QuotaVerification.Judge(demands, offered, quotas)
            .Select(t => t.Problem is { } problem ? $"{problem.What}. {problem.Cure}" : t.Warning is { } warning
                ? $"{t.Subject}: {warning}" : null).OfType<string>(),
    ];
}

using System.Globalization;
using Refrag.Claims;
using Refrag.Cli.Context;
using Refrag.Jobs;
using Refrag.Scaling;

namespace Refrag.Cli.Connections;

/// <summary>The store in which hosts that move jobs make their claims.</summary>
internal static class ClaimAccess
{
    /// <summary>This process, as claims name it.</summary>
    public static string Owner { get; } =
        string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}, process {Environment.ProcessId}");

    /// <summary>The store that <c>env.claims</c> names; the folder of this machine if it names none.</summary>
    public static Task<Result<IClaimStore>> OpenAsync(CliContext context, JobSpec spec, CancellationToken cancellationToken) =>
        spec.Capacity.Claims is { } url && !ClaimStores.IsOfAMachine(url)
            ? Task.FromResult(ClaimStores.Named(
                url, spec.Places.Of("env.claims"), AwsConnection.OfOtherServices(context, spec.Connection)))
            : ClaimStores.OfThisMachineAsync(Path.Combine(UserFolders.State(context.Variable), "claims"), cancellationToken);

    /// <summary>
    /// The store of those that scale compute environments: a folder <c>scale</c> in what <c>env.claims</c> names, or one of this machine.
    /// </summary>
    public static Task<Result<IClaimStore>> OpenScalingAsync(CliContext context, JobSpec spec, CancellationToken cancellationToken) =>
        spec.Capacity.Claims is { } url
            ? Task.FromResult(ClaimStores.Named(
                ScalingClaims.UrlIn(url), spec.Places.Of("env.claims"), AwsConnection.OfOtherServices(context, spec.Connection)))
            : ClaimStores.OfThisMachineAsync(Path.Combine(UserFolders.State(context.Variable), "scaling"), cancellationToken);

    /// <summary>The job with the place of its claims, if it may be moved.</summary>
    public static async Task<Result<JobSpec>> AttachAsync(CliContext context, JobSpec spec, CancellationToken cancellationToken)
    {
        if (!IsNeeded(spec)) return spec;
        if (!(await OpenAsync(context, spec, cancellationToken)).TryGet(out IClaimStore? store, out IReadOnlyList<Problem> problems))
            return Result<JobSpec>.Failure(problems);
        using (store) return spec with { Capacity = spec.Capacity with { Claims = store.Place } };
    }

    /// <summary>Whether hosts may move the job, each move by one of them.</summary>
    public static bool IsNeeded(JobSpec spec) => spec.Kind == EnvironmentKind.AwsBatch
        && (spec.Capacity.Spot == SpotUse.First || spec.Regions is { Next.Count: > 0 });

    /// <summary>Whether a store of claims failed; anything else is a bug.</summary>
    public static bool IsFault(Exception fault) => fault is IOException or UnauthorizedAccessException;

    /// <summary>What is said of a store that failed.</summary>
    public static Problem Unusable(string place, Exception fault) => new()
    {
        Code = "RF8142",
        What = $"The claims in {place} cannot be used: {fault.Message}",
        Cause = "Without a claim nothing is moved: another host might move the same job",
        Cure = "See to it that the folder can be written, or name another store with env.claims.",
    };
}
